// What a response says about trying again, in the order in which the vendors' own clients obey it.

package import Resilience

/// A server's own word on when, and whether, to try again.
package struct RetryAdvice: Hashable, Sendable {
  /// Never in the past; `nil` when it said nothing that can be understood.
  package var notBefore: Instant?
  /// `x-should-retry`, where it is sent.
  package var shouldRetry: Bool?

  /// Reads `retry-after-ms`, else `retry-after` in seconds or as an HTTP date, and `x-should-retry`.
  ///
  /// A time in the past means now; garbage, and a wait of more than a year, mean nothing. Source: the
  /// retry code of the vendors' Python SDKs, 2026.
  package init(headers: HTTPHeaders, now: Instant) {
    switch headers["x-should-retry"]?.lowercased() {
    case "true"?: shouldRetry = true
    case "false"?: shouldRetry = false
    default: break
    }
    if let wait = headers["retry-after-ms"].flatMap({
      TimeText.number($0, of: .milliseconds(1))
    }) {
      notBefore = now.advanced(by: wait)
    } else if let text = headers["retry-after"] {
      notBefore = Self.time(text, now: now)
    }
  }

  private static func time(_ text: String, now: Instant) -> Instant? {
    if let wait = TimeText.number(text, of: .seconds(1)) { return now.advanced(by: wait) }
    guard let date = TimeText.httpDate(text) ?? TimeText.rfc3339(text) else { return nil }
    guard now.duration(to: date) <= TimeText.waitMax else { return nil }
    return max(now, date)
  }
}
