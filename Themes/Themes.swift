// Themes as data: a flat map from role to style, read from YAML with the place of each mistake.

package import Dashboard
import Canvas
import Yams

/// A theme and what should be said about it.
package struct LoadedTheme: Hashable, Sendable {
  package var theme: Theme
  /// Roles that are hard to read, each with its place.
  package var warnings: [ThemeProblem]
}

/// The themes that come with Footplate, and those of a person.
package enum Themes {
  /// The names that `bundled` knows.
  package static let names = ["default", "dark", "light", "colorblind", "contrast"]

  /// A theme of our own; `nil` for a name that is none.
  package static func bundled(_ name: String) throws(ThemeError) -> LoadedTheme? {
    guard let bytes = source(of: name) else { return nil }
    return try load(
      String(decoding: bytes, as: UTF8.self), file: "\(name).yaml", name: name, ancestors: [name])
  }

  /// Reads a theme.
  ///
  /// - Throws: `ThemeError` with every mistake; keep the theme that was shown before.
  package static func load(
    _ yaml: String, file: String, name: String
  ) throws(ThemeError) -> LoadedTheme {
    try load(yaml, file: file, name: name, ancestors: [])
  }

  /// `ancestors` are bundled themes; only those can be inherited, so that a person's own `dark` may
  /// inherit ours.
  private static func load(
    _ yaml: String, file: String, name: String, ancestors: [String]
  ) throws(ThemeError) -> LoadedTheme {
    let reader = ThemeReader(file: file)
    let (styles, places) = try reader.styles(in: yaml, ancestors: ancestors)
    let theme = Theme(name: name, styles: styles)
    let warnings = Contrast.warnings(theme).compactMap { role, message in
      places[role].map {
        ThemeProblem(
          file: file, line: $0.line, column: $0.column, message: "\(role.rawValue): \(message)")
      }
    }
    return LoadedTheme(theme: theme, warnings: warnings)
  }

  static func source(of name: String) -> [UInt8]? {
    switch name {
    case "default": PackageResources.default_yaml
    case "dark": PackageResources.dark_yaml
    case "light": PackageResources.light_yaml
    case "colorblind": PackageResources.colorblind_yaml
    case "contrast": PackageResources.contrast_yaml
    default: nil
    }
  }
}
