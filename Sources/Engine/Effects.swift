// What the machine wants done: one durable batch, and what may happen before and after it.

package import BatchModel
package import Resilience

/// The machine's answer to an event.
///
/// `changes` are committed as one batch, in order. `immediate` actions need no durability of this
/// batch; `afterCommit` actions start only when the batch is acknowledged.
package struct Effects: Hashable, Sendable {
  package var immediate: [Action] = []
  package var changes: [Change] = []
  package var afterCommit: [Action] = []
  /// Recorded as applied in the same transaction as the changes.
  package var request: Request?
  package init() {}
}

/// Something outside the machine that is to be done.
package enum Action: Hashable, Sendable {
  /// Ask the store for items; answered by `Event.claimed`.
  ///
  /// - Parameter blocked: steps of which none may start now, in order.
  case claim(limit: Int, scope: Scope, blocked: [Int] = [])
  /// Compute the key of the item's step and compare it with the receipts; `Event.prepared`.
  case prepare(ClaimedItem)
  /// Say `Event.admitted` as soon as this is reached.
  case confirm([AttemptID])
  /// Start the attempt's process as soon as a slot is free; `Event.launched`, then `Event.ended`.
  case launch(LaunchOrder)
  /// Kill the attempt's process tree; `Event.ended` follows.
  case kill(AttemptID)
  /// Take back every order whose process is not started; `Event.ended` follows for each of them.
  case recallWaiting
  /// So many attempts of each kind may run from now on; what runs beyond goes on to its end.
  case resize(Parallel)
  /// Check the sealed candidate and look at its targets; `Event.checked`.
  case check(CheckOrder)
  /// Put the sealed candidate in place; `Event.published`.
  case publish(AttemptID, ItemID, [PublishIntent], overwrite: Bool)
  /// Give items back to the store that were claimed and are not wanted now; `Event.released`.
  case release([ItemID])
  /// Count the canary's items; `Event.canaryCounted`.
  case judgeCanary
  /// The canary was judged: forget its mark.
  case endCanary
  /// Send `Event.tick` at that moment; replaces an earlier wake; `nil` cancels it.
  case wake(Instant?)
  /// The run is over for this engine; nothing follows.
  case leave(Departure)
}

/// Which items are claimed: see the store's `ClaimScope`.
package enum Scope: String, Hashable, Sendable, Codable { case all, canary, focus }

/// What to start.
package struct LaunchOrder: Hashable, Sendable {
  package var attempt: AttemptID
  package var item: ClaimedItem
  /// From 1.
  package var tryNumber: Int
  package var key: StepKey
  /// What it may cost; set for every call of a provider.
  package var reservation: Reservation?
  /// It finds out whether a provider that failed is well again.
  package var isProbe: Bool
  package init(
    attempt: AttemptID, item: ClaimedItem, tryNumber: Int, key: StepKey,
    reservation: Reservation? = nil, isProbe: Bool = false
  ) {
    self.attempt = attempt
    self.item = item
    self.tryNumber = tryNumber
    self.key = key
    self.reservation = reservation
    self.isProbe = isProbe
  }
}

/// What to check.
package struct CheckOrder: Hashable, Sendable {
  package var attempt: AttemptID
  package var item: ClaimedItem
  package var candidate: SealedObject?
  /// The candidate stays where it is: it is published when a review has passed.
  package var isHeld: Bool
  /// A person has accepted the candidate: only its targets are looked at.
  package var isAccepted: Bool
  /// What the worktree's changes became; `nil` without a worktree, and when nothing was changed.
  package var commit: String?
  package init(
    attempt: AttemptID, item: ClaimedItem, candidate: SealedObject?, isHeld: Bool = false,
    isAccepted: Bool = false, commit: String? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.candidate = candidate
    self.isHeld = isHeld
    self.isAccepted = isAccepted
    self.commit = commit
  }
}

/// Why an engine leaves its run.
package enum Departure: Hashable, Sendable {
  /// Nothing is left to do.
  case finished
  /// What `--only`, `--limit` or `--sample` let through is done; the rest is still queued.
  case focusDone
  /// A person or a time asked for it.
  case stopped
  /// A signal asked for it.
  case interrupted
  /// Everything that is left waits for so long that the engine does not stay for it.
  case longWait(until: Instant)
  /// The cap is reached, or a bill exceeded its bound.
  case capReached
}
