// The mock provider as a machine: its answers are read by the code that reads real providers.

import BatchModel
import Providers
import Resilience
import Testing

@testable import MockProvider

enum Fixture {
  static let start = Instant(milliseconds: 1_795_255_200_000)

  static func script(_ text: String) throws -> MockScript {
    try MockScript(try JSONReader.value(of: text))
  }

  static func call(
    _ api: ModelAPI, prompt: String = "Name a colour", streams: Bool = true, max: Int = 500,
    key: String = "ik:1", model: String = "mock-1"
  ) -> ModelCall {
    ModelCall(
      api: api, model: model, turns: [.init(.user, prompt)], outputTokensMax: max,
      streams: streams, idempotencyKey: key)
  }

  static func reply(
    of backend: inout MockBackend, to call: ModelCall, at seconds: Double = 0
  ) throws -> MockReply {
    let request = try HTTPCall(call)
    defer { backend.finish() }
    return backend.reply(
      method: request.method, path: request.path, headers: request.headers, body: request.body,
      now: start.advanced(by: .seconds(seconds)))
  }

  static func outcome(of reply: MockReply, to call: ModelCall) -> CallOutcome {
    let judge = Classification(api: call.api, now: start)
    let headers = HTTPHeaders(reply.headers)
    guard reply.status == 200, call.streams else {
      return judge.outcome(status: reply.status, headers: headers, body: reply.body)
    }
    var assembler = AnswerAssembler(api: call.api)
    for piece in reply.pieces { assembler.receive(piece.bytes) }
    let isCut = reply.ending != .complete
    return judge.outcome(of: assembler, headers: headers, fault: isCut ? .closedAfterSending : nil)
  }
}

@Suite("A mock provider")
struct MockBackendTests {
  @Test(
    "answers in the form of every API, streamed or whole, with the same text and usage",
    arguments: ModelAPI.allCases)
  func answers(api: ModelAPI) throws {
    var texts: Set<String> = []
    for streams in [true, false] {
      var backend = MockBackend(script: MockScript())
      let call = Fixture.call(api, streams: streams)
      let reply = try Fixture.reply(of: &backend, to: call)
      let outcome = Fixture.outcome(of: reply, to: call)
      #expect(outcome.verdict == .answered)
      let answer = try #require(outcome.answer)
      #expect(answer.text.hasPrefix("Echo: Name a colour"))
      #expect(answer.usage.usage?.inputTokens == 3)
      #expect(backend.log.outputTokens == answer.usage.usage?.outputTokens)
      texts.insert(answer.text)
    }
    #expect(texts.count == 1)
  }

  @Test("answers the same prompt alike and another one otherwise, within max_tokens")
  func deterministic() throws {
    var backend = MockBackend(script: MockScript())
    func text(_ prompt: String, max: Int = 500) throws -> String {
      let call = Fixture.call(.openai, prompt: prompt, max: max)
      return Fixture.outcome(of: try Fixture.reply(of: &backend, to: call), to: call).answer?.text
        ?? ""
    }
    #expect(try text("one") == text("one"))
    #expect(try text("one") != text("two"))
    #expect(try text("one", max: 5).split(separator: " ").count == 5)
  }

  @Test(
    "does what its script says, as a client of each API judges it",
    arguments: [
      (#"{"do":"rate-limited","retry_after_s":7}"#, "rateLimited", false),
      (#"{"do":"overloaded"}"#, "retry(countsForBreaker: true", false),
      (#"{"do":"status","status":500}"#, "retry(countsForBreaker: true", false),
      (#"{"do":"status","status":401}"#, "stop(Providers.Verdict.StopReason.keyRefused", false),
      (#"{"do":"status","status":302}"#, "stop(Providers.Verdict.StopReason.redirected", false),
      (#"{"do":"quota"}"#, "quota(Providers.Verdict.Quota.credit", false),
      (#"{"do":"quota","quota":"spend"}"#, "quota(Providers.Verdict.Quota.spendLimit", false),
      (#"{"do":"refusal"}"#, "refused", true), (#"{"do":"truncated"}"#, "truncated", true),
      (#"{"do":"empty"}"#, "hollow", true), (#"{"do":"cut","tokens":2}"#, "broken", true),
      (#"{"do":"cut","tokens":0}"#, "broken", true),
      (#"{"do":"stall","tokens":2}"#, "broken", true),
      (#"{"do":"stream-error","tokens":2}"#, "broken", true),
      (#"{"do":"html"}"#, "unknownOutcome or retry", true),
      (#"{"do":"no-usage"}"#, "answered", true), (#"{"do":"absurd-usage"}"#, "answered", true),
      (#"{"do":"slow","pause_ms":5}"#, "answered", true),
      (#"{"do":"say","text":"Hello"}"#, "answered", true),
    ])
  func actions(rule: String, verdict: String, isBilled: Bool) throws {
    for api in ModelAPI.allCases {
      var backend = MockBackend(script: try Fixture.script(#"{"rules":[\#(rule)]}"#))
      let call = Fixture.call(api)
      let reply = try Fixture.reply(of: &backend, to: call)
      let outcome = Fixture.outcome(of: reply, to: call)
      let found = "\(outcome.verdict)"
      if verdict == "unknownOutcome or retry" {
        #expect(outcome.charge == .worstCase)
      } else {
        #expect(found.hasPrefix(verdict), "\(api): \(found) \(outcome.message)")
      }
      #expect((backend.log.billed == 1) == isBilled)
    }
  }

  @Test("lets the first matching rule decide, by number, time, model, prompt and how often")
  func matching() throws {
    let script = try Fixture.script(
      #"""
      {"rules":[{"do":"status","status":500,"from":2,"to":4,"every":2},
                {"do":"status","status":501,"after_s":10,"before_s":20},
                {"do":"status","status":502,"model":"mock-2"},
                {"do":"status","status":503,"contains":"loop","times":1}]}
      """#)
    var backend = MockBackend(script: script)
    var statuses: [Int] = []
    for (seconds, prompt, model) in [
      (0.0, "a", "mock-1"), (1, "a", "mock-1"), (2, "a", "mock-1"), (3, "a", "mock-1"),
      (10, "a", "mock-1"), (20, "a", "mock-1"), (20, "a", "mock-2"), (20, "a loop", "mock-1"),
      (20, "a loop", "mock-1"),
    ] {
      let call = Fixture.call(.openai, prompt: prompt, model: model)
      statuses.append(try Fixture.reply(of: &backend, to: call, at: seconds).status)
    }
    #expect(statuses == [200, 500, 200, 500, 501, 200, 502, 503, 200])
  }

  @Test("begins an outage with a request and ends it by the clock, for its models too")
  func outage() throws {
    let script = try Fixture.script(
      #"{"rules":[{"do":"status","status":503,"from":2,"for_s":10}]}"#)
    var backend = MockBackend(script: script)
    var statuses: [Int] = []
    for seconds in [0.0, 30, 35, 40, 41] {
      let call = Fixture.call(.openai)
      statuses.append(try Fixture.reply(of: &backend, to: call, at: seconds).status)
      let models = backend.reply(
        method: "GET", path: "/v1/models", headers: [:], body: [],
        now: Fixture.start.advanced(by: .seconds(seconds)))
      statuses.append(models.status)
    }
    #expect(statuses == [200, 200, 503, 503, 503, 503, 200, 200, 200, 200])
  }

  @Test(
    "keeps its limits and tells them in headers that are understood", arguments: ModelAPI.allCases)
  func limits(api: ModelAPI) throws {
    var backend = MockBackend(
      script: try Fixture.script(#"{"limits":{"requests_per_minute":60,"burst_seconds":2}}"#))
    let call = Fixture.call(api)
    var statuses: [Int] = []
    for second in [0.0, 0, 0, 0.5, 1, 1, 60, 60, 60] {
      statuses.append(try Fixture.reply(of: &backend, to: call, at: second).status)
    }
    #expect(statuses == [200, 200, 429, 429, 200, 429, 200, 200, 429])
    let refused = try Fixture.reply(of: &backend, to: call, at: 60)
    let outcome = Fixture.outcome(of: refused, to: call)
    #expect(outcome.verdict == .rateLimited(until: Fixture.start.advanced(by: .seconds(1))))
    let readings = RateHeaders.readings(
      in: HTTPHeaders(refused.headers), api: api,
      now: Fixture.start.advanced(by: .seconds(60)))
    #expect(
      readings == [
        RateReading(
          dimension: .requests, limit: 60, remaining: 0,
          fullAt: Fixture.start.advanced(by: .seconds(62)))
      ])
  }

  @Test("charges output afterwards as Anthropic does, and max_tokens at once as OpenAI does")
  func tokenLimits() throws {
    let script = try Fixture.script(
      #"{"output_tokens_min":50,"output_tokens_max":50,"limits":{"output_tokens_per_minute":60,"tokens_per_minute":1000}}"#
    )
    var backend = MockBackend(script: script)
    let call = Fixture.call(.anthropic, max: 300)
    #expect(try Fixture.reply(of: &backend, to: call).status == 200)
    #expect(try Fixture.reply(of: &backend, to: call).status == 200)
    // 60 − 2·50: overdrawn by 40, which takes 40 seconds and one token's more.
    #expect(try Fixture.reply(of: &backend, to: call, at: 40.9).status == 429)
    #expect(try Fixture.reply(of: &backend, to: call, at: 41).status == 200)
    var other = MockBackend(script: script)
    let wide = Fixture.call(.openai, max: 600)
    #expect(try Fixture.reply(of: &other, to: wide).status == 200)
    #expect(try Fixture.reply(of: &other, to: wide).status == 429)
  }

  @Test("never lets more than its burst and its rate through, however it is pressed")
  func rate() throws {
    var random = SplitMix64(seed: 9)
    var backend = MockBackend(
      script: try Fixture.script(#"{"limits":{"requests_per_minute":600,"burst_seconds":1}}"#))
    var time = 0.0
    var admitted = 0
    while time < 30 {
      let call = Fixture.call(.openai, max: 10)
      if try Fixture.reply(of: &backend, to: call, at: time).status == 200 { admitted += 1 }
      time += Double.random(in: 0...0.05, using: &random)
    }
    #expect(admitted <= 10 + 300 + 1)
    #expect(admitted >= 295)
  }

  @Test("keeps book of keys, duplicates and what was paid twice")
  func log() throws {
    var backend = MockBackend(
      script: try Fixture.script(#"{"rules":[{"do":"status","status":500,"from":1,"to":1}]}"#))
    for key in ["a", "a", "b", "b", "c"] {
      _ = try Fixture.reply(of: &backend, to: Fixture.call(.openai, key: key))
    }
    #expect(backend.log.requests == 5)
    #expect(backend.log.billed == 4)
    #expect(backend.log.duplicates == 2)
    #expect(backend.log.keysBilledTwice == 1)
    #expect(backend.log.inFlight == 0)
    let reply = backend.reply(
      method: "GET", path: "/_mock/log?keys=1", headers: [:], body: [], now: Fixture.start)
    let json = try JSONReader.value(of: reply.body[...])
    #expect(json["by_key"]?["b"]?["billed"] == .integer(2))
    #expect(json["by_status"]?["500"] == .integer(1))
  }

  @Test("answers a schema with a value that fits it")
  func schema() throws {
    var backend = MockBackend(script: MockScript())
    var call = Fixture.call(.anthropic)
    call.answerSchema = try JSONReader.value(
      of:
        #"{"type":"object","properties":{"label":{"enum":["x","y"]},"n":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}}}"#
    )
    let outcome = Fixture.outcome(of: try Fixture.reply(of: &backend, to: call), to: call)
    let value = try JSONReader.value(of: outcome.answer?.text ?? "")
    #expect(["x", "y"].contains(value["label"]?.string))
    guard case .integer? = value["n"], case .array? = value["tags"] else {
      Issue.record("\(value)")
      return
    }
  }

  @Test(
    "refuses what is no model call",
    arguments: ["", "{", "{}", #"{"model":"m"}"#, #"{"model":"m","messages":"x","max_tokens":-1}"#])
  func badRequests(body: String) {
    var backend = MockBackend(script: MockScript())
    let reply = backend.reply(
      method: "POST", path: "/v1/messages", headers: [:], body: Array(body.utf8),
      now: Fixture.start)
    #expect(reply.status == 400)
    let lost = backend.reply(
      method: "GET", path: "/other", headers: [:], body: [], now: Fixture.start)
    #expect(lost.status == 404)
    let models = backend.reply(
      method: "GET", path: "/v1/models", headers: [:], body: [], now: Fixture.start)
    #expect(String(decoding: models.body, as: UTF8.self).contains("mock-1"))
  }
}

@Suite("A mock provider's script")
struct MockScriptTests {
  @Test(
    "is refused with the place and what was expected",
    arguments: [
      ("[]", "script is no object"), (#"{"sed":1}"#, "script.sed is unknown"),
      (#"{"rules":{}}"#, "rules is no list"), (#"{"rules":[{}]}"#, "rules[0].do says what"),
      (#"{"rules":[{"do":"explode"}]}"#, "rules[0].do: explode is none of rate-limited"),
      (#"{"rules":[{"do":"html","form":1}]}"#, "rules[0].form is unknown"),
      (#"{"rules":[{"do":"status","status":200}]}"#, "rules[0].status: expected 300 to 599"),
      (#"{"rules":[{"do":"quota","quota":"x"}]}"#, "rules[0].quota: expected one of"),
      (#"{"limits":{"requests_per_minute":0}}"#, "limits.requests_per_minute: expected 1"),
      (#"{"output_tokens_min":9,"output_tokens_max":3}"#, "output_tokens_min is above"),
      (#"{"models":[1]}"#, "script.models: expected a list of texts"),
    ])
  func mistakes(text: String, message: String) throws {
    let error = #expect(throws: MockScript.Mistake.self) { try Fixture.script(text) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test("is empty, with every default")
  func empty() throws {
    #expect(try Fixture.script("{}") == MockScript())
  }
}

@Suite("The mock provider's sink")
struct MockSinkTests {
  @Test("takes batches of events and counts them, fails with an outage, and refuses what is none")
  func events() throws {
    let outage = #"{"do": "status", "status": 503, "after_s": 10, "before_s": 30}"#
    let script = try Fixture.script(#"{"rules": ["# + outage + "]}")
    var backend = MockBackend(script: script)
    _ = try Fixture.reply(of: &backend, to: Fixture.call(.openai))
    func status(_ body: String, at seconds: Double) -> Int {
      defer { backend.finish() }
      return backend.reply(
        method: "POST", path: "/events", headers: HTTPHeaders([]), body: Array(body.utf8),
        now: Fixture.start.advanced(by: .seconds(seconds))
      ).status
    }
    #expect(status(#"[{"id": "a"}, {"id": "b"}]"#, at: 1) == 204)
    #expect(status(#"[{"id": "b"}]"#, at: 2) == 204)
    #expect(status("nonsense", at: 3) == 400)
    #expect(status(#"[{"id": "c"}]"#, at: 20) == 503)
    #expect(backend.log.events == 3)
    #expect(backend.log.eventIDs == ["a", "b"])
  }
}
