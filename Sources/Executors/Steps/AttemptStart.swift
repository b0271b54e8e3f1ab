// What an executor is handed to start an attempt.

package import BatchModel

/// An attempt to be started.
package struct AttemptStart<Order: Sendable>: Sendable {
  let attempt: AttemptID
  /// Makes the order; may block.
  let order: @Sendable () throws -> Order
  /// Called with the pid when a process has the attempt; must return at once.
  let onLaunch: @Sendable (Int32) -> Void
  /// Comes on a thread of the executor; must return soon.
  let onEnd: @Sendable (AttemptReport) -> Void

  package init(
    attempt: AttemptID, order: @escaping @Sendable () throws -> Order,
    onLaunch: @escaping @Sendable (Int32) -> Void,
    onEnd: @escaping @Sendable (AttemptReport) -> Void
  ) {
    self.attempt = attempt
    self.order = order
    self.onLaunch = onLaunch
    self.onEnd = onEnd
  }
}
