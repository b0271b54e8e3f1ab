// What can be wrong with a template, when it is read and when it is rendered.

/// A template that cannot be read or rendered.
package enum TemplateError: Error, Hashable, Sendable {
  /// A tag is not closed, not known or out of place; `offset` counts UTF-8 bytes of the source.
  case syntax(problem: String, offset: Int)
  /// The item has no value of this name; `available` is sorted.
  case unknownVariable(name: String, available: [String])
  /// The file whose content a variable stands for cannot be read as text.
  case unreadable(variable: String, path: String, reason: String)
  /// The value has a NUL character, which no process argument can carry.
  case nulCharacter(variable: String)

  /// A stable name of the case.
  package var code: String {
    switch self {
    case .syntax: "template-syntax"
    case .unknownVariable: "unknown-variable"
    case .unreadable: "unreadable-variable"
    case .nulCharacter: "nul-character"
    }
  }

  /// What is wrong, what was expected, and the nearest valid name.
  package var message: String {
    switch self {
    case .syntax(let problem, _): problem
    case .unknownVariable(let name, let available):
      Phrases.unknown("variable {{\(name)}}", name: name, expected: available)
    case .unreadable(let variable, let path, let reason):
      "{{\(variable)}} cannot be read from \(path): \(reason)"
    case .nulCharacter(let variable):
      "{{\(variable)}} contains a NUL character, which no command can be given; write it to a file"
    }
  }
}

extension TemplateError: CustomStringConvertible {
  /// The same as `message`.
  package var description: String { message }
}

/// Sentences that several messages share.
enum Phrases {
  /// Names listed in one message; the rest is counted.
  private static let listedMax = 24

  /// `unknown <thing>.
  ///
  /// Expected one of: …; did you mean "…"?`
  static func unknown(_ thing: String, name: String, expected: [String]) -> String {
    var text = "unknown \(thing)"
    text += "; expected " + (expected.isEmpty ? "none here" : oneOf(expected))
    if let nearest = NearestName.of(name, among: expected) {
      text += "; did you mean \"\(nearest)\"?"
    }
    return text
  }

  /// `a`, or `one of: a, b, c`.
  static func oneOf(_ names: [String]) -> String {
    guard names.count != 1 else { return names[0] }
    let listed = names.prefix(listedMax).joined(separator: ", ")
    let rest = names.count - listedMax
    return "one of: " + listed + (rest > 0 ? " and \(rest) more" : "")
  }
}
