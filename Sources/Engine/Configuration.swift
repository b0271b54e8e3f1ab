// What a machine is built with: nothing in it changes while the machine lives, but the slots.

package import BatchModel

/// The machine's fixed knowledge of its run.
package struct Configuration: Hashable, Sendable {
  package var run: RunID
  package var epoch: Epoch
  package var steps: [Step]
  /// Attempts that run at the same time.
  package var slots: Int
  /// Which items are claimed first.
  package var scope: Scope
  package var canary: Canary?
  package var isPaused: Bool
  /// The first attempt number that is free.
  package var firstAttempt: AttemptID

  package init(
    run: RunID, epoch: Epoch, steps: [Step], slots: Int, scope: Scope = .all,
    canary: Canary? = nil, isPaused: Bool = false, firstAttempt: AttemptID
  ) {
    precondition(!steps.isEmpty && slots >= 1, "a run has steps and slots")
    self.run = run
    self.epoch = epoch
    self.steps = steps
    self.slots = slots
    self.scope = scope
    self.canary = canary
    self.isPaused = isPaused
    self.firstAttempt = firstAttempt
  }

  /// The window: items that are held in memory at most.
  package var windowLimit: Int { max(256, 4 * slots) }
  /// Attempts whose start is committed ahead of a free slot, so that a slot never waits for a
  /// commit: short commands would otherwise run at the disk's pace.
  package var admittedAheadLimit: Int { max(32, 2 * slots) }
  /// Attempts that are with the executor beyond the slots: it starts the next one itself when one
  /// ends, and no slot waits for this machine's turn.
  package var orderedAheadLimit: Int { 16 }
}
