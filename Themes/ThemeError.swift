// What is wrong with a theme, and where.

/// One mistake in a theme's file.
package struct ThemeProblem: Hashable, Sendable, CustomStringConvertible {
  package var file: String
  /// From 1.
  package var line: Int
  package var column: Int
  package var message: String
  package var description: String { "\(file):\(line):\(column): \(message)" }
}

/// A theme that cannot be used: every mistake in it, in the file's order.
package struct ThemeError: Error, Hashable, Sendable, CustomStringConvertible {
  package var problems: [ThemeProblem]
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension ThemeError {
  /// A file that holds no theme at all.
  init(file: String, _ message: String) {
    problems = [ThemeProblem(file: file, line: 1, column: 1, message: message)]
  }
}
