// What kind of file something is, from its name and its first bytes.

/// A file's language and nature, as far as they can be told in passing.
package struct FileNature: Hashable, Sendable {
  package var language: String?
  package var name: String

  /// By the ending in lower case.
  private static let languages = [
    "swift": "swift", "py": "python", "pyi": "python", "rs": "rust", "go": "go", "c": "c",
    "h": "c", "cc": "c++", "cpp": "c++", "cxx": "c++", "hpp": "c++", "hh": "c++",
    "m": "objective-c", "mm": "objective-c", "java": "java", "kt": "kotlin", "kts": "kotlin",
    "scala": "scala", "rb": "ruby", "php": "php", "js": "javascript", "mjs": "javascript",
    "cjs": "javascript", "jsx": "javascript", "ts": "typescript", "tsx": "typescript",
    "cs": "c#", "fs": "f#", "hs": "haskell", "ml": "ocaml", "ex": "elixir", "exs": "elixir",
    "erl": "erlang", "clj": "clojure", "lua": "lua", "pl": "perl", "r": "r", "jl": "julia",
    "dart": "dart", "zig": "zig", "sh": "shell", "bash": "shell", "zsh": "shell", "sql": "sql",
    "css": "css", "scss": "css", "vue": "vue", "svelte": "svelte",
  ]
  private static let natures = [
    "md": "documentation", "rst": "documentation", "adoc": "documentation", "tex": "documentation",
    "html": "documentation", "pdf": "documentation", "yaml": "configuration",
    "yml": "configuration", "toml": "configuration", "ini": "configuration",
    "cfg": "configuration", "conf": "configuration", "plist": "configuration",
    "json": "data", "jsonl": "data", "ndjson": "data", "csv": "data", "tsv": "data",
    "xml": "data", "parquet": "data", "db": "data", "png": "image", "jpg": "image",
    "jpeg": "image", "gif": "image", "svg": "image", "webp": "image", "zip": "archive",
    "gz": "archive", "tar": "archive", "xz": "archive", "zst": "archive", "txt": "text",
    "log": "text",
  ]
  private static let names = [
    "makefile": "configuration", "dockerfile": "configuration", "license": "documentation",
    "readme": "documentation", "changelog": "documentation",
  ]
  private static let interpreters = [
    "python": "python", "bash": "shell", "zsh": "shell", "sh": "shell", "node": "javascript",
    "ruby": "ruby", "perl": "perl", "php": "php", "lua": "lua", "swift": "swift",
  ]
  /// What files of well-known formats begin with.
  private static let beginnings: [(bytes: [UInt8], nature: String)] = [
    ([0x89, 0x50, 0x4E, 0x47], "image"), ([0xFF, 0xD8, 0xFF], "image"),
    ([0x47, 0x49, 0x46, 0x38], "image"), ([0x50, 0x4B, 0x03, 0x04], "archive"),
    ([0x1F, 0x8B], "archive"), ([0x7F, 0x45, 0x4C, 0x46], "binary"),
    ([0x25, 0x50, 0x44, 0x46], "documentation"),
  ]

  /// - Parameter head: the file's first bytes, some hundred are enough.
  package init(path: String, head: [UInt8]) {
    let file = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let ending = file.lastIndex(of: ".").map { String(file[file.index(after: $0)...]) } ?? ""
    language = Self.languages[ending] ?? Self.interpreter(in: head)
    if let known = Self.beginnings.first(where: { head.starts(with: $0.bytes) }) {
      name = known.nature
    } else if head.contains(0) {
      language = nil
      name = "binary"
    } else if language != nil {
      name = Self.isTest(path.lowercased(), file) ? "test" : "code"
    } else {
      name = Self.natures[ending] ?? Self.names[file] ?? "text"
    }
  }

  private static func isTest(_ path: String, _ file: String) -> Bool {
    let stem = file.prefix { $0 != "." }
    return stem.hasPrefix("test_") || stem.hasSuffix("_test") || stem.hasSuffix("tests")
      || file.contains(".test.") || file.contains(".spec.")
      || path.split(separator: "/").dropLast().contains { ["test", "tests", "spec"].contains($0) }
  }

  /// `#!/usr/bin/env python3` is python.
  private static func interpreter(in head: [UInt8]) -> String? {
    guard head.starts(with: [UInt8(ascii: "#"), UInt8(ascii: "!")]) else { return nil }
    let line = String(decoding: head.prefix { $0 != 10 }.dropFirst(2), as: UTF8.self)
    let words = line.split(separator: " ")
    let program = words.first?.hasSuffix("/env") == true ? words.dropFirst().first : words.first
    let name = program?.split(separator: "/").last ?? ""
    return interpreters[String(name.prefix { $0.isLetter })]
  }
}
