// A person's own themes: NAME.yaml in a folder of theirs, before those that come along.

internal import Foundation

/// A folder of themes; it need not exist.
package struct ThemeFolder: Hashable, Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// `$XDG_CONFIG_HOME/footplate/themes`, by default in `~/.config`; `nil` without a home.
  ///
  /// *Source*: https://specifications.freedesktop.org/basedir-spec/latest/
  package init?(environment: [String: String]) {
    // The specification has relative paths ignored.
    let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config" }
    guard let base = configured ?? home else { return nil }
    path = base + "/footplate/themes"
  }

  /// The names of the themes in it, in their order.
  package var names: [String] {
    // A folder that is not there, or not for us to read, has none.
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    return Array(names.filter(Self.isName).sorted().prefix(100))
  }

  /// The file of a name that is one.
  func file(_ name: String) -> ThemeFile? {
    Self.isName(name) ? ThemeFile(path: "\(path)/\(name).yaml") : nil
  }

  /// Letters, digits, `-` and `_`: nothing that leaves the folder or that a screen has to neutralise.
  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        let scalar = Unicode.Scalar(byte)
        return scalar.properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
          || byte == 0x2D || byte == 0x5F
      }
  }
}

extension Themes {
  /// Every name that `named` knows: ours, then a person's own.
  package static func available(in folder: ThemeFolder?) -> [String] {
    names + (folder?.names ?? []).filter { !names.contains($0) }
  }

  /// A theme by its name, a person's own before ours; `nil` for a name that is none.
  ///
  /// - Throws: `ThemeError` with every mistake in a person's own.
  package static func named(
    _ name: String, in folder: ThemeFolder?
  ) throws(ThemeError) -> LoadedTheme? {
    if let file = folder?.file(name), file.identity != nil {
      return try file.load()
    }
    return try bundled(name)
  }

  /// A theme from a file anywhere.
  ///
  /// - Throws: `ThemeError` with every mistake, or why it cannot be read.
  package static func load(path: String) throws(ThemeError) -> LoadedTheme {
    try ThemeFile(path: path).load()
  }
}
