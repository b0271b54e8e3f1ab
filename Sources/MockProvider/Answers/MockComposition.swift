// A reply composed: the answer to a request as its script's action bends it.

import BatchModel
import Providers

/// A planned reply and what it costs.
struct MockComposition {
  var plan = MockReply()
  var isBilled = true
  var billedOutput: Int64 = 0

  private let request: MockRequest
  private let script: MockScript
  private let number: Int64

  init(request: MockRequest, action: MockAction?, script: MockScript, number: Int64) {
    self.request = request
    self.script = script
    self.number = number
    switch action {
    case .rateLimited(let seconds)?: fail(.of(status: 429), retryAfter: seconds)
    case .overloaded(let seconds)?:
      fail(.of(status: request.api == .anthropic ? 529 : 503), retryAfter: seconds)
    case .status(let status)?:
      fail(.of(status: status), retryAfter: nil)
      if (300..<400).contains(status) { plan.headers.append(("location", "/elsewhere")) }
    case .quota(let quota)?: fail(.of(quota, api: request.api), retryAfter: nil)
    case .timeout(let seconds)?:
      plan.pause = .seconds(seconds)
      plan.ending = .cut(after: .zero)
      bill(MockAnswer(to: request, script: script))
    case .garbage?: raw("\u{1}\u{2}{\"choices\":[{\"mess", type: contentType)
    case .html?: raw("<html><body>504 Gateway Time-out</body></html>", type: "text/html")
    default: answer(action)
    }
  }

  private var contentType: String {
    request.streams ? "text/event-stream" : "application/json"
  }

  private mutating func fail(_ error: MockError, retryAfter: Int64?) {
    plan = MockBackend.json(error.body(of: request.api), status: error.status)
    if let retryAfter { plan.headers.append(("retry-after", "\(retryAfter)")) }
    isBilled = false
  }

  private mutating func raw(_ text: String, type: String) {
    plan.headers = [("content-type", type)]
    plan.say(text.utf8)
    bill(MockAnswer(to: request, script: script))
  }

  private mutating func bill(_ answer: MockAnswer) { billedOutput = Int64(answer.tokens.count) }

  private mutating func answer(_ action: MockAction?) {
    var answer = MockAnswer(to: request, script: script)
    switch action {
    case .say(let text)?: answer = MockAnswer(saying: text)
    case .empty?: answer.tokens = []
    case .refusal?: answer = refusal
    case .truncated?: answer.stop = .truncated
    default: break
    }
    bill(answer)
    var told: Int64? = billedOutput
    if action == .noUsage { told = nil }
    if action == .absurdUsage { told = -7 }
    let bodies = MockBodies(
      request: request, answer: answer, number: number, outputTokens: told)
    plan.headers = [("content-type", contentType)]
    plan.pause = script.firstPause
    if request.streams { stream(bodies, answer, action) } else { whole(bodies, answer, action) }
  }

  private var refusal: MockAnswer {
    var answer = MockAnswer(saying: request.api == .openai ? "" : "I cannot help with that.")
    answer.stop = .refused
    return answer
  }

  private mutating func whole(_ bodies: MockBodies, _ answer: MockAnswer, _ action: MockAction?) {
    let bytes = Array(bodies.whole.canonical.utf8)
    var pause = script.tokenPause * max(0, answer.tokens.count - 1)
    if case .slow(let milliseconds)? = action {
      pause = .milliseconds(milliseconds) * answer.tokens.count
    }
    guard let end = Self.earlyEnd(of: action) else { return plan.say(bytes, after: pause) }
    if case .streamError = action { return fail(.of(status: 500), retryAfter: nil) }
    plan.say(bytes.prefix(bytes.count / 2), after: pause)
    plan.ending = .cut(after: end.hold)
  }

  private mutating func stream(
    _ bodies: MockBodies, _ answer: MockAnswer, _ action: MockAction?
  ) {
    for event in bodies.opening { plan.say(Self.event(event)) }
    var pause = script.tokenPause
    if case .slow(let milliseconds)? = action { pause = .milliseconds(milliseconds) }
    let end = Self.earlyEnd(of: action)
    for token in answer.tokens.prefix(end?.tokens ?? .max) {
      plan.say(Self.event(bodies.token(token)), after: pause)
    }
    guard let end else {
      for event in bodies.closing { plan.say(Self.event(event)) }
      if request.api == .openai { plan.say("data: [DONE]\n\n".utf8) }
      return
    }
    if case .streamError = action {
      plan.say(Self.event(MockError.of(status: 529).event(of: request.api)))
    } else {
      plan.ending = .cut(after: end.hold)
    }
  }

  /// After how many tokens an answer breaks off, and for how long the connection then stays.
  private static func earlyEnd(of action: MockAction?) -> (tokens: Int, hold: Duration)? {
    switch action {
    case .cut(let tokens)?, .streamError(let tokens)?: (tokens, .zero)
    case .stall(let tokens, let seconds)?: (tokens, .seconds(seconds))
    default: nil
    }
  }

  private static func event(_ value: JSONValue) -> [UInt8] {
    let name = value["type"]?.string.map { "event: \($0)\n" } ?? ""
    return Array("\(name)data: \(value.canonical)\n\n".utf8)
  }
}
