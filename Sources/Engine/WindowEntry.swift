// One item in the window, and the phase that it is in.

import BatchModel
import Resilience

/// An item that the machine holds.
struct WindowEntry: Hashable, Sendable {
  /// ```
  /// preparing ─► ready ─► admitting ─► admitted ─► ordered ─► checking ─► publishing
  ///     ▲                                             │          │            │
  ///     └──────────────── next step ◄─────────────────┴──────────┴────────────┘
  /// ```
  enum Phase: Hashable, Sendable {
    /// Its key is being computed.
    case preparing
    /// It may start; its start is not written yet.
    case ready(StepKey, why: String)
    /// Its start is being committed.
    case admitting(AttemptID, StepKey)
    /// Its start is committed; its order is not out.
    case admitted(AttemptID, StepKey)
    /// The executor has its order: its process runs, or starts as soon as a slot is free.
    case ordered(AttemptID)
    /// Its result is committed; the checks run.
    case checking(AttemptID)
    /// The intent is committed; its candidate is being put in place.
    case publishing(AttemptID)
  }

  var item: ClaimedItem
  var phase: Phase
  /// Whether a step of it ran in this window, and was not only kept.
  var hasRun = false
  /// Warnings of its step's checks.
  var warnings: [String] = []
  /// What the step takes of a provider, once it is prepared; `nil` for a command.
  var demand: Demand?
  /// What its attempt holds, from its admission to its end.
  var permit: Permit?
  /// What is being checked.
  var candidate: SealedObject?
  /// A person's word that what is under way passes, whatever its checks say.
  var acceptance: Acceptance?
  /// What is being published.
  var intents: [PublishIntent] = []
  /// What a person wants of it as soon as it can be let go.
  var verdict: Verdict?

  /// A person's word on an item that is under way.
  enum Verdict: Hashable, Sendable {
    case skip(reason: String)
    case cancel(reason: String)
  }

  /// The attempt under way, if one is.
  var attempt: AttemptID? {
    switch phase {
    case .preparing, .ready: nil
    case .admitting(let attempt, _), .admitted(let attempt, _), .ordered(let attempt),
      .checking(let attempt), .publishing(let attempt):
      attempt
    }
  }

  /// Turns to the next step; what was held is published by then.
  mutating func goOn(to step: Int) {
    turn(to: step)
    item.review = nil
    item.held = []
  }

  /// Turns to another step of the same round.
  mutating func turn(to step: Int) {
    item.step = step
    item.tries = 0
    item.model = 0
    demand = nil
    permit = nil
    acceptance = nil
    phase = .preparing
  }
}

extension ClaimedItem {
  /// Back to the queue as it stands, at the model that comes next.
  func queuedAgain(note: String = "") -> ItemMoved {
    ItemMoved(
      item: id, to: .queued, step: step, tries: tries, note: note,
      model: model == 0 ? nil : model, review: review)
  }

  /// Waits as it stands.
  func waiting(_ reason: WaitReason, until: Instant, note: String) -> ItemMoved {
    ItemMoved(
      item: id, to: .waiting, step: step, tries: tries, waitReason: reason, until: until,
      note: note, model: model == 0 ? nil : model, review: review)
  }
}
