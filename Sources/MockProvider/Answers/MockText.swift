// The forms in which providers write times, from the writing side.

import BatchModel
import Resilience

enum MockText {
  /// Whole seconds, rounded up: `2026-11-21T10:00:01Z`.
  static func rfc3339(_ instant: Instant) -> String {
    let seconds = (instant.milliseconds + 999) / 1000
    return String(Instant(milliseconds: seconds * 1000).rfc3339.dropLast(5)) + "Z"
  }

  /// As Go prints it, rounded up to the millisecond: `6m0s`, `1.5s`, `12ms`.
  static func goDuration(_ duration: Duration) -> String {
    let milliseconds = (duration.nanosecondsClamped + 999_999) / 1_000_000
    guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
    let minutes = milliseconds / 60_000
    let rest = milliseconds % 60_000
    let part = String(1000 + rest % 1000).dropFirst()
    let seconds = rest % 1000 == 0 ? "\(rest / 1000)s" : "\(rest / 1000).\(part)s"
    return minutes == 0 ? seconds : "\(minutes)m\(seconds)"
  }

  /// Whole seconds, rounded up, at least one.
  static func retryAfter(_ duration: Duration) -> Int64 {
    max(1, (duration.nanosecondsClamped + 999_999_999) / 1_000_000_000)
  }
}
