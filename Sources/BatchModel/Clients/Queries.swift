// What clients ask the store: pages of items, groups of failures, one item whole.

package import Resilience

/// Which items a page shows.
package struct ItemFilter: Hashable, Sendable, Codable {
  /// Empty means every state.
  package var states: [ItemState]
  /// Part of the key, without regard to case; `nil` shows all keys.
  package var keyContains: String?
  /// A regular expression that a part of the key matches, without regard to case.
  package var keyMatches: String?
  /// Shows the keys that do not contain or match the text instead.
  package var isInverted: Bool
  package var signature: Signature?
  /// An index into the batch's steps: where the item stands.
  package var step: Int?
  package init(
    states: [ItemState] = [], keyContains: String? = nil, keyMatches: String? = nil,
    isInverted: Bool = false, signature: Signature? = nil, step: Int? = nil
  ) {
    self.states = states
    self.keyContains = keyContains
    self.keyMatches = keyMatches
    self.isInverted = isInverted
    self.signature = signature
    self.step = step
  }
}

/// The order of a page.
package enum ItemOrder: String, Hashable, Sendable, Codable, CaseIterable {
  /// Trouble first: failed, waiting, running, queued, skipped, cancelled, done; then by ordinal.
  case attention
  case source, key, state, step, tries, age
}

/// A page's request: keyset pages, so that a page of a million rows costs as much as one of ten.
package struct ItemQuery: Hashable, Sendable {
  package var filter: ItemFilter
  package var order: ItemOrder
  package var isDescending: Bool
  /// Where the page starts.
  package var start: Start
  package var limit: Int
  package enum Start: Hashable, Sendable {
    case first
    case last
    /// The page begins right after this item.
    case after(ItemID)
    /// The page ends right before this item.
    case before(ItemID)
    /// The page begins at this item.
    case at(ItemID)
  }
  package init(
    filter: ItemFilter = ItemFilter(), order: ItemOrder = .attention, isDescending: Bool = false,
    start: Start = .first, limit: Int = 100
  ) {
    self.filter = filter
    self.order = order
    self.isDescending = isDescending
    self.start = start
    self.limit = limit
  }
}

/// One row of the queue.
package struct ItemRow: Hashable, Sendable {
  package var id: ItemID
  package var ordinal: Int64
  package var key: String
  package var occurrence: Int
  package var state: ItemState
  /// An index into the batch's steps.
  package var step: Int
  /// Failed tries of that step, or the number of the try under way.
  package var tries: Int
  package var waitReason: WaitReason?
  package var waitUntil: Instant?
  package var skipReason: SkipReason?
  package var signature: Signature?
  package var note: String
  /// What its attempts cost, in every run of it so far.
  package var cost: Money
  /// When it came into this state.
  package var since: Instant
  package init(
    id: ItemID, ordinal: Int64, key: String, occurrence: Int, state: ItemState, step: Int,
    tries: Int, waitReason: WaitReason? = nil, waitUntil: Instant? = nil,
    skipReason: SkipReason? = nil, signature: Signature? = nil, note: String = "",
    cost: Money = .zero, since: Instant
  ) {
    self.id = id
    self.ordinal = ordinal
    self.key = key
    self.occurrence = occurrence
    self.state = state
    self.step = step
    self.tries = tries
    self.waitReason = waitReason
    self.waitUntil = waitUntil
    self.skipReason = skipReason
    self.signature = signature
    self.note = note
    self.cost = cost
    self.since = since
  }
}

/// A page of the queue.
package struct ItemPage: Hashable, Sendable {
  package var rows: [ItemRow]
  package var hasEarlier: Bool
  package var hasLater: Bool
  package init(rows: [ItemRow], hasEarlier: Bool, hasLater: Bool) {
    self.rows = rows
    self.hasEarlier = hasEarlier
    self.hasLater = hasLater
  }
}

/// How many items stand where.
package struct ItemCounts: Hashable, Sendable, Codable {
  package var queued: Int
  package var waiting: Int
  package var running: Int
  package var done: Int
  package var skipped: Int
  package var failed: Int
  package var cancelled: Int
  package init(
    queued: Int = 0, waiting: Int = 0, running: Int = 0, done: Int = 0, skipped: Int = 0,
    failed: Int = 0, cancelled: Int = 0
  ) {
    self.queued = queued
    self.waiting = waiting
    self.running = running
    self.done = done
    self.skipped = skipped
    self.failed = failed
    self.cancelled = cancelled
  }
  package var total: Int { queued + waiting + running + done + skipped + failed + cancelled }
  /// Items about which nothing more happens by itself.
  package var ended: Int { done + skipped + failed + cancelled }
  package subscript(state: ItemState) -> Int {
    get {
      switch state {
      case .queued: queued
      case .waiting: waiting
      case .running: running
      case .done: done
      case .skipped: skipped
      case .failed: failed
      case .cancelled: cancelled
      }
    }
    set {
      switch state {
      case .queued: queued = newValue
      case .waiting: waiting = newValue
      case .running: running = newValue
      case .done: done = newValue
      case .skipped: skipped = newValue
      case .failed: failed = newValue
      case .cancelled: cancelled = newValue
      }
    }
  }
}

/// A run as the lists show it.
package struct RunSummary: Hashable, Sendable {
  package var run: RunID
  package var batch: String
  package var definition: Digest
  /// Step ids, in order.
  package var steps: [String]
  package var state: RunState
  package var why: String
  package var startedAt: Instant
  package var updatedAt: Instant
  package var counts: ItemCounts
  /// Attempts that were launched and whose outcome nobody knows.
  package var unknownAttempts: Int
  package init(
    run: RunID, batch: String, definition: Digest, steps: [String], state: RunState, why: String,
    startedAt: Instant, updatedAt: Instant, counts: ItemCounts, unknownAttempts: Int
  ) {
    self.run = run
    self.batch = batch
    self.definition = definition
    self.steps = steps
    self.state = state
    self.why = why
    self.startedAt = startedAt
    self.updatedAt = updatedAt
    self.counts = counts
    self.unknownAttempts = unknownAttempts
  }
}

/// One attempt in an item's timeline.
package struct AttemptRow: Hashable, Sendable {
  package var id: AttemptID
  package var step: Int
  package var tryNumber: Int
  package var epoch: Epoch
  package var pid: Int32?
  package var startedAt: Instant
  package var endedAt: Instant?
  /// `nil` while it is under way.
  package var outcome: AttemptOutcome?
  package var failure: Failure?
  package var why: String
  /// The model that was asked; `nil` for a command.
  package var model: String?
  package var cost: Money?
  /// What a review said that sent the work back with it.
  package var feedback: String?
  package init(
    id: AttemptID, step: Int, tryNumber: Int, epoch: Epoch, pid: Int32?, startedAt: Instant,
    endedAt: Instant?, outcome: AttemptOutcome?, failure: Failure?, why: String,
    model: String? = nil, cost: Money? = nil, feedback: String? = nil
  ) {
    self.id = id
    self.step = step
    self.tryNumber = tryNumber
    self.epoch = epoch
    self.pid = pid
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.failure = failure
    self.why = why
    self.model = model
    self.cost = cost
    self.feedback = feedback
  }
}

/// One item whole.
package struct ItemDetail: Hashable, Sendable {
  package var row: ItemRow
  package var payload: JSONValue
  package var after: [String]
  /// Oldest first.
  package var attempts: [AttemptRow]
  /// One a finished step, in step order: the newest.
  package var receipts: [Receipt]
  /// What a person noted on the item.
  package var remark: String?
  package init(
    row: ItemRow, payload: JSONValue, after: [String], attempts: [AttemptRow],
    receipts: [Receipt], remark: String? = nil
  ) {
    self.row = row
    self.payload = payload
    self.after = after
    self.attempts = attempts
    self.receipts = receipts
    self.remark = remark
  }
}
