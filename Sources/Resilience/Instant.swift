// A point on the caller's time line, so that policies need no clock of their own.

/// A moment in nanoseconds since 1970-01-01T00:00:00Z (or any epoch that a test chooses).
///
/// Policies take it as an argument. It covers the years 1678 to 2262.
public struct Instant: Hashable, Sendable, Comparable, Codable, InstantProtocol {
  /// Nanoseconds since the epoch.
  public var nanoseconds: Int64

  /// Makes the instant that lies `nanoseconds` after the epoch.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Makes the instant that lies `milliseconds` after the epoch.
  public init(milliseconds: Int64) { self.nanoseconds = milliseconds * 1_000_000 }

  /// Whole milliseconds since the epoch, rounded down: what the store keeps.
  public var milliseconds: Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The instant `duration` later; saturates at the ends of the time line.
  public func advanced(by duration: Duration) -> Instant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanosecondsClamped)
    guard overflow else { return Instant(nanoseconds: sum) }
    return Instant(nanoseconds: duration < .zero ? .min : .max)
  }

  /// The time from this instant to `other`; negative when `other` is earlier.
  public func duration(to other: Instant) -> Duration {
    .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
  }

  /// Orders by time.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Duration {
  /// The duration in nanoseconds, clamped to what `Int64` holds (292 years).
  public var nanosecondsClamped: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    guard !overflowed else { return seconds < 0 ? .min : .max }
    return sum
  }

  /// The duration in seconds as a floating-point number, for display and jitter only.
  public var inSeconds: Double { Double(nanosecondsClamped) / 1e9 }
}
