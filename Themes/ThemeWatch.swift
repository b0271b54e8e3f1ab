// Reload on change: a theme is edited while one looks at it.

/// Notices that the file behind a theme changed.
///
/// It is asked, as often as somebody cares; between a file's states it costs one system call.
package struct ThemeWatch: Sendable {
  private let file: ThemeFile?
  /// What stands in for the file when it is gone.
  private let bundled: String?
  private var seen: FileIdentity?

  /// Watches a theme by its name; a file that is made or removed later counts as a change.
  ///
  /// The state that it has now is taken as shown: make the watch before the theme is loaded.
  package init(_ name: String, in folder: ThemeFolder?) {
    bundled = name
    file = folder?.file(name)
    seen = file?.identity
  }

  /// Watches a file anywhere.
  package init(path: String) {
    bundled = nil
    file = ThemeFile(path: path)
    seen = file?.identity
  }

  /// The theme in its new form, or what is wrong with it (keep the one that is shown); `nil` when
  /// nothing changed.
  ///
  /// A file that is gone gives the theme of ours of that name, or nothing.
  package mutating func poll() -> Result<LoadedTheme, ThemeError>? {
    guard let file else { return nil }
    let now = file.identity
    guard now != seen, now?.isEmpty != true else { return nil }
    seen = now
    do throws(ThemeError) {
      if now != nil { return .success(try file.load()) }
      return try bundled.flatMap(Themes.bundled).map { .success($0) }
    } catch { return .failure(error) }
  }
}
