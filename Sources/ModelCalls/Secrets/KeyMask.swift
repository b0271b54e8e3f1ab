// Keys kept out of what a call leaves behind: servers echo headers, and errors repeat them.

import Providers

/// Replaces one key by `***`.
struct KeyMask: Sendable {
  /// A shorter key (`none`, `dummy`) is no secret, and would mask half of every message.
  static let keyBytesMin = 6
  /// In answers only what cannot be a word: real keys have 20 characters and more.
  static let keyBytesMinInAnswers = 16

  private let key: String
  /// As it may stand in JSON that a server wrote; `nil` when that is the same.
  private let escapedKey: String?

  init(_ key: APIKey?, for api: ModelAPI) {
    let field = key?.field(for: api).value ?? ""
    let plain = field.hasPrefix("Bearer ") ? String(field.dropFirst(7)) : field
    self.key = plain
    escapedKey = plain.utf8.contains(UInt8(ascii: "/")) ? plain.replacing("/", with: #"\/"#) : nil
  }

  func masked(_ text: String) -> String { masked(text, from: Self.keyBytesMin) }

  private func masked(_ text: String, from bytesMin: Int) -> String {
    guard key.utf8.count >= bytesMin else { return text }
    var masked = text
    for form in [key, escapedKey] {
      // Searched for first: nearly nothing holds a key, and replacing takes twenty times as long.
      if let form, masked.holds(form) { masked = masked.replacingBytes(of: form, with: "***") }
    }
    return masked
  }

  func masked(_ outcome: CallOutcome) -> CallOutcome {
    var outcome = outcome
    outcome.message = masked(outcome.message)
    outcome.requestID = outcome.requestID.map(masked)
    outcome.answer = outcome.answer.map(masked)
    return outcome
  }

  func masked(_ answer: ModelAnswer) -> ModelAnswer {
    var answer = answer
    answer.text = masked(answer.text, from: Self.keyBytesMinInAnswers)
    answer.model = answer.model.map(masked)
    answer.id = answer.id.map(masked)
    answer.stopReason = answer.stopReason.map(masked)
    return answer
  }
}

extension String {
  /// Whether the bytes of `part` stand anywhere in the text.
  fileprivate mutating func holds(_ part: String) -> Bool {
    let part = Array(part.utf8)
    guard let first = part.first else { return false }
    return withUTF8 { text in
      var rest = text[...]
      while let start = rest.firstIndex(of: first), text.count - start >= part.count {
        if text[start..<(start + part.count)].elementsEqual(part) { return true }
        rest = text[(start + 1)...]
      }
      return false
    }
  }

  /// By bytes, since a combining mark behind a key makes another character of its last one.
  fileprivate func replacingBytes(of part: String, with word: String) -> String {
    let part = Array(part.utf8)
    var rest = Array(utf8)[...]
    var kept: [UInt8] = []
    while let range = rest.firstRange(of: part) {
      kept += rest[..<range.lowerBound]
      kept += word.utf8
      rest = rest[range.upperBound...]
    }
    return String(decoding: kept + rest, as: UTF8.self)
  }
}
