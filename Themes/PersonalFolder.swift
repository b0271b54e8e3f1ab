// Where a person's own files are: themes, and other keys.

/// A person's own configuration; it need not exist.
package struct PersonalFolder: Hashable, Sendable {
  package let path: String

  /// `$XDG_CONFIG_HOME/footplate`, by default in `~/.config`; `nil` without a home.
  ///
  /// *Source*: https://specifications.freedesktop.org/basedir-spec/latest/
  package init?(environment: [String: String]) {
    // The specification has relative paths ignored.
    let configured = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + "/.config" }
    guard let base = configured ?? home else { return nil }
    path = base + "/footplate"
  }

  package var themes: ThemeFolder { ThemeFolder(path: path + "/themes") }
  /// Which keys do what.
  package var keys: String { path + "/keys.yaml" }
}
