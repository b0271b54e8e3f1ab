// A panel's actions as a list over the panels: a letter each, and why one cannot work now.

/// A small menu.
package struct Menu: Hashable, Sendable {
  /// One action.
  package struct Entry: Hashable, Sendable {
    package var key: Unicode.Scalar
    package var label: String
    package var errand: Errand
    package init(_ key: Unicode.Scalar, _ label: String, _ errand: Errand) {
      self.key = key
      self.label = label
      self.errand = errand
    }
  }
  package var title: String
  /// What they act on was chosen when the menu was opened: a list that moves changes nothing.
  package var entries: [Entry]
  /// The line that enter takes.
  package var index = 0
  package init(_ title: String, _ entries: [Entry]) {
    self.title = title
    self.entries = entries
  }
}

/// A list of themes that shows each one while it is chosen.
package struct ThemePicker: Hashable, Sendable {
  package var names: [String]
  package var index: Int
  /// What esc brings back.
  package var original: String
  package init(names: [String], index: Int, original: String) {
    self.names = names
    self.index = index
    self.original = original
  }
}
