// Quoting for /bin/sh, and the proof that a quoted value cannot end up inside other quotes.

/// Quotes values so that a shell takes each as exactly one literal piece of a word.
enum ShellQuoting {
  /// `it's` becomes `'it'\''s'` (POSIX.1-2017, Shell Command Language, 2.2.2).
  static func quote(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "'")) else { return "'\(text)'" }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

/// Follows a shell text's quotes.
///
/// A value inside quotes would end them, and a file named `$(…)` would be run; such a place is
/// refused when the definition is loaded.
struct ShellQuoteState: Equatable {
  private enum Place { case plain, single, double, substitution }
  /// The innermost place is the last; an empty stack is plain text.
  private var places: [Place] = []
  private var isEscaped = false
  private var isComment = false
  /// Set where shells differ or a value's own characters could matter: nothing after it is safe.
  private var lost: String?
  private var previous: UInt8 = UInt8(ascii: "\n")

  /// Why a value must not stand here; `nil` if it may.
  var refusal: String? {
    if let lost { return lost }
    if isComment { return "in a shell comment" }
    if isEscaped { return "after a backslash" }
    switch places.last ?? .plain {
    case .single: return "inside single quotes"
    case .double: return "inside double quotes"
    case .plain, .substitution:
      return previous == UInt8(ascii: "$") ? "after a dollar sign" : nil
    }
  }

  /// Reads constant text.
  mutating func read(_ text: String) {
    for byte in text.utf8 {
      step(byte)
      previous = byte
    }
  }

  /// Reads a quoted value, which leaves the state as it is.
  mutating func readValue() { previous = UInt8(ascii: "'") }

  private mutating func step(_ byte: UInt8) {
    if isComment {
      isComment = byte != UInt8(ascii: "\n")
      return
    }
    if isEscaped {
      isEscaped = false
      return
    }
    switch places.last ?? .plain {
    case .single:
      if byte == UInt8(ascii: "'") { places.removeLast() }
    case .double: stepInDoubleQuotes(byte)
    case .plain, .substitution: stepInPlainText(byte)
    }
  }

  private mutating func stepInDoubleQuotes(_ byte: UInt8) {
    switch UnicodeScalar(byte) {
    case "\\": isEscaped = true
    case "\"": places.removeLast()
    case "`": lost = Self.backquotes
    case "(" where previous == UInt8(ascii: "$"): places.append(.substitution)
    default: break
    }
  }

  private mutating func stepInPlainText(_ byte: UInt8) {
    switch UnicodeScalar(byte) {
    case "\\": isEscaped = true
    case "'":
      if previous == UInt8(ascii: "$") {
        lost = "after a $'…' quote, which shells read differently"
      }
      places.append(.single)
    case "\"": places.append(.double)
    case "`": lost = Self.backquotes
    case "(": places.append(.substitution)
    case ")":
      if places.last == .substitution { places.removeLast() }
    case "#": isComment = Self.endsWord(previous)
    case "<":
      if previous == UInt8(ascii: "<") { lost = "in or after a here-document" }
    default: break
    }
  }

  private static let backquotes = "in or after backquotes; write $(…) instead"

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: "&")
      || byte == UInt8(ascii: "|")
  }
}
