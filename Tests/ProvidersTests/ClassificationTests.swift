// The table of what follows from how a call ended, row by row.

import BatchModel
import Resilience
import Testing

@testable import Providers

@Suite("Classification")
struct ClassificationTests {
  /// 2026-11-21T10:00:00Z.
  static let now = Instant(milliseconds: 1_795_255_200_000)

  static func outcome(
    _ status: Int, _ body: String = "", _ headers: HTTPHeaders = [:],
    api: ModelAPI = .anthropic
  ) -> CallOutcome {
    Classification(api: api, now: now).outcome(
      status: status, headers: headers, body: Array(body.utf8))
  }

  static func later(_ seconds: Int) -> Instant { now.advanced(by: .seconds(seconds)) }

  static func anthropicError(_ type: String, _ message: String = "m") -> String {
    #"{"type":"error","error":{"type":"\#(type)","message":"\#(message)"},"request_id":"req_01"}"#
  }

  static func openaiError(_ code: String, _ type: String = "t", _ message: String = "m") -> String {
    #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":"\#(code)"}}"#
  }

  struct Row: CustomTestStringConvertible, Sendable {
    var status: Int
    var body: String
    var headers: HTTPHeaders = [:]
    var verdict: Verdict
    var code: String
    var testDescription: String { "\(status) \(code)" }
  }

  static let anthropic = [
    Row(
      status: 400, body: anthropicError("invalid_request_error"), verdict: .stop(.badRequest),
      code: "bad-request"),
    Row(
      status: 401, body: anthropicError("authentication_error"), verdict: .stop(.keyRefused),
      code: "key-refused"),
    Row(
      status: 402, body: anthropicError("billing_error"), verdict: .quota(.credit, resetsAt: nil),
      code: "quota-credit"),
    Row(
      status: 403, body: anthropicError("permission_error"), verdict: .stop(.forbidden),
      code: "forbidden"),
    Row(
      status: 404, body: anthropicError("not_found_error"), verdict: .stop(.notFound),
      code: "not-found"),
    Row(
      status: 409, body: anthropicError("conflict_error"),
      verdict: .retry(countsForBreaker: false, notBefore: nil), code: "conflict"),
    Row(
      status: 413, body: anthropicError("request_too_large"), verdict: .stop(.tooLarge),
      code: "too-large"),
    Row(
      status: 429, body: anthropicError("rate_limit_error"), headers: ["Retry-After": "30"],
      verdict: .rateLimited(until: later(30)), code: "rate-limited"),
    Row(
      status: 500, body: anthropicError("api_error"),
      verdict: .retry(countsForBreaker: true, notBefore: nil), code: "server-error"),
    Row(
      status: 504, body: anthropicError("timeout_error"),
      verdict: .retry(countsForBreaker: true, notBefore: nil), code: "gateway-timeout"),
    Row(
      status: 529, body: anthropicError("overloaded_error"), headers: ["retry-after": "5"],
      verdict: .retry(countsForBreaker: true, notBefore: later(5)), code: "overloaded"),
    Row(
      status: 429,
      body:
        #"{"type":"error","error":{"type":"rate_limit_error","message":"spend","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
      verdict: .quota(.spendLimit, resetsAt: nil), code: "quota-spend-limit"),
    Row(
      status: 400,
      body: anthropicError(
        "invalid_request_error",
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."
      ),
      verdict: .quota(.spendLimit, resetsAt: TimeText.rfc3339("2026-12-01T00:00Z")),
      code: "quota-spend-limit"),
    Row(
      status: 400,
      body: anthropicError(
        "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      verdict: .quota(.credit, resetsAt: nil), code: "quota-credit"),
  ]

  static let openai = [
    Row(
      status: 429, body: openaiError("insufficient_quota", "insufficient_quota"),
      verdict: .quota(.credit, resetsAt: nil), code: "quota-credit"),
    Row(
      status: 429, body: openaiError("x", "insufficient_quota"),
      verdict: .quota(.credit, resetsAt: nil), code: "quota-credit"),
    Row(
      status: 429, body: openaiError("credit_balance_exhausted"),
      verdict: .quota(.credit, resetsAt: nil), code: "quota-credit"),
    Row(
      status: 429, body: openaiError("organization_spend_limit_exceeded"),
      verdict: .quota(.spendLimit, resetsAt: nil), code: "quota-spend-limit"),
    Row(
      status: 429, body: openaiError("project_spend_limit_exceeded"),
      verdict: .quota(.spendLimit, resetsAt: nil), code: "quota-spend-limit"),
    Row(
      status: 429, body: openaiError("organization_usage_limit_exceeded"),
      verdict: .quota(.usage, resetsAt: nil), code: "quota-usage"),
    Row(
      status: 429, body: openaiError("rate_limit_exceeded", "tokens"),
      headers: ["retry-after-ms": "1500", "retry-after": "9"],
      verdict: .rateLimited(until: now.advanced(by: .milliseconds(1500))), code: "rate-limited"),
    Row(
      status: 429, body: openaiError("slow_down"), verdict: .rateLimited(until: nil),
      code: "rate-limited"),
    Row(
      status: 503, body: openaiError("server_is_overloaded"),
      verdict: .retry(countsForBreaker: true, notBefore: nil), code: "overloaded"),
    Row(
      status: 503, body: openaiError("slow_down"), verdict: .rateLimited(until: nil),
      code: "rate-limited"),
    Row(
      status: 401, body: openaiError("invalid_api_key"), verdict: .stop(.keyRefused),
      code: "key-refused"),
    Row(
      status: 404, body: openaiError("model_not_found"), verdict: .stop(.notFound),
      code: "not-found"),
    Row(
      status: 400, body: openaiError("context_length_exceeded"), verdict: .stop(.tooLarge),
      code: "too-large"),
    Row(
      status: 400, body: openaiError("content_filter"), verdict: .refused, code: "refused"),
    Row(
      status: 400, body: openaiError("x", "idempotency_error"),
      verdict: .stop(.idempotencyConflict), code: "idempotency-conflict"),
    Row(
      status: 429,
      body:
        #"[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"m","quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"59s"}]}}]"#,
      verdict: .rateLimited(until: later(59)), code: "rate-limited"),
    Row(
      status: 429,
      body:
        #"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"3s"}]}}"#,
      verdict: .quota(.usage, resetsAt: nil), code: "quota-usage"),
  ]

  static let bare = [
    Row(
      status: 301, body: "", headers: ["location": "https://x/"], verdict: .stop(.redirected),
      code: "redirected"),
    Row(
      status: 408, body: "", verdict: .retry(countsForBreaker: false, notBefore: nil),
      code: "request-timeout"),
    Row(status: 407, body: "", verdict: .stop(.forbidden), code: "proxy-refused"),
    Row(status: 422, body: "{}", verdict: .stop(.badRequest), code: "bad-request"),
    Row(status: 429, body: "slow", verdict: .rateLimited(until: nil), code: "rate-limited"),
    Row(
      status: 502, body: "<html>Bad gateway</html>", headers: ["content-type": "text/html"],
      verdict: .retry(countsForBreaker: true, notBefore: nil), code: "server-error"),
    Row(
      status: 599, body: "[1", verdict: .retry(countsForBreaker: true, notBefore: nil),
      code: "server-error"),
    Row(
      status: 204, body: "", verdict: .retry(countsForBreaker: true, notBefore: nil),
      code: "unexpected-status"),
    Row(
      status: 429, body: "", headers: ["x-should-retry": "false"],
      verdict: .quota(.usage, resetsAt: nil), code: "rate-limited"),
    Row(
      status: 500, body: "", headers: ["x-should-retry": "false"], verdict: .stop(.toldNotToRetry),
      code: "told-not-to-retry"),
    Row(
      status: 400, body: "", headers: ["x-should-retry": "true"],
      verdict: .retry(countsForBreaker: false, notBefore: nil), code: "bad-request"),
    Row(
      status: 529, body: "", headers: ["retry-after": "Sat, 21 Nov 2026 09:00:00 GMT"],
      verdict: .retry(countsForBreaker: true, notBefore: now), code: "overloaded"),
    Row(
      status: 529, body: "", headers: ["retry-after": "Sat, 21 Nov 2026 10:05:00 GMT"],
      verdict: .retry(countsForBreaker: true, notBefore: later(300)), code: "overloaded"),
    Row(
      status: 429, body: "", headers: ["retry-after": "259200"],
      verdict: .rateLimited(until: later(259_200)), code: "rate-limited"),
    Row(
      status: 429, body: "", headers: ["retry-after": "soon", "retry-after-ms": "-5"],
      verdict: .rateLimited(until: nil), code: "rate-limited"),
    Row(
      status: 429, body: "", headers: ["retry-after": "99999999999999"],
      verdict: .rateLimited(until: nil), code: "rate-limited"),
  ]

  @Test("judges Anthropic's errors", arguments: anthropic)
  func anthropicRows(row: Row) {
    let outcome = Self.outcome(row.status, row.body, row.headers)
    #expect(outcome.verdict == row.verdict)
    #expect(outcome.code == row.code)
    #expect(outcome.charge == (row.status == 504 ? .worstCase : .nothing))
  }

  @Test("judges the errors of OpenAI, Azure and Gemini", arguments: openai)
  func openaiRows(row: Row) {
    for api in [ModelAPI.openai, .openaiResponses] {
      let outcome = Self.outcome(row.status, row.body, row.headers, api: api)
      #expect(outcome.verdict == row.verdict)
      #expect(outcome.code == row.code)
    }
  }

  @Test("judges by status and headers where the body says nothing", arguments: bare)
  func bareRows(row: Row) {
    for api in ModelAPI.allCases {
      let outcome = Self.outcome(row.status, row.body, row.headers, api: api)
      #expect(outcome.verdict == row.verdict)
      #expect(outcome.code == row.code)
      #expect(!outcome.message.isEmpty)
    }
  }

  @Test(
    "judges faults of the connection by whether the request had left",
    arguments: [
      (TransportFault.nameNotResolved(host: "h"), "retry(countsForBreaker: true", Charge.nothing),
      (.connectionRefused, "retry(countsForBreaker: true", .nothing),
      (.connectTimedOut, "retry(countsForBreaker: true", .nothing),
      (.tlsFailed, "retry(countsForBreaker: true", .nothing),
      (.proxyRefused, "retry(countsForBreaker: true", .nothing),
      (.closedBeforeSending, "retry(countsForBreaker: true", .nothing),
      (.certificateRefused, "stop", .nothing), (.timedOut, "fallBack", .worstCase),
      (.stalled, "fallBack", .worstCase), (.closedAfterSending, "unknownOutcome", .worstCase),
      (.notHTTP, "unknownOutcome", .worstCase),
      (.bodyTooLarge(bytesMax: 9), "unknownOutcome", .worstCase),
    ])
  func faults(fault: TransportFault, verdict: String, charge: Charge) {
    let outcome = Classification(api: .openai, now: Self.now).outcome(of: fault)
    #expect("\(outcome.verdict)".hasPrefix(verdict))
    #expect(outcome.charge == charge)
    #expect(!outcome.code.isEmpty && !outcome.message.isEmpty)
  }

  @Test("charges an answer by its usage, and one without usage its worst case")
  func charges() throws {
    let body = try #require(WholeAnswerTests.bodies[.openai])
    let answered = Self.outcome(200, body, api: .openai)
    #expect(answered.verdict == .answered)
    #expect(answered.charge == .usage(Usage(inputTokens: 3, outputTokens: 4)))
    let silent = Self.outcome(200, body.replacing("\"usage\"", with: "\"u\""), api: .openai)
    #expect(silent.charge == .worstCase)
    let negative = Self.outcome(200, body.replacing(":3,", with: ":-3,"), api: .openai)
    #expect(negative.verdict == .answered)
    #expect(negative.charge == .worstCase)
  }

  @Test("takes a 200 without text for hollow, and one with an error for that error")
  func successThatIsNone() throws {
    let body = try #require(WholeAnswerTests.bodies[.openai])
    #expect(
      Self.outcome(200, body.replacing("Hello there", with: " \\n"), api: .openai).verdict
        == .hollow)
    let error = Self.outcome(200, Self.openaiError("server_is_overloaded"), api: .openai)
    #expect(error.verdict == .retry(countsForBreaker: true, notBefore: nil))
    #expect(error.charge == .worstCase)
    let page = Classification(api: .openai, now: Self.now).outcome(
      status: 200, headers: ["content-type": "text/html; charset=utf-8"],
      body: Array("<html>Sign in</html>".utf8))
    #expect(page.verdict == .retry(countsForBreaker: true, notBefore: nil))
    #expect(page.charge == .worstCase)
    #expect(page.message.hasPrefix("a web page instead of an answer: check base_url"))
  }

  @Test("charges a status that is neither an answer nor a refusal", arguments: [101, 202, 204])
  func neither(status: Int) {
    let outcome = Classification(api: .openai, now: Self.now).outcome(
      status: status, headers: [:], body: [])
    #expect(outcome.code == "unexpected-status")
    #expect(outcome.charge == .worstCase)
  }

  @Test("never replays an answer that broke after its first piece")
  func brokenStream() throws {
    let text = RecordedStreams.anthropic
    let half = try #require(text.firstRange(of: "😀"))
    let begun = RecordedStreams.assembled(String(text[..<half.lowerBound]), api: .anthropic)
    let judge = Classification(api: .anthropic, now: Self.now)
    let cut = judge.outcome(of: begun, headers: [:], fault: .closedAfterSending)
    #expect(cut.verdict == .broken)
    #expect(cut.charge == .worstCase)
    #expect(cut.answer?.text == "Grüße, ")
    #expect(judge.outcome(of: begun, headers: [:]).verdict == .broken)
    #expect(judge.outcome(of: begun, headers: [:], fault: .stalled).verdict == .fallBack)
    let error = Self.anthropicError("overloaded_error")
    let event = try #require(text[half.upperBound...].firstRange(of: "\n\n"))
    let whole = String(text[..<event.upperBound])
    let failing = RecordedStreams.assembled(whole + "data: \(error)\n\n", api: .anthropic)
    let failed = judge.outcome(of: failing, headers: [:])
    #expect(failed.verdict == .broken)
    #expect(failed.code == "overloaded")
    #expect(failed.charge == .worstCase)
    let silent = AnswerAssembler(api: .anthropic)
    #expect(
      judge.outcome(of: silent, headers: [:], fault: .closedAfterSending).verdict == .unknownOutcome
    )
    var early = silent
    early.receive(Array("data: \(error)\n\n".utf8))
    let overloaded = judge.outcome(of: early, headers: [:])
    #expect(overloaded.verdict == .retry(countsForBreaker: true, notBefore: nil))
    #expect(overloaded.charge == .nothing)
  }

  @Test("lets a complete answer stand although the connection failed after it")
  func faultAfterTheEnd() {
    let stream = RecordedStreams.assembled(RecordedStreams.responses, api: .openaiResponses)
    let judge = Classification(api: .openaiResponses, now: Self.now)
    #expect(
      judge.outcome(of: stream, headers: [:], fault: .closedAfterSending).verdict == .answered)
  }

  @Test("words failures in one line without keys, ids and control characters")
  func messages() {
    let hostile =
      "Incorrect API key: sk-proj-abcdefghijkl.\\u001b[31m\\n  request req_011CSHoEeqs5C35K2UUqR7Fy \\u202e and 123e4567-e89b-12d3-a456-426614174000"
    let outcome = Self.outcome(401, Self.openaiError("invalid_api_key", "t", hostile))
    #expect(outcome.message == "Incorrect API key: ***[31m request <id> and <id>")
    #expect(outcome.headline.hasPrefix("key-refused (401): Incorrect"))
    let long = Self.outcome(400, Self.openaiError("x", "t", String(repeating: "語", count: 50_000)))
    #expect(long.message.utf8.count <= 300)
  }

  @Test("keeps the request's name and the limits' readings")
  func context() {
    let outcome = Self.outcome(
      500, "", ["request-id": "req_1", "anthropic-ratelimit-requests-remaining": "7"])
    #expect(outcome.requestID == "req_1")
    #expect(outcome.readings == [RateReading(dimension: .requests, remaining: 7)])
  }

  @Test("keeps the request's name whole for support, but nothing that a terminal obeys")
  func requestName() {
    let name = "req_011CSHoEeqs5C35K2UUqR7Fy"
    #expect(Self.outcome(500, "", ["request-id": name]).requestID == name)
    let hostile = "a\u{1B}[31m b\u{202E}é" + String(repeating: "x", count: 500)
    let shown = Self.outcome(500, "", ["x-request-id": hostile]).requestID ?? ""
    #expect(shown.hasPrefix("a[31mbxxx") && shown.utf8.count <= 128)
  }

  @Test("survives bodies made to hurt")
  func hostile() {
    var random = SplitMix64(seed: 23)
    let fragments = [
      "{", "}", "[", "]", "\"error\"", ":", ",", "\"type\"", "\"details\"", "null", "1e999", "\"",
      "\\", "violations", "\u{0}", "\"message\"", "-", "9223372036854775808",
    ]
    for status in [200, 400, 429, 500, 529] {
      for _ in 0..<300 {
        let body = (0..<Int.random(in: 0...30, using: &random)).map { _ in
          fragments[Int.random(in: 0..<fragments.count, using: &random)]
        }.joined()
        for api in ModelAPI.allCases {
          #expect(Self.outcome(status, body, api: api).verdict != .answered)
        }
      }
    }
    let deep = String(repeating: #"{"error":"#, count: 100_000)
    #expect(Self.outcome(400, deep).verdict == .stop(.badRequest))
    let wrong = #"{"error":{"type":[],"code":{},"message":7,"details":"x"}}"#
    #expect(Self.outcome(429, wrong).verdict == .rateLimited(until: nil))
  }
}
