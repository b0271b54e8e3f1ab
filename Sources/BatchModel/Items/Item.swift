// An item as the source gives it, and as the engine gets it from the store.

/// One unit of the queue, as its source gives it.
package struct SourceItem: Hashable, Sendable, Codable {
  package var key: String
  /// The variables that templates may use: an object.
  package var payload: JSONValue
  /// Keys that must be done first.
  package var after: [String]
  package init(key: String, payload: JSONValue, after: [String] = []) {
    self.key = key
    self.payload = payload
    self.after = after
  }
}

/// An item that the engine holds in its window.
package struct ClaimedItem: Hashable, Sendable {
  package var id: ItemID
  /// Its place in the source, from 1.
  package var ordinal: Int64
  package var key: String
  /// 1 for the first item with this key, 2 for the second, and so on.
  package var occurrence: Int
  package var payload: JSONValue
  /// The step to do next, an index into the batch's steps.
  package var step: Int
  /// Failed tries of that step so far.
  package var tries: Int
  package var overrides: Overrides
  /// The place in the step's chain of models of the one that is asked next.
  package var model: Int
  /// What its attempts have cost so far, metered.
  package var spent: Money
  /// Where it stands in its rounds.
  package var review: ReviewState?
  /// Results of earlier steps that wait for a review, by step.
  package var held: [HeldResult]
  /// What a crash left behind between T2 and T4, or a person accepted, to go on from.
  package var unfinished: UnfinishedResult?

  package init(
    id: ItemID, ordinal: Int64, key: String, occurrence: Int = 1, payload: JSONValue,
    step: Int = 0, tries: Int = 0, overrides: Overrides = Overrides(), model: Int = 0,
    spent: Money = .zero, review: ReviewState? = nil, held: [HeldResult] = [],
    unfinished: UnfinishedResult? = nil
  ) {
    self.id = id
    self.ordinal = ordinal
    self.key = key
    self.occurrence = occurrence
    self.payload = payload
    self.step = step
    self.tries = tries
    self.overrides = overrides
    self.model = model
    self.spent = spent
    self.review = review
    self.held = held
    self.unfinished = unfinished
  }
}

/// What a retry changes for one item.
package struct Overrides: Hashable, Sendable, Codable {
  /// Replaces the step's time-out, in milliseconds.
  package var timeoutMilliseconds: Int64?
  /// Runs again whatever the receipts say.
  package var force: Bool
  /// Overwrites a target that a person changed (the old form is kept as an object).
  package var overwrite: Bool
  /// Asks this model instead of the step's chain.
  package var model: String?
  /// Replaces the cap of the item.
  package var perItem: Money?
  /// Replaces the whole rendered prompt of the step that is retried; at most `promptBytesMax`.
  package var prompt: String?
  /// Laid over the parameters of the step that is retried; `null` takes one away.
  package var params: [String: JSONValue]?
  /// The step that `prompt` and `params` are for; `nil` until the store has retried it.
  package var editedStep: Int?
  /// A longer prompt is refused: it travels in the ledger.
  package static let promptBytesMax = 1 << 20
  package init(
    timeoutMilliseconds: Int64? = nil, force: Bool = false, overwrite: Bool = false,
    model: String? = nil, perItem: Money? = nil, prompt: String? = nil,
    params: [String: JSONValue]? = nil, editedStep: Int? = nil
  ) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.force = force
    self.overwrite = overwrite
    self.model = model
    self.perItem = perItem
    self.prompt = prompt
    self.params = params
    self.editedStep = editedStep
  }
}

/// A committed result (T2) whose checks or publication were cut short by a crash, or that a person
/// accepted.
package struct UnfinishedResult: Hashable, Sendable {
  package var attempt: AttemptID
  package var key: StepKey
  /// `nil` when the step leaves no candidate.
  package var candidate: SealedObject?
  /// Not empty when the checks had passed and the intent to publish (T3) was committed.
  package var intents: [PublishIntent]
  /// Set when a person has accepted it: it is published without its checks.
  package var acceptance: Acceptance?
  /// What its worktree's changes became.
  package var commit: String?
  package init(
    attempt: AttemptID, key: StepKey, candidate: SealedObject?, intents: [PublishIntent],
    acceptance: Acceptance? = nil, commit: String? = nil
  ) {
    self.attempt = attempt
    self.key = key
    self.candidate = candidate
    self.intents = intents
    self.acceptance = acceptance
    self.commit = commit
  }
}
