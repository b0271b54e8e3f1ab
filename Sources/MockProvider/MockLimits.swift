// A mock provider's rate limits, taken all at once or not at all, and the headers that tell them.

import Providers
import Resilience

/// The buckets of one account.
struct MockLimits: Hashable {
  private var buckets: [RateReading.Dimension: MockBucket] = [:]

  init(_ limits: MockScript.Limits, now: Instant) {
    let all: [(RateReading.Dimension, Int64?)] = [
      (.requests, limits.requests), (.inputTokens, limits.inputTokens),
      (.outputTokens, limits.outputTokens), (.tokens, limits.tokens),
    ]
    for (dimension, limit) in all {
      guard let limit else { continue }
      buckets[dimension] = MockBucket(
        perMinute: limit, burstSeconds: limits.burstSeconds, now: now)
    }
  }

  /// Takes what a call needs at its start; the wait until it would fit otherwise.
  ///
  /// Output is charged when it is known, so its bucket must only not be empty; the limit of all
  /// tokens counts `max_tokens`, as OpenAI does. A call larger than a bucket waits for a full one.
  mutating func admit(_ request: MockRequest, now: Instant) -> (RateReading.Dimension, Duration)? {
    let demands: [RateReading.Dimension: Int64] = [
      .requests: 1, .inputTokens: request.inputTokens, .outputTokens: 1,
      .tokens: request.inputTokens + (request.outputTokensMax ?? 0),
    ]
    var longest: (RateReading.Dimension, Duration)?
    for dimension in RateReading.Dimension.allCases {
      guard var bucket = buckets[dimension], let count = demands[dimension] else { continue }
      bucket.refill(now: now)
      buckets[dimension] = bucket
      let wait = bucket.wait(for: min(count, bucket.capacity)) ?? .zero
      if wait > longest?.1 ?? .zero { longest = (dimension, wait) }
    }
    if let longest { return longest }
    for (dimension, count) in demands where dimension != .outputTokens {
      buckets[dimension]?.take(count)
    }
    return nil
  }

  mutating func settle(outputTokens: Int64) { buckets[.outputTokens]?.take(outputTokens) }

  func headers(of api: ModelAPI, now: Instant) -> [(name: String, value: String)] {
    RateReading.Dimension.allCases.flatMap { dimension -> [(name: String, value: String)] in
      guard let bucket = buckets[dimension] else { return [] }
      let name = dimension.rawValue
      if api == .anthropic {
        // Token figures are rounded to the thousand.
        let isTokens = dimension != .requests
        let left = isTokens ? (bucket.remaining + 500) / 1000 * 1000 : bucket.remaining
        return [
          ("anthropic-ratelimit-\(name)-limit", "\(bucket.perMinute)"),
          ("anthropic-ratelimit-\(name)-remaining", "\(min(left, bucket.perMinute))"),
          (
            "anthropic-ratelimit-\(name)-reset",
            MockText.rfc3339(now.advanced(by: bucket.untilFull))
          ),
        ]
      }
      return [
        ("x-ratelimit-limit-\(name)", "\(bucket.perMinute)"),
        ("x-ratelimit-remaining-\(name)", "\(bucket.remaining)"),
        ("x-ratelimit-reset-\(name)", MockText.goDuration(bucket.untilFull)),
      ]
    }
  }
}
