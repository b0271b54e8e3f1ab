// Time as calls see it, apart so that tests can move it.

import Glibc
import Resilience

/// A clock for time-outs.
struct CallClock: Sendable {
  /// Since some moment that stays the same.
  var now: @Sendable () -> Duration
  /// Returns at that time; throws when the task is cancelled.
  var sleep: @Sendable (_ until: Duration) async throws -> Void

  /// Stands still while the host sleeps, so that no call times out by that.
  static let system: CallClock = {
    let clock = SuspendingClock()
    let start = clock.now
    return CallClock(
      now: { start.duration(to: clock.now) },
      sleep: { try await clock.sleep(until: start.advanced(by: $0)) })
  }()
}

/// The wall clock, for what providers say about times.
enum WallClock {
  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// How far local clocks are ahead of UTC now.
  static var offset: Duration {
    var seconds = time(nil)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return .zero }
    return .seconds(parts.tm_gmtoff)
  }
}
