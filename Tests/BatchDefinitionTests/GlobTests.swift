// Which names globs mean, and where the walk goes.

import BatchModel
import Foundation
import Glibc
import Resilience
import Testing

@testable import BatchDefinition

@Suite("Globs")
struct GlobTests {
  @Test(
    "A pattern means these paths",
    arguments: [
      ("*.c", ["a.c", ".c.c"], ["a.c"]),
      (".*", [".a", "a"], [".a"]),
      ("a/*.c", ["a/b.c", "a/b/c.c", "b.c"], ["a/b.c"]),
      ("**/*.c", ["a.c", "x/a.c", "x/y/a.c", ".x/a.c", "x/.y/a.c"], ["a.c", "x/a.c", "x/y/a.c"]),
      ("x/**", ["x/a", "x/y/z", "x", "y/x/a"], ["x/a", "x/y/z"]),
      ("x/**/a", ["x/a", "x/y/a", "x/y/z/a"], ["x/a", "x/y/a", "x/y/z/a"]),
      ("**/x/**/a", ["x/a", "b/x/c/a", "a"], ["x/a", "b/x/c/a"]),
      (".hidden/*", [".hidden/a", "x/.hidden/a"], [".hidden/a"]),
      (
        "**/node_modules/*", ["node_modules/a", "x/node_modules/a"],
        ["node_modules/a", "x/node_modules/a"]
      ),
      ("**/a", ["node_modules/a", "b/a"], ["b/a"]),
      ("n*/a", ["node_modules/a", "nx/a"], ["nx/a"]),
      ("?.c", ["a.c", "ä.c", "ab.c", "€.c"], ["a.c", "ä.c", "€.c"]),
      ("[a-c].c", ["a.c", "c.c", "d.c"], ["a.c", "c.c"]),
      ("[!a-c].c", ["a.c", "d.c", "ü.c"], ["d.c", "ü.c"]),
      ("[]a].c", ["].c", "a.c", "b.c"], ["].c", "a.c"]),
      ("[ä-ü]", ["ö", "a"], ["ö"]),
      ("{a,b/c}.{c,h}", ["a.c", "b/c.h", "b.c"], ["a.c", "b/c.h"]),
      ("{a,{b,c}d,}e", ["ae", "bde", "cde", "e", "de"], ["ae", "bde", "cde", "e"]),
      (#"\*\{a\}"#, ["*{a}", "x{a}"], ["*{a}"]),
      ("*a*b*", ["ab", "xaybz", "ba", "aab"], ["ab", "xaybz", "aab"]),
      ("./a//b", ["a/b"], ["a/b"]),
      ("a b'\"$(x)", ["a b'\"$(x)"], ["a b'\"$(x)"]),
    ])
  func meaning(pattern: String, paths: [String], matching: [String]) throws {
    let glob = try GlobPattern(pattern)
    #expect(paths.filter(glob.matchesPath) == matching)
  }

  @Test("A pattern without a slash is compared with the whole key, one with a slash name by name")
  func keys() throws {
    #expect(try GlobPattern(key: "/abs/*").matches("/abs/a"))
    #expect(try GlobPattern(key: "../*").matches("../a"))
    #expect(throws: GlobPattern.Mistake.empty) { try GlobPattern(key: "") }
    #expect(try GlobPattern("*example*").matches("https://example.org/a/.b"))
    #expect(try GlobPattern("https://*/a").matches("https://example.org/a"))
    #expect(try GlobPattern("https://*/a").matches("https://example.org/b/a") == false)
    #expect(try GlobPattern("Sources/*/.a").matches("Sources/x/.a"))
    #expect(try GlobPattern("a").matches("ab") == false)
  }

  @Test("A pattern of stars is judged in bounded time")
  func stars() throws {
    let glob = try GlobPattern(String(repeating: "*a", count: 200) + "b")
    #expect(glob.matchesPath(String(repeating: "a", count: 250)) == false)
  }

  @Test("The walk finds exactly what matchesPath says, in byte order, for random trees")
  func walkAgreesWithMatching() throws {
    var random = SplitMix64(seed: 7)
    let names = ["a", "b", "a.c", "b.c", ".h", "node_modules", "c d", "ä"]
    let patterns = ["**/*.c", "a/**", "*/*", "**/.h", "{a,b}/**/*.c", "**", "**/node_modules/**"]
    for _ in 0..<8 {
      let workspace = try Workspace()
      var written: Set<String> = []
      for _ in 0..<30 {
        let depth = Int.random(in: 1...4, using: &random)
        let parts = (0..<depth).map { _ in names.randomElement(using: &random) ?? "a" }
        let path = parts.joined(separator: "/")
        let isFree = !written.contains { $0.hasPrefix(path + "/") || path.hasPrefix($0 + "/") }
        guard isFree, written.insert(path).inserted else { continue }
        try workspace.write(path, "")
      }
      for pattern in patterns {
        let glob = try GlobPattern(pattern)
        let expected = written.filter(glob.matchesPath)
          .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(try walk(workspace.path, pattern) == expected, "\(pattern) in \(written.sorted())")
      }
    }
  }

  @Test("Excluded files are no items, and an excluded folder is not entered")
  func excluding() throws {
    let workspace = try Workspace()
    for path in ["a.c", "gen/a.c", "gen/deep/b.c", "x/gen.c", "x/y.c"] {
      try workspace.write(path, "")
    }
    #expect(
      try walk(workspace.path, "**/*.c", excluding: ["gen/**", "**/g*.c"]) == ["a.c", "x/y.c"])
  }

  @Test("Linked files count, linked folders and special files do not")
  func links() throws {
    let workspace = try Workspace()
    try workspace.write("real/a.c", "")
    try workspace.link("loop", to: ".")
    try workspace.link("folder", to: "real")
    try workspace.link("link.c", to: "real/a.c")
    try workspace.link("broken.c", to: "nowhere")
    #expect(mkfifo(workspace.path + "/pipe.c", 0o600) == 0)
    #expect(try walk(workspace.path, "**/*.c") == ["link.c", "real/a.c"])
  }

  @Test("A name that is no UTF-8 is reported, hostile names are items like any other")
  func hostileNames() throws {
    let workspace = try Workspace()
    let long = String(repeating: "n", count: 253) + ".c"
    let names = [
      "a b.c", "a\nb.c", "$(id).c", "'\".c", "\u{1B}[31m.c", "\u{202E}.c", "-rf.c", long,
    ]
    for name in names { try workspace.write(name, "") }
    let invalid: [CChar] =
      (workspace.path + "/").utf8.map { CChar(bitPattern: $0) } + [-1, 46, 99, 0]
    let descriptor = open(invalid, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    let (items, problems) = try enumerate("{glob: \"*.c\"}", in: workspace)
    #expect(
      items.map(\.key) == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(problems == ["\u{FFFD}.c: the file's name is not valid UTF-8; rename it"])
  }

  @Test("A folder that cannot be opened is reported, and the walk goes on")
  func closedFolder() throws {
    // The administrator may open every folder.
    guard getuid() != 0 else { return }
    let workspace = try Workspace()
    try workspace.write("a/a.c", "")
    try workspace.write("b/b.c", "")
    chmod(workspace.path + "/a", 0)
    defer { chmod(workspace.path + "/a", 0o700) }
    let (items, problems) = try enumerate("{glob: \"**/*.c\"}", in: workspace)
    #expect(items.map(\.key) == ["b/b.c"])
    #expect(problems == ["a/: the folder cannot be read: Permission denied"])
  }

  private func walk(
    _ folder: String, _ pattern: String, excluding: [String] = []
  ) throws -> [String] {
    var exclusions: [GlobPattern] = []
    for text in excluding { exclusions.append(try GlobPattern(text)) }
    var walk = try FileWalk(
      root: folder, patterns: [try GlobPattern(pattern)], excluding: exclusions)
    var paths: [String] = []
    while let path = walk.next() { paths.append(path) }
    #expect(walk.problems.isEmpty)
    return paths
  }
}
