// What a machine is built with: nothing in it changes while the machine lives, but the slots.

package import BatchModel
package import Resilience

/// The machine's fixed knowledge of its run.
package struct Configuration: Hashable, Sendable {
  package var run: RunID
  package var epoch: Epoch
  package let steps: [Step]
  /// Attempts that run at the same time.
  package var slots: Int
  /// Which items are claimed first.
  package var scope: Scope
  package var canary: Canary?
  package var isPaused: Bool
  /// The first attempt number that is free.
  package var firstAttempt: AttemptID
  /// Calls of model APIs that run at the same time.
  package var callSlots: Int
  /// Those that the steps name, and how each stood last.
  package var providers: [Provider]
  package var providerStates: [String: ProviderState]
  package var allowance: Allowance
  /// When the machine was made, for the day's cap.
  package var startedAt: Instant
  /// A wait that is longer ends the engine, resumably; `nil`: it sleeps.
  package var longWait: Duration?
  /// Whether a cap that is reached ends the engine although the definition says `pause`: nobody is
  /// there to raise it.
  package var leavesAtCap: Bool
  /// Attempts that are with the executor beyond the slots: it starts the next one itself when one
  /// ends, and no slot waits for this machine's turn.
  ///
  /// None where a step has a workspace of its own: it is made with the order, and stands for nothing
  /// while the order waits.
  package let orderedAheadLimit: Int
  /// What a person holds back.
  package var holds: [Hold]
  /// The numbers of slots when no person has set others.
  package var definedParallel: Parallel

  package init(
    run: RunID, epoch: Epoch, steps: [Step], slots: Int, scope: Scope = .all,
    canary: Canary? = nil, isPaused: Bool = false, firstAttempt: AttemptID, callSlots: Int = 16,
    providers: [Provider] = [], providerStates: [String: ProviderState] = [:],
    allowance: Allowance = Allowance(), startedAt: Instant = Instant(nanoseconds: 0),
    longWait: Duration? = nil, leavesAtCap: Bool = false, holds: [Hold] = [],
    definedParallel: Parallel? = nil
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
    self.callSlots = callSlots
    self.providers = providers
    self.providerStates = providerStates
    self.allowance = allowance
    self.startedAt = startedAt
    self.longWait = longWait
    self.leavesAtCap = leavesAtCap
    self.holds = holds
    self.definedParallel = definedParallel ?? Parallel(run: slots, llm: callSlots)
    orderedAheadLimit = steps.contains { $0.workspace != .shared } ? 0 : 16
  }

  /// The window: items that are held in memory at most.
  package var windowLimit: Int { max(256, 4 * slots, 4 * callSlots) }
  /// Attempts whose start is committed ahead of a free slot, so that a slot never waits for a
  /// commit: short commands would otherwise run at the disk's pace.
  package var admittedAheadLimit: Int { max(64, 2 * slots) }
}
