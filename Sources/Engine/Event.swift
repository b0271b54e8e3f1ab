// What the machine is told: answers of the store, ends of attempts, requests, the clock.

package import BatchModel
package import Resilience

/// Everything that the outside tells the machine.
package enum Event: Hashable, Sendable {
  /// The engine begins; the store holds the run and nothing is in the window.
  case started
  /// The answer to `Action.claim`.
  case claimed(ClaimAnswer)
  /// The answer to `Action.release`: a claim finds the items from now on.
  case released
  /// The answer to `Action.prepare`.
  case prepared(ItemID, Preparation)
  /// The start of these attempts (T1) is committed.
  case admitted([AttemptID])
  case launched(AttemptID, pid: Int32)
  /// The attempt's process tree is gone and its candidate, if any, is sealed.
  case ended(AttemptID, AttemptReport)
  /// The answer to `Action.check`.
  case checked(AttemptID, CheckReport)
  /// The answer to `Action.publish`.
  case published(AttemptID, PublishReport)
  /// A client's request that concerns the run itself.
  case requested(Request)
  /// A client's request moved items in the store; the window holds `held` of those it meant.
  case moved(ItemAction, changed: Int, held: [ItemID])
  /// The answer to `Action.judgeCanary`.
  case canaryCounted(ItemCounts)
  /// SIGINT or SIGTERM: drain; a second one stops now.
  case interrupted(signal: Int32)
  /// The moment that `Action.wake` asked for, or any other moment.
  case tick
}

/// An answer of the store to a claim.
package struct ClaimAnswer: Hashable, Sendable {
  package var items: [ClaimedItem]
  /// When the next waiting item is due.
  package var nextDue: Instant?
  /// Items that are queued or waiting and not in the window.
  package var open: Int
  package init(items: [ClaimedItem], nextDue: Instant? = nil, open: Int) {
    self.items = items
    self.nextDue = nextDue
    self.open = open
  }
}

/// What is to be done with a step of an item, after its key was computed.
package enum Preparation: Hashable, Sendable {
  /// Run it: `why` is `new`, `forced` or what changed; a call of a provider has a demand.
  case run(StepKey, why: String, demand: Demand? = nil)
  /// A receipt covers it; `note` says what was restored or found.
  case keep(SkipReason, note: String)
  /// The step cannot be prepared for this item.
  case fail(Failure)
}

/// How an attempt ended.
package struct AttemptReport: Hashable, Sendable {
  package enum End: Hashable, Sendable {
    /// It did what it owes; `nil` when it owes no candidate.
    case succeeded(candidate: SealedObject?)
    case failed(Failure)
    /// A review wants changes, and says which.
    case sentBack(feedback: String)
    /// It was killed because the machine asked for it.
    case killed
    /// It was taken back before a process was made for it.
    case neverStarted
  }
  package var end: End
  package var usage: ProcessUsage
  /// Input files that changed while it ran: its result belongs to no key.
  package var changedInputs: [String]
  /// Set for every attempt that has a reservation and was started, and for one that has none and told
  /// what it used.
  package var call: CallReport?
  /// The commit that its worktree became: in the repository, and pinned by a ref.
  package var commit: String?
  package init(
    end: End, usage: ProcessUsage, changedInputs: [String] = [], call: CallReport? = nil,
    commit: String? = nil
  ) {
    self.end = end
    self.usage = usage
    self.changedInputs = changedInputs
    self.call = call
    self.commit = commit
  }
}

/// What the checks said of a sealed candidate, and what its publication would replace.
package struct CheckReport: Hashable, Sendable {
  /// `name: message` of each failed check, in the definition's order.
  package var failures: [String]
  package var intents: [PublishIntent]
  /// Targets that a person changed since their receipt, or that cannot be published.
  package var refusal: Failure?
  package init(failures: [String] = [], intents: [PublishIntent], refusal: Failure? = nil) {
    self.failures = failures
    self.intents = intents
    self.refusal = refusal
  }
}

/// How a publication ended.
package enum PublishReport: Hashable, Sendable {
  case published([Artifact])
  case refused(Failure)
}
