// Keys kept out of what a call leaves behind: servers echo headers, and errors repeat them.

import Providers

/// Replaces one key by `***`.
struct KeyMask: Sendable {
  /// A shorter key (`none`, `dummy`) is no secret, and would mask half of every message.
  static let keyBytesMin = 6
  /// In answers only what cannot be a word: real keys have 20 characters and more.
  static let keyBytesMinInAnswers = 16

  private let key: String

  init(_ key: APIKey?, for api: ModelAPI) {
    let field = key?.field(for: api).value ?? ""
    self.key = field.hasPrefix("Bearer ") ? String(field.dropFirst(7)) : field
  }

  func masked(_ text: String) -> String { masked(text, from: Self.keyBytesMin) }

  private func masked(_ text: String, from bytesMin: Int) -> String {
    guard key.utf8.count >= bytesMin else { return text }
    let masked = text.replacing(key, with: "***")
    // As it stands in JSON that a server wrote.
    guard key.contains("/") else { return masked }
    return masked.replacing(key.replacing("/", with: #"\/"#), with: "***")
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
