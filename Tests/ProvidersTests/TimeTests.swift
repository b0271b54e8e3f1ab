// Times as servers and people write them, and the limits that are told by them.

import Resilience
import Testing

@testable import Providers

@Suite("Times in headers")
struct TimeTextTests {
  @Test(
    "are read as HTTP dates in all three forms",
    arguments: [
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
  func httpDates(text: String) {
    #expect(TimeText.httpDate(text) == Instant(milliseconds: 784_111_777_000))
  }

  @Test(
    "are read as RFC 3339 with any offset",
    arguments: [
      ("2026-11-21T07:00:00Z", 1_795_244_400_000), ("2026-11-21T07:00Z", 1_795_244_400_000),
      ("2026-11-21T08:00:00.25+01:00", 1_795_244_400_250),
      ("2026-11-21 02:00:00-0500", 1_795_244_400_000),
    ] as [(String, Int64)])
  func rfc3339(text: String, milliseconds: Int64) {
    #expect(TimeText.rfc3339(text) == Instant(milliseconds: milliseconds))
  }

  @Test(
    "that do not exist are no times",
    arguments: [
      "", "now", "Sun, 31 Feb 2026 00:00:00 GMT", "Sun, 06 Nov 1994 25:00:00 GMT",
      "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21", "9999-01-01T00:00:00Z",
      "2026-11-21T07:00:00",
    ])
  func nonsense(text: String) {
    #expect(TimeText.httpDate(text) == nil)
    #expect(TimeText.rfc3339(text) == nil)
  }

  @Test(
    "are read as Go's durations",
    arguments: [
      ("1s", 1_000), ("6m0s", 360_000), ("12ms", 12), ("1h2m3.5s", 3_723_500), ("0", 0),
      ("0s", 0), ("59s", 59_000), ("1.5h", 5_400_000),
    ] as [(String, Int64)])
  func goDurations(text: String, milliseconds: Int64) {
    #expect(TimeText.goDuration(text) == .milliseconds(milliseconds))
  }

  @Test(
    "that are no durations, or too long ones, are refused",
    arguments: [
      "", "1", "s", "-1s", "1d", "1s ", "1 s", "999999h", "99999999999999999999s", "1.s", "٣s",
      "1s1",
    ])
  func noDurations(text: String) {
    #expect(TimeText.goDuration(text) == nil)
  }
}

@Suite("Quota messages in words")
struct QuotaProseTests {
  /// 2026-11-21T10:00:00Z, a Saturday.
  static let now = ClassificationTests.now

  @Test(
    "tell when the quota is there again",
    arguments: [
      ("Claude AI usage limit reached|1795269600", 0, "2026-11-21T14:00:00Z"),
      ("5-hour limit reached ∙ resets 3pm", 0, "2026-11-21T15:00:00Z"),
      ("5-hour limit reached ∙ resets 3pm", 2, "2026-11-21T13:00:00Z"),
      ("You've hit your limit · resets 3pm (UTC)", -8, "2026-11-21T15:00:00Z"),
      ("You've hit your limit · resets 3pm (Europe/Berlin)", 1, "2026-11-21T14:00:00Z"),
      ("session limit reached: resets at 7:30pm", 0, "2026-11-21T19:30:00Z"),
      ("usage limit reached, resets at 9am", 0, "2026-11-22T09:00:00Z"),
      ("usage limit reached, resets at 09:55", 0, "2026-11-21T10:00:00Z"),
      ("usage limit reached, resets at 12am", 0, "2026-11-22T00:00:00Z"),
      ("Weekly limit reached ∙ resets Nov 25 at 5pm", 0, "2026-11-25T17:00:00Z"),
      ("Weekly limit reached ∙ resets Jan 2 at 5pm", 0, "2027-01-02T17:00:00Z"),
      ("quota exceeded, resets at 2026-11-21T17:00Z", 5, "2026-11-21T17:00:00Z"),
      (
        "You've hit your usage limit. Upgrade to Pro or try again in 3 days 1 hour 9 minutes.", 0,
        "2026-11-24T11:09:00Z"
      ),
      ("You've hit your usage limit. Try again in 45 minutes.", 0, "2026-11-21T10:45:00Z"),
      ("usage limit reached; try again at Nov 22nd, 2026 2:14 PM.", 0, "2026-11-22T14:14:00Z"),
      (
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        3, "2026-12-01T00:00:00Z"
      ),
      ("rate limit exceeded. Resets in: 2h 15m", 0, "2026-11-21T12:15:00Z"),
      ("usage limit reached, resets at 2020-01-01 00:00 UTC", 0, "2026-11-21T10:00:00Z"),
    ])
  func resets(text: String, hours: Int, expected: String) {
    let found = QuotaProse(in: text, now: Self.now, offset: .seconds(hours * 3600))
    #expect(found?.resetsAt == TimeText.rfc3339(expected), "\(String(describing: found))")
  }

  @Test(
    "may leave the time out, or say it beyond understanding",
    arguments: [
      "usage limit reached", "Quota exceeded, resets at the end of the month",
      "usage limit reached, resets at 25:99", "limit reached|9999999999",
      "limit reached, try again in 99999 days", "weekly limit reached, resets Feb 31 at 5pm",
    ])
  func withoutTime(text: String) {
    let found = QuotaProse(in: text, now: Self.now, offset: .zero)
    #expect(found != nil)
    #expect(found?.resetsAt == nil, "\(String(describing: found))")
  }

  @Test(
    "are not seen where there are none",
    arguments: [
      "", "done", "I reset the counter at 3pm", "the speed limit is 50", "try again at 3pm",
      "error: connection reset by peer", "there is no usage limit here",
    ])
  func noQuota(text: String) {
    #expect(QuotaProse(in: text, now: Self.now, offset: .zero) == nil)
  }

  @Test("are found at the end of megabytes, in time")
  func long() {
    let noise = String(repeating: "limit resets at at at in in ", count: 100_000)
    let text = noise + "usage limit reached|1795269600"
    let found = QuotaProse(in: text, now: Self.now, offset: .zero)
    #expect(found?.resetsAt == TimeText.rfc3339("2026-11-21T14:00:00Z"))
  }
}

@Suite("Rate-limit headers")
struct RateHeadersTests {
  static let now = ClassificationTests.now

  @Test("of Anthropic tell each dimension")
  func anthropic() {
    let headers: HTTPHeaders = [
      "Anthropic-RateLimit-Requests-Limit": "50", "anthropic-ratelimit-requests-remaining": "49",
      "anthropic-ratelimit-requests-reset": "2026-11-21T10:00:30Z",
      "anthropic-ratelimit-input-tokens-limit": "40000",
      "anthropic-ratelimit-input-tokens-remaining": "39000",
      "anthropic-ratelimit-output-tokens-reset": "2020-01-01T00:00:00Z",
    ]
    #expect(
      RateHeaders.readings(in: headers, api: .anthropic, now: Self.now) == [
        RateReading(
          dimension: .requests, limit: 50, remaining: 49, fullAt: ClassificationTests.later(30)),
        RateReading(dimension: .inputTokens, limit: 40_000, remaining: 39_000),
        RateReading(dimension: .outputTokens, fullAt: Self.now),
      ])
  }

  @Test(
    "of OpenAI and Azure tell resets as durations or seconds",
    arguments: [("6m0s", 360_000), ("12ms", 12), ("7", 7_000), ("1s", 1_000)] as [(String, Int64)])
  func openai(reset: String, milliseconds: Int64) {
    let headers: HTTPHeaders = [
      "x-ratelimit-limit-tokens": "150000", "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": reset, "x-ratelimit-limit-project-tokens": "9",
    ]
    #expect(
      RateHeaders.readings(in: headers, api: .openai, now: Self.now) == [
        RateReading(
          dimension: .tokens, limit: 150_000, remaining: 149_984,
          fullAt: Self.now.advanced(by: .milliseconds(milliseconds))),
        RateReading(dimension: .projectTokens, limit: 9),
      ])
  }

  @Test(
    "that say nothing or nonsense are ignored",
    arguments: [
      ["x-ratelimit-limit-requests": "-1", "x-ratelimit-remaining-requests": "-1"],
      ["x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "0"],
      ["x-ratelimit-remaining-requests": "-5"], ["x-ratelimit-limit-requests": "many"],
      ["x-ratelimit-reset-requests": "yesterday"], ["x-ratelimit-limit-requests": "1e9"],
      ["x-ratelimit-limit-requests": ""], [:],
    ])
  func nonsense(fields: [String: String]) {
    let headers = HTTPHeaders(fields.map { (name: $0.key, value: $0.value) })
    #expect(RateHeaders.readings(in: headers, api: .openai, now: Self.now).isEmpty)
  }
}

@Suite("A call's demand on the rate")
struct RateDemandTests {
  private static func call(_ api: ModelAPI, outputTokensMax: Int) -> ModelCall {
    ModelCall(
      api: api, model: "m", system: String(repeating: "s", count: 1000),
      turns: [.init(.user, String(repeating: "u", count: 3000))],
      outputTokensMax: outputTokensMax, idempotencyKey: "k")
  }

  @Test("counts input and learned output apart for Anthropic")
  func anthropic() {
    let call = Self.call(.anthropic, outputTokensMax: 4000)
    let demand = RateDemand(of: call, learnedOutput: 900)
    #expect((1000...1100).contains(demand.inputTokens))
    #expect(demand.outputTokens == 900)
    #expect(RateDemand(of: call).outputTokens == 4000)
    #expect(RateDemand(of: call, learnedOutput: 9000).outputTokens == 4000)
  }

  @Test("is the larger of max_tokens and a quarter of the characters for OpenAI")
  func openai() {
    #expect(RateDemand(of: Self.call(.openai, outputTokensMax: 4000)).tokens == 4000)
    let demand = RateDemand(of: Self.call(.openaiResponses, outputTokensMax: 10), learnedOutput: 5)
    #expect((1000...1100).contains(demand.tokens))
  }
}
