// What a provider's headers say about its rate limits: readings by which a limiter is corrected.

package import Resilience

/// One limited quantity, as the provider saw it when it answered.
package struct RateReading: Hashable, Sendable {
  /// What is limited; per minute, unless the provider says otherwise elsewhere.
  package enum Dimension: String, Hashable, Sendable, CaseIterable {
    case requests
    /// Input and output together.
    case tokens
    case inputTokens = "input-tokens"
    case outputTokens = "output-tokens"
    /// OpenAI's limit of a whole project.
    case projectTokens = "project-tokens"
  }
  package var dimension: Dimension
  package var limit: Int64?
  /// Anthropic rounds it to the nearest thousand.
  package var remaining: Int64?
  /// When the quantity is *fully* replenished; some of it is there long before.
  package var fullAt: Instant?

  package init(
    dimension: Dimension, limit: Int64? = nil, remaining: Int64? = nil, fullAt: Instant? = nil
  ) {
    self.dimension = dimension
    self.limit = limit
    self.remaining = remaining
    self.fullAt = fullAt
  }
}

/// Readers of rate-limit headers.
package enum RateHeaders {
  /// The readings in `headers`, in the order of the dimensions; a header that is missing or makes no
  /// sense leaves its field empty, and a dimension without any field is left out.
  ///
  /// A limit of 0 or less says nothing (seen from Azure OpenAI), nor does its `remaining`; a negative
  /// `remaining` says nothing either.
  package static func readings(
    in headers: HTTPHeaders, api: ModelAPI, now: Instant
  ) -> [RateReading] {
    (api == .anthropic ? anthropicNames : openaiNames).compactMap { names in
      var reading = RateReading(dimension: names.dimension)
      let limit = headers[names.limit].flatMap { Int64($0) }
      if let limit, limit <= 0 { return nil }
      reading.limit = limit
      reading.remaining = headers[names.remaining].flatMap { Int64($0) }.flatMap {
        $0 < 0 || $0 > limit ?? .max ? nil : $0
      }
      reading.fullAt = headers[names.reset].flatMap { reset($0, now: now) }
      let isEmpty = reading.limit == nil && reading.remaining == nil && reading.fullAt == nil
      return isEmpty ? nil : reading
    }
  }

  /// The headers of one dimension.
  private struct Names {
    let dimension: RateReading.Dimension
    let limit: String
    let remaining: String
    let reset: String

    init(_ dimension: RateReading.Dimension, _ name: (_ field: String) -> String) {
      self.dimension = dimension
      limit = name("limit")
      remaining = name("remaining")
      reset = name("reset")
    }
  }

  // Made once, since every answer is searched for all of them.
  private static let anthropicNames = RateReading.Dimension.allCases.map { dimension in
    Names(dimension) { "anthropic-ratelimit-\(dimension.rawValue)-\($0)" }
  }
  private static let openaiNames = RateReading.Dimension.allCases.map { dimension in
    Names(dimension) { "x-ratelimit-\($0)-\(dimension.rawValue)" }
  }

  /// RFC 3339 (Anthropic), a Go duration (OpenAI) or whole seconds (Azure); the past means now.
  private static func reset(_ text: String, now: Instant) -> Instant? {
    if let wait = TimeText.number(text, of: .seconds(1)) ?? TimeText.goDuration(text) {
      return now.advanced(by: wait)
    }
    guard let instant = TimeText.rfc3339(text), now.duration(to: instant) <= TimeText.waitMax else {
      return nil
    }
    return max(now, instant)
  }
}
