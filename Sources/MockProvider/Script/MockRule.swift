// One rule of a script: which requests it is about, and what happens to them.

import BatchModel

/// What a mock provider does instead of answering properly.
package enum MockAction: Hashable, Sendable {
  case rateLimited(retryAfterSeconds: Int64?)
  case overloaded(retryAfterSeconds: Int64?)
  /// A bare status with an error body of the API's shape.
  case status(Int)
  /// The request is taken and never answered; after `holdSeconds` the connection goes.
  case timeout(holdSeconds: Int64)
  /// The answer comes, each token after a pause.
  case slow(pauseMilliseconds: Int64)
  /// The answer stands still after so many tokens, then the connection goes.
  case stall(afterTokens: Int, holdSeconds: Int64)
  /// The connection goes after so many tokens.
  case cut(afterTokens: Int)
  /// An error event after so many tokens.
  case streamError(afterTokens: Int)
  /// A 200 with bytes that are no answer.
  case garbage
  /// A 200 with a web page.
  case html
  case quota(MockQuota)
  case refusal
  /// Stopped by `max_tokens`, whatever that is.
  case truncated
  /// A 200 whose answer has no text.
  case empty
  /// An answer without usage.
  case noUsage
  /// An answer with a negative usage.
  case absurdUsage
  /// The text of the answer, word for word.
  case say(String)
}

/// Which quota is exhausted, in the provider's own form.
package enum MockQuota: String, Hashable, Sendable, CaseIterable {
  /// OpenAI's `insufficient_quota`, Anthropic's billing error.
  case credit
  /// A spend limit that the provider enforces.
  case spend
  /// Anthropic's limit that the customer set: a 400 with a sentence that says until when.
  case customer
}

/// How often a rule struck, and when first: since the first request.
struct MockStrikes: Hashable, Sendable {
  var count: Int64 = 0
  var first: Duration?
}

/// A rule: all its conditions must hold.
package struct MockRule: Hashable, Sendable {
  /// Model calls are counted from 1.
  package var from: Int64 = 1
  package var to: Int64 = .max
  /// Every so manieth request within them.
  package var every: Int64 = 1
  /// Since the first request.
  package var after: Duration = .zero
  package var before: Duration?
  /// How long it strikes, from the first time that it struck: an outage that a request begins.
  package var lasting: Duration?
  package var model: String?
  /// A part of the prompt or the system prompt.
  package var contains: String?
  /// How often the rule strikes at most.
  package var times: Int64 = .max
  package var action: MockAction

  package init(_ action: MockAction) { self.action = action }

  func matches(
    _ request: MockRequest, number: Int64, elapsed: Duration, past: MockStrikes
  ) -> Bool {
    guard past.count < times, (from...max(from, to)).contains(number), (number - from) % every == 0,
      elapsed >= after, before.map({ elapsed < $0 }) ?? true, !isOver(elapsed, past),
      model.map({ $0 == request.model }) ?? true
    else { return false }
    return contains.map { request.prompt.contains($0) } ?? true
  }

  /// Whether it is about this time, and not only about certain requests.
  func isOn(_ elapsed: Duration, past: MockStrikes) -> Bool {
    if lasting != nil { return past.first != nil && !isOver(elapsed, past) }
    return before.map { (after..<$0).contains(elapsed) } ?? false
  }

  private func isOver(_ elapsed: Duration, _ past: MockStrikes) -> Bool {
    guard let lasting, let first = past.first else { return false }
    return elapsed >= first + lasting
  }

  init(_ value: JSONValue, at place: String) throws(MockScript.Mistake) {
    var fields = try MockFields(value, at: place)
    guard let name = try fields.text("do") else {
      throw MockScript.Mistake(message: "\(place).do says what happens; it is missing")
    }
    action = try MockAction(named: name, &fields, at: place)
    let counts: ClosedRange<Int64> = 1...Int64.max
    from = try fields.integer("from", in: counts) ?? 1
    to = try fields.integer("to", in: counts) ?? .max
    every = try fields.integer("every", in: counts) ?? 1
    times = try fields.integer("times", in: counts) ?? .max
    after = .seconds(try fields.integer("after_s", in: 0...1_000_000) ?? 0)
    before = try fields.integer("before_s", in: 0...1_000_000).map { .seconds($0) }
    lasting = try fields.integer("for_s", in: 1...1_000_000).map { .seconds($0) }
    model = try fields.text("model")
    contains = try fields.text("contains")
    try fields.end()
  }
}

extension MockAction {
  /// The names that `do` may have.
  static let names = [
    "rate-limited", "overloaded", "status", "timeout", "slow", "stall", "cut", "stream-error",
    "garbage", "html", "quota", "refusal", "truncated", "empty", "no-usage", "absurd-usage", "say",
  ]

  init(
    named name: String, _ fields: inout MockFields, at place: String
  ) throws(MockScript.Mistake) {
    let seconds: ClosedRange<Int64> = 0...86_400
    switch name {
    case "rate-limited":
      self = .rateLimited(retryAfterSeconds: try fields.integer("retry_after_s", in: seconds))
    case "overloaded":
      self = .overloaded(retryAfterSeconds: try fields.integer("retry_after_s", in: seconds))
    case "status": self = .status(Int(try fields.integer("status", in: 300...599) ?? 500))
    case "timeout": self = .timeout(holdSeconds: try fields.integer("hold_s", in: seconds) ?? 600)
    case "slow":
      self = .slow(pauseMilliseconds: try fields.integer("pause_ms", in: 1...60_000) ?? 1000)
    case "stall":
      let tokens = try fields.integer("tokens", in: 0...1_000_000) ?? 3
      self = .stall(
        afterTokens: Int(tokens), holdSeconds: try fields.integer("hold_s", in: seconds) ?? 600)
    case "cut": self = .cut(afterTokens: Int(try fields.integer("tokens", in: 0...1_000_000) ?? 3))
    case "stream-error":
      self = .streamError(afterTokens: Int(try fields.integer("tokens", in: 0...1_000_000) ?? 3))
    case "quota":
      let kind = try fields.text("quota") ?? MockQuota.credit.rawValue
      guard let quota = MockQuota(rawValue: kind) else {
        let known = MockQuota.allCases.map(\.rawValue).joined(separator: ", ")
        throw MockScript.Mistake(message: "\(place).quota: expected one of \(known)")
      }
      self = .quota(quota)
    case "say": self = .say(try fields.text("text") ?? "")
    default: self = try Self.plain(named: name, at: place)
    }
  }

  private static func plain(
    named name: String, at place: String
  ) throws(MockScript.Mistake) -> MockAction {
    switch name {
    case "garbage": return .garbage
    case "html": return .html
    case "refusal": return .refusal
    case "truncated": return .truncated
    case "empty": return .empty
    case "no-usage": return .noUsage
    case "absurd-usage": return .absurdUsage
    default:
      let known = names.joined(separator: ", ")
      throw MockScript.Mistake(message: "\(place).do: \(name) is none of \(known)")
    }
  }
}
