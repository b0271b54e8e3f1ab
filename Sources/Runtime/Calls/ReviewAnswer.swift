// What a model's review says: that the work passes, or what is to be changed.

import BatchModel

/// The verdict in an answer of an `llm` step that sends work back.
enum ReviewAnswer: Hashable, Sendable {
  case passed
  case changes(String)
  /// A JSON answer that does not say whether the work passes.
  case unclear

  /// Reads an answer.
  ///
  /// A JSON object says it with `pass` and `feedback`; a text passes with `PASS` as its first line,
  /// and any other text is the feedback. A model that says something else means something else: what
  /// is unclear is no pass.
  init(_ answer: String) {
    let text = answer.trimmed
    guard text.hasPrefix("{"), let value = try? JSONValue(parsing: text) else {
      let first = text.split(whereSeparator: \.isNewline).first ?? ""
      let word = first.filter { !$0.isPunctuation && !$0.isWhitespace && !$0.isSymbol }
      self = word.lowercased() == "pass" ? .passed : .changes(text)
      return
    }
    switch value["pass"] {
    case .bool(true)?: self = .passed
    case .bool(false)?:
      let feedback = value["feedback"]?.string?.trimmed ?? ""
      self = .changes(feedback.isEmpty ? text : feedback)
    default: self = .unclear
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
