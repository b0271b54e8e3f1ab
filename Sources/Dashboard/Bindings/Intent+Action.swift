// The stable names of the actions, by which a person's file gives them other keys.

internal import Canvas

extension Intent {
  /// `retry`, `next-panel`, `show-queue`.
  package var action: String {
    switch self {
    case .panel(let panel): "show-\(panel)"
    default: Self.hyphenated("\(self)")
    }
  }

  /// The case's own name in words: a renamed case is a renamed action, which a test notices.
  private static func hyphenated(_ name: String) -> String {
    var text = ""
    for letter in name {
      text += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
    }
    return text
  }
}

extension Binding {
  package var action: String { intent.action }

  /// The same binding on other keys.
  func with(keys: [Key]) -> Binding {
    Binding(
      keys, intent, name, about, group, in: panels, hint: hint, unless: reasonDisabled)
  }
}
