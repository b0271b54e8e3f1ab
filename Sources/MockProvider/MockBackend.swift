// The mock provider as a machine: a request and a time in, a planned reply out.

import BatchModel
package import Providers
package import Resilience

/// A provider made up by a script.
package struct MockBackend: Sendable {
  private let script: MockScript
  private var limits: MockLimits?
  private var startedAt: Instant?
  private var strikes: [MockStrikes]
  private var callCount: Int64 = 0
  package private(set) var log = MockLog()

  package init(script: MockScript) {
    self.script = script
    strikes = Array(repeating: MockStrikes(), count: script.rules.count)
  }

  /// Plans the reply to a request; `finish` follows when it has been sent or given up.
  package mutating func reply(
    method: String, path: String, headers: Providers.HTTPHeaders, body: [UInt8], now: Instant
  ) -> MockReply {
    log.began()
    let plainPath = path.prefix { $0 != "?" }
    switch (method, plainPath) {
    case ("GET", "/_mock/log"):
      return Self.json(log.json(withKeys: path.hasSuffix("?keys=1")))
    case ("GET", "/v1/models"): return models(at: now)
    case ("POST", "/events"): return events(body, at: now)
    case ("POST", _):
      guard let api = ModelAPI.allCases.first(where: { $0.path == plainPath }) else { fallthrough }
      return call(of: api, headers: headers, body: body, now: now)
    default: return Self.json(MockError.of(status: 404).body(of: .openai), status: 404)
    }
  }

  /// Says that a reply is over.
  package mutating func finish() { log.ended() }

  private mutating func call(
    of api: ModelAPI, headers: Providers.HTTPHeaders, body: [UInt8], now: Instant
  ) -> MockReply {
    let started = startedAt ?? now
    startedAt = started
    var limits = self.limits ?? MockLimits(script.limits, now: now)
    defer { self.limits = limits }
    guard let request = MockRequest(api: api, headers: headers, body: body) else {
      log.record(nil, status: 400, billedOutput: nil)
      return Self.json(MockError.of(status: 400).body(of: api), status: 400)
    }
    callCount += 1
    if let (dimension, wait) = limits.admit(request, now: now) {
      log.record(request, status: 429, billedOutput: nil)
      return refused(
        .rateLimited(by: dimension), request, wait: wait, headers: limits.headers(of: api, now: now)
      )
    }
    let action = action(for: request, elapsed: started.duration(to: now))
    var reply = answered(request, action)
    if reply.billedOutput > 0 { limits.settle(outputTokens: reply.billedOutput) }
    reply.plan.headers += limits.headers(of: api, now: now)
    reply.plan.headers.append(
      (api == .anthropic ? "request-id" : "x-request-id", "req_mock\(callCount)"))
    log.record(
      request, status: reply.plan.status,
      billedOutput: reply.isBilled ? reply.billedOutput : nil)
    return reply.plan
  }

  private mutating func action(for request: MockRequest, elapsed: Duration) -> MockAction? {
    for (index, rule) in script.rules.enumerated()
    where rule.matches(request, number: callCount, elapsed: elapsed, past: strikes[index]) {
      strikes[index].count += 1
      strikes[index].first = strikes[index].first ?? elapsed
      return rule.action
    }
    return nil
  }

  private func answered(_ request: MockRequest, _ action: MockAction?) -> MockComposition {
    MockComposition(request: request, action: action, script: script, number: callCount)
  }

  private func refused(
    _ error: MockError, _ request: MockRequest, wait: Duration,
    headers: [(name: String, value: String)]
  ) -> MockReply {
    var reply = Self.json(error.body(of: request.api), status: error.status)
    reply.headers.append(("retry-after", "\(MockText.retryAfter(wait))"))
    reply.headers += headers
    return reply
  }

  /// The outage that is on: one of certain times hits more than calls.
  private func outage(at now: Instant) -> MockReply? {
    let elapsed = startedAt?.duration(to: now) ?? .zero
    for (rule, past) in zip(script.rules, strikes) where rule.isOn(elapsed, past: past) {
      guard case .status(let status) = rule.action, status >= 500 else { continue }
      return Self.json(MockError.of(status: status).body(of: .openai), status: status)
    }
    return nil
  }

  private func models(at now: Instant) -> MockReply { outage(at: now) ?? Self.json(modelList) }

  /// A sink of events beside the models: it takes every batch of CloudEvents, and counts.
  private mutating func events(_ body: [UInt8], at now: Instant) -> MockReply {
    if let outage = outage(at: now) { return outage }
    guard case .array(let events)? = try? JSONReader.value(of: body[...]) else {
      return Self.json(MockError.of(status: 400).body(of: .openai), status: 400)
    }
    log.took(events: events.map { $0["id"]?.string })
    var reply = MockReply()
    reply.status = 204
    return reply
  }

  private var modelList: JSONValue {
    let models = script.models.map {
      JSONValue.object(["id": .string($0), "object": .string("model"), "type": .string("model")])
    }
    return .object(["object": .string("list"), "data": .array(models)])
  }

  static func json(_ value: JSONValue, status: Int = 200) -> MockReply {
    var reply = MockReply()
    reply.status = status
    reply.headers = [("content-type", "application/json")]
    reply.say(value.canonical.utf8)
    return reply
  }
}

extension MockError {
  static func rateLimited(by dimension: RateReading.Dimension) -> MockError {
    var error = MockError.of(status: 429)
    error.message = "The limit of \(dimension.rawValue) per minute is reached."
    return error
  }
}
