// A token bucket as providers keep them: exact, refilled continuously.

import Resilience

/// A bucket that a minute fills by `perMinute`.
struct MockBucket: Hashable {
  let perMinute: Int64
  let capacity: Int64
  /// In tokens · 60 · 10⁹, so that refilling by the nanosecond is exact.
  private var level: Int128
  private var filledAt: Instant

  private static let scale: Int128 = 60_000_000_000

  init(perMinute: Int64, burstSeconds: Int64, now: Instant) {
    self.perMinute = perMinute
    capacity = max(1, Int64(clamping: Int128(perMinute) * Int128(burstSeconds) / 60))
    level = Int128(capacity) * Self.scale
    filledAt = now
  }

  mutating func refill(now: Instant) {
    let elapsed = max(0, filledAt.duration(to: now).nanosecondsClamped)
    level = min(Int128(capacity) * Self.scale, level + Int128(elapsed) * Int128(perMinute))
    filledAt = max(filledAt, now)
  }

  /// Whole tokens that are there; none while the bucket is overdrawn.
  var remaining: Int64 { max(0, Int64(clamping: level / Self.scale)) }

  /// Until `count` are there; zero when they are, `nil` when they never will be.
  func wait(for count: Int64) -> Duration? {
    guard count <= capacity else { return nil }
    return pause(until: Int128(count) * Self.scale)
  }

  /// Until the bucket is full.
  var untilFull: Duration { pause(until: Int128(capacity) * Self.scale) }

  private func pause(until wanted: Int128) -> Duration {
    guard wanted > level else { return .zero }
    let rate = Int128(perMinute)
    return .nanoseconds(Int64(clamping: (wanted - level + rate - 1) / rate))
  }

  /// Takes `count`, below nothing if need be: what an answer used is known only afterwards.
  mutating func take(_ count: Int64) { level -= Int128(count) * Self.scale }
}
