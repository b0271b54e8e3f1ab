// One timer on the wall clock: a wait that a sleeping machine overslept is over when it wakes.

import Dispatch
package import Resilience
import Synchronization

/// Calls back at a moment that can be moved.
package final class Alarm: Sendable {
  /// Dispatch's objects may be used from any thread.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// - Parameter ring: called on a queue of the alarm's own.
  package init(ring: @escaping @Sendable () -> Void) {
    timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "footplate.alarm"))
    timer.setEventHandler(handler: ring)
    timer.activate()
  }

  deinit { timer.cancel() }

  /// Rings once at `moment`, at once if it has passed; `nil` rings no more.
  package func set(_ moment: Instant?) {
    guard let moment else { return timer.schedule(deadline: .distantFuture) }
    let delay = Instant.wallClock.duration(to: moment).nanosecondsClamped
    timer.schedule(wallDeadline: .now() + .nanoseconds(Int(max(0, delay))))
  }
}
