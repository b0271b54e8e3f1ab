// An item's row as changes need it, and where a change puts it.

import BatchModel

/// The part of an item's row that decides what a change may do.
struct ItemRecord {
  var id: Int64
  var run: Int64
  var state: ItemState
  var skipReason: SkipReason?
  /// Dependencies that are not satisfied yet; `unresolved` before they were looked up.
  var unmet: Int
  /// Dependencies that failed, were cancelled or skipped.
  var blocked: Int
  var step: Int
  var tries: Int
  /// The newest attempt.
  var attempt: Int64?
  /// The attempt whose result waits for its checks or its publication.
  var pending: Int64?
  var isCanary: Bool
  var isFocus: Bool
  /// The place in the step's chain of models of the one that is asked next.
  var model: Int
  /// The JSON of its `ReviewState`.
  var review: String?
  /// The number of the signature that it was retried out of, until it ends.
  var origin: Int64?

  /// `unmet` of an item whose `after` keys were not looked up yet: it cannot be claimed.
  static let unresolved = -1

  var scopes: [ClaimScope] {
    if !isCanary, !isFocus { return [.all] }
    return [.all] + (isCanary ? [.canary] : []) + (isFocus ? [.focus] : [])
  }

  init(_ row: Row) throws(StoreError) {
    id = row.int(0)
    run = row.int(1)
    state = try row.coded(ItemState.self, 2)
    skipReason = try row.optionalCoded(SkipReason.self, 3)
    unmet = row.count(4)
    blocked = row.count(5)
    step = row.count(6)
    tries = row.count(7)
    attempt = row.optionalInt(8)
    pending = row.optionalInt(9)
    isCanary = row.flag(10)
    isFocus = row.flag(11)
    model = row.count(12)
    review = row.optionalText(13)
    origin = row.optionalInt(14)
  }
}

/// Where an item stands after a change.
struct Placement {
  var state: ItemState
  var step: Int
  var tries: Int
  var waitReason: WaitReason?
  var waitUntil: Int64?
  var skipReason: SkipReason?
  var signature: Signature?
  var note: String?
  var model: Int
  var review: String?

  init(
    _ state: ItemState, step: Int, tries: Int, waitReason: WaitReason? = nil,
    waitUntil: Int64? = nil, skipReason: SkipReason? = nil, signature: Signature? = nil,
    note: String? = nil, model: Int = 0, review: String? = nil
  ) {
    self.state = state
    self.step = step
    self.tries = tries
    self.waitReason = waitReason
    self.waitUntil = waitUntil
    self.skipReason = skipReason
    self.signature = signature
    self.note = note
    self.model = model
    self.review = review
  }

  /// Whether a retry's overrides have served: not when a dependency merely holds the item up.
  var endsOverrides: Bool { state.isTerminal && skipReason != .dependencyFailed }
}

/// What a state means for the items that come after it.
struct Standing: Equatable {
  var isSatisfied: Bool
  var isBad: Bool

  init(_ state: ItemState, _ skipReason: SkipReason?) {
    switch state {
    case .done: (isSatisfied, isBad) = (true, false)
    case .queued, .waiting, .running: (isSatisfied, isBad) = (false, false)
    case .failed, .cancelled: (isSatisfied, isBad) = (false, true)
    case .skipped:
      isSatisfied = skipReason == .unchanged || skipReason == .olderRecipe
      isBad = !isSatisfied
    }
  }
}
