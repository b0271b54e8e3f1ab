// What the engine writes: every change is applied to the store and appended to the ledger in the
// same transaction, so replaying the ledger gives the same state.

package import Resilience

/// One durable change of a run.
///
/// Its JSON form is the ledger event's body: the payload's members
/// and `type`.
package enum Change: Hashable, Sendable {
  /// A run begins (a new one) or goes on (a new engine of an old one).
  case runStarted(RunStarted)
  case runMoved(RunMoved)
  /// Items were enqueued from the source, at most 10,000 an event; the object lists them.
  case itemsEnqueued(ItemsEnqueued)
  /// T1: an attempt is about to start.
  case attemptStarted(AttemptStarted)
  /// The attempt's process runs. Written behind, never waited for.
  case attemptLaunched(AttemptLaunched)
  /// The attempt ended without a result.
  case attemptEnded(AttemptEnded)
  /// T2: the attempt left a result; never paid again from here on.
  case resultRecorded(ResultRecorded)
  /// The checks of a result said no: the result stays, the step is not done.
  case resultRejected(ResultRejected)
  /// A result passed its checks and waits for a later step's review.
  case resultHeld(ResultHeld)
  /// A review sent the work back.
  case sentBack(SentBack)
  /// T3: what is going to be published.
  case publishing(Publishing)
  /// T4: the receipt; the item goes to its next step or is done.
  case stepDone(StepDone)
  /// An item changed its state in any other way.
  case itemMoved(ItemMoved)
  /// A request on many items, at most 10,000 an event; the object lists their ids.
  case itemsMoved(ItemsMoved)
  /// A provider's breaker moved, or it is held until a time.
  case providerMoved(ProviderMoved)
  /// The run's cap was changed, or a bill exceeded its bound.
  case budgetMoved(BudgetMoved)
  /// Something that changes no item: healed, host slept, canary judged, request refused.
  case noted(Noted)
  /// A hook told that it created, modified, applied or merged a file.
  case artifactTracked(ArtifactTracked)
  /// A person held a part of the run back, or let it go on.
  case holdMoved(HoldMoved)
  /// A person changed how many attempts run at the same time.
  case parallelMoved(ParallelMoved)
  /// The retry of a group began with its first items, was judged by them, or reached the rest.
  case canaryMoved(CanaryMoved)
  /// A person left a note on an item or a group of failures.
  case remarked(Remarked)
}

package struct RunStarted: Hashable, Sendable, Codable {
  package var run: RunID
  package var epoch: Epoch
  package var batch: String
  package var definition: Digest
  package var pid: Int32
  package var bootID: String
  package var host: String
  package var resumed: Bool
  package init(
    run: RunID, epoch: Epoch, batch: String, definition: Digest, pid: Int32, bootID: String,
    host: String, resumed: Bool
  ) {
    self.run = run
    self.epoch = epoch
    self.batch = batch
    self.definition = definition
    self.pid = pid
    self.bootID = bootID
    self.host = host
    self.resumed = resumed
  }
}

package struct RunMoved: Hashable, Sendable, Codable {
  package var run: RunID
  package var to: RunState
  /// One sentence: `paused by hand`, `canary: 4 of 10 failed, at most 2 allowed`.
  package var why: String
  /// Who asked: a user's name, or `engine`.
  package var by: String
  /// What a program can go by, where `why` is for a person.
  package var cause: Cause?
  package enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
    /// The cap has no room, or a bill exceeded its bound.
    case capReached = "cap-reached"
  }
  /// The reason of a run that a signal stopped.
  package static func interruption(by signal: Int32) -> String {
    "interrupted by signal \(signal)"
  }
  package init(run: RunID, to: RunState, why: String, by: String, cause: Cause? = nil) {
    self.run = run
    self.to = to
    self.why = why
    self.by = by
    self.cause = cause
  }
}

package struct ItemsEnqueued: Hashable, Sendable, Codable {
  package var run: RunID
  package var count: Int
  /// NDJSON of `SourceItem`, in source order.
  package var object: Digest
  /// The first new item; the others have the numbers that follow.
  package var first: ItemID?
  package init(run: RunID, count: Int, object: Digest, first: ItemID? = nil) {
    self.run = run
    self.count = count
    self.object = object
    self.first = first
  }
}

package struct AttemptStarted: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  /// From 1.
  package var tryNumber: Int
  package var epoch: Epoch
  package var key: StepKey
  /// Why it runs: `new`, `changed: file Sources/A.swift`, `retry`, `forced`.
  package var why: String
  /// What it may cost; `nil` for an attempt that costs nothing.
  package var reservation: Reservation?
  package init(
    attempt: AttemptID, item: ItemID, step: Int, tryNumber: Int, epoch: Epoch, key: StepKey,
    why: String, reservation: Reservation? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.tryNumber = tryNumber
    self.epoch = epoch
    self.key = key
    self.why = why
    self.reservation = reservation
  }
}

package struct AttemptLaunched: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var pid: Int32
  package init(attempt: AttemptID, item: ItemID, pid: Int32) {
    self.attempt = attempt
    self.item = item
    self.pid = pid
  }
}

package struct AttemptEnded: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var outcome: AttemptOutcome
  /// Set when `outcome` is `failed`.
  package var failure: Failure?
  package var signature: Signature?
  package var usage: ProcessUsage?
  /// What it is charged; `nil` when nothing was reserved, or nothing is due.
  package var consumption: Consumption?
  package init(
    attempt: AttemptID, item: ItemID, outcome: AttemptOutcome, failure: Failure? = nil,
    signature: Signature? = nil, usage: ProcessUsage? = nil, consumption: Consumption? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.outcome = outcome
    self.failure = failure
    self.signature = signature
    self.usage = usage
    self.consumption = consumption
  }
}

/// What a process used.
package struct ProcessUsage: Hashable, Sendable, Codable {
  package var elapsedMilliseconds: Int64
  package var outputBytes: Int64
  package init(elapsedMilliseconds: Int64, outputBytes: Int64) {
    self.elapsedMilliseconds = elapsedMilliseconds
    self.outputBytes = outputBytes
  }
}

package struct ResultRecorded: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  package var candidate: SealedObject?
  package var usage: ProcessUsage
  /// The settlement: what the reservation became.
  package var consumption: Consumption?
  /// The git commit that the step's worktree became, pinned by a ref before it is written here.
  package var commit: String?
  package init(
    attempt: AttemptID, item: ItemID, step: Int, candidate: SealedObject?, usage: ProcessUsage,
    consumption: Consumption? = nil, commit: String? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.candidate = candidate
    self.usage = usage
    self.consumption = consumption
    self.commit = commit
  }
}

package struct ResultRejected: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var failure: Failure
  package var signature: Signature
  package init(attempt: AttemptID, item: ItemID, failure: Failure, signature: Signature) {
    self.attempt = attempt
    self.item = item
    self.failure = failure
    self.signature = signature
  }
}

package struct ResultHeld: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  package var warnings: [String]
  package var nextStep: Int
  /// Set when T2 is part of this change: there were no checks.
  package var result: ResultRecorded?
  package init(
    attempt: AttemptID, item: ItemID, step: Int, warnings: [String], nextStep: Int,
    result: ResultRecorded?
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.warnings = warnings
    self.nextStep = nextStep
    self.result = result
  }
}

package struct SentBack: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  /// The step that does the work again.
  package var to: Int
  package var state: ReviewState
  package var result: ResultRecorded
  package init(
    attempt: AttemptID, item: ItemID, step: Int, to: Int, state: ReviewState,
    result: ResultRecorded
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.to = to
    self.state = state
    self.result = result
  }
}

package struct Publishing: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var intents: [PublishIntent]
  package init(attempt: AttemptID, item: ItemID, intents: [PublishIntent]) {
    self.attempt = attempt
    self.item = item
    self.intents = intents
  }
}

package struct StepDone: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  package var artifacts: [Artifact]
  package var warnings: [String]
  /// The step that the item does next; `nil` when it is done.
  package var nextStep: Int?
  /// Set when T2 and T4 are one transaction: the result that would have been recorded before.
  package var result: ResultRecorded?
  /// Set when a person accepted the result although a check or a review said no.
  package var acceptance: Acceptance?
  package init(
    attempt: AttemptID, item: ItemID, step: Int, artifacts: [Artifact], warnings: [String] = [],
    nextStep: Int?, result: ResultRecorded? = nil, acceptance: Acceptance? = nil
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.artifacts = artifacts
    self.warnings = warnings
    self.nextStep = nextStep
    self.result = result
    self.acceptance = acceptance
  }
}

package struct ItemMoved: Hashable, Sendable, Codable {
  package var item: ItemID
  package var to: ItemState
  /// The step it stands at afterwards.
  package var step: Int
  /// Failed tries of that step so far.
  package var tries: Int
  package var waitReason: WaitReason?
  /// When a waiting item is due.
  package var until: Instant?
  package var skipReason: SkipReason?
  package var signature: Signature?
  /// For a person: what failed, what it waits for, who moved it.
  package var note: String
  /// The place in the step's chain of models of the one that is asked next; `nil` is the first.
  package var model: Int?
  /// Where it stands in its rounds; `nil` is at their beginning.
  package var review: ReviewState?
  package init(
    item: ItemID, to: ItemState, step: Int, tries: Int = 0, waitReason: WaitReason? = nil,
    until: Instant? = nil, skipReason: SkipReason? = nil, signature: Signature? = nil,
    note: String = "", model: Int? = nil, review: ReviewState? = nil
  ) {
    self.item = item
    self.to = to
    self.step = step
    self.tries = tries
    self.waitReason = waitReason
    self.until = until
    self.skipReason = skipReason
    self.signature = signature
    self.note = note
    self.model = model
    self.review = review
  }
}

package struct ProviderMoved: Hashable, Sendable, Codable {
  package var provider: String
  /// A stable word: `breaker-open`, `breaker-half-open`, `breaker-closed`; `held` for a quota,
  /// `rate-limited`, `freed` when such a wait is over.
  package var to: String
  package var until: Instant?
  /// One sentence for a person.
  package var why: String
  package var state: ProviderState
  package init(
    provider: String, to: String, until: Instant? = nil, why: String, state: ProviderState
  ) {
    self.provider = provider
    self.to = to
    self.until = until
    self.why = why
    self.state = state
  }
}

package struct BudgetMoved: Hashable, Sendable, Codable {
  package var state: BudgetState
  package var why: String
  package var by: String
  package init(state: BudgetState, why: String, by: String) {
    self.state = state
    self.why = why
    self.by = by
  }
}

package struct ItemsMoved: Hashable, Sendable, Codable {
  package var run: RunID
  package var action: ItemAction
  package var count: Int
  /// NDJSON of item ids.
  package var object: Digest
  package var by: String
  package init(run: RunID, action: ItemAction, count: Int, object: Digest, by: String) {
    self.run = run
    self.action = action
    self.count = count
    self.object = object
    self.by = by
  }
}

/// What a request does to items.
package enum ItemAction: Hashable, Sendable, Codable {
  /// Queued again, from `fromStep` on (an index) or from the step at which it stopped.
  case retry(fromStep: Int?, overrides: Overrides)
  case skip(reason: String)
  case cancel(reason: String)
  /// A rejected or held candidate is good: the next thing is its publication, and nothing runs again.
  /// `overwrite` also over a target that was changed by hand.
  case accept(reason: String, overwrite: Bool)
  /// The step that made the candidate does it again, in a round that a person grants.
  case sendBack(feedback: String)
}

package struct Noted: Hashable, Sendable, Codable {
  package var run: RunID
  /// A stable word: `host-slept`, `healed`, `canary-passed`, `canary-failed`, `request-refused`.
  package var code: String
  package var message: String
  /// The code that says that a group of failures was resolved and fails again.
  package static let groupReopened = "group-reopened"
  package init(run: RunID, code: String, message: String) {
    self.run = run
    self.code = code
    self.message = message
  }
}
