// When a failed attempt is tried again: decorrelated jitter.

/// How often, and after what pause, a failed step is tried again.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015 (decorrelated jitter):
/// `sleep = min(cap, U(base, 3 · previous sleep))`.
public struct RetryPolicy: Hashable, Sendable, Codable {
  /// Tries in all, the first one included; at least 1.
  public var attempts: Int
  /// The shortest pause.
  public var base: Duration
  /// The longest pause.
  public var cap: Duration

  /// Makes a policy; the defaults are 4 attempts, 1 s and 60 s.
  public init(attempts: Int = 4, base: Duration = .seconds(1), cap: Duration = .seconds(60)) {
    precondition(attempts >= 1, "a step is tried at least once")
    precondition(base >= .zero && cap >= base, "0 <= base <= cap")
    self.attempts = attempts
    self.base = base
    self.cap = cap
  }

  /// The pause before the next try.
  ///
  /// - Parameters:
  ///   - previous: The pause before the try that has just failed; `nil` after the first try.
  ///   - floor: What a server asked for (Retry-After): the pause is never shorter.
  public func pause(
    after previous: Duration?, floor: Duration = .zero,
    using random: inout some RandomNumberGenerator
  ) -> Duration {
    let low = base.nanosecondsClamped
    let (tripled, overflow) = (previous ?? base).nanosecondsClamped
      .multipliedReportingOverflow(by: 3)
    let high = max(low, overflow ? .max : tripled)
    let drawn = min(cap.nanosecondsClamped, Int64.random(in: low...high, using: &random))
    return .nanoseconds(drawn) + floor
  }

  /// The pause after `tries` failed tries, for a caller that keeps no earlier pause.
  ///
  /// The longest pause that could have gone before (base · 3^(tries − 2), capped) stands in for it:
  /// the same bounds, and nothing to remember through a crash.
  /// `floor` is what a server asked for: the jittered pause comes on top of it.
  public func pause(
    afterTries tries: Int, floor: Duration = .zero,
    using random: inout some RandomNumberGenerator
  ) -> Duration {
    var longest = base
    for _ in 1..<max(tries, 1) where longest < cap { longest = min(cap, longest * 3) }
    return pause(after: tries <= 1 ? nil : longest, floor: floor, using: &random)
  }
}
