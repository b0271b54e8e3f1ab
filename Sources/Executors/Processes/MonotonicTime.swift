// The clock of time-outs: it stands still while the host sleeps, so a sleep fires none.

import Glibc

/// CLOCK_MONOTONIC in nanoseconds.
enum MonotonicTime {
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension Duration {
  /// For deadlines: never negative, and never so large that a sum overflows.
  var deadlineNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 1_000_000_000 else { return 1_000_000_000 * 1_000_000_000 }
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }

  /// For reports: whole milliseconds.
  var deadlineMilliseconds: Int64 { Int64(deadlineNanoseconds / 1_000_000) }
}
