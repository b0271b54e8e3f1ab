// Which items a selector means, for an action that may apply to them.

import BatchModel

/// Selected items: those that can be moved now, one more than a chunk at most, and those that the
/// engine must move itself.
struct SelectedItems {
  var items: [Int64] = []
  var held: [Int64] = []
}

extension Transaction {
  /// The items of the selector that have stood where they are since `since` at the latest.
  ///
  /// Moved items leave the selection by themselves, so that the next chunk is the same question:
  /// no cursor needs to be kept.
  func select(
    _ selector: ItemSelector, _ action: ItemAction, since: Int64, of run: RunRecord
  ) throws(StoreError) -> SelectedItems {
    var selected = SelectedItems()
    switch selector {
    // Each candidate is looked at by itself, and so each item is named.
    case .failed where action.needsReview, .group where action.needsReview: break
    case .ids(let ids):
      for id in ids where selected.items.count <= Self.chunk {
        try select(id, action, since: since, of: run, into: &selected)
      }
    case .failed:
      selected.items = try connection(
        """
        SELECT id FROM items INDEXED BY items_state
        WHERE run = ? AND state = 0 AND state <> 3 AND since <= ? ORDER BY ordinal LIMIT ?
        """
      ).all(run.number, since, Self.chunk + 1) { row in row.int(0) }
    case .group(let signature):
      selected.items = try connection(
        """
        SELECT id FROM items INDEXED BY items_failed
        WHERE run = ? AND state = 0 AND signature = (SELECT id FROM signatures WHERE text = ?)
          AND since <= ? ORDER BY since LIMIT ?
        """
      ).all(run.number, signature.text, since, Self.chunk + 1) { row in row.int(0) }
    }
    return selected
  }

  private func select(
    _ id: ItemID, _ action: ItemAction, since: Int64, of run: RunRecord,
    into selected: inout SelectedItems
  ) throws(StoreError) {
    let found = try connection(
      "SELECT state, blocked > 0 OR gone, since, run FROM items WHERE id = ?"
    ).first(id.number) { row throws(StoreError) in
      (try row.coded(ItemState.self, 0), row.flag(1), row.int(2), row.int(3))
    }
    guard let (state, isOut, stood, number) = found, number == run.number else {
      throw .conflict(reason: "run \(run.id) has no item \(id)")
    }
    if window.contains(id.number) {
      selected.held.append(id.number)
      return
    }
    guard stood <= since, Self.admits(action, state, isOut: isOut) else {
      return
    }
    if action.needsReview {
      // The second word on one candidate would find it gone.
      guard !selected.items.contains(id.number) else { return }
      guard try connection.pendingReview(of: id.number) != nil else { return }
    }
    selected.items.append(id.number)
  }

  /// Whether the action makes sense for an item that nobody holds.
  private static func admits(
    _ action: ItemAction, _ state: ItemState, isOut: Bool
  ) -> Bool {
    switch (action, state) {
    // A blocked item comes back when what it needs does, a gone one when its source has it again.
    case (.retry, .failed), (.retry, .cancelled), (.retry, .skipped), (.retry, .done),
      (.retry, .waiting):
      !isOut
    case (.skip, .queued), (.skip, .waiting), (.skip, .failed): true
    case (.cancel, .queued), (.cancel, .waiting), (.cancel, .failed), (.cancel, .skipped): true
    case (.accept, .failed), (.sendBack, .failed): !isOut
    default: false
    }
  }
}

extension ItemAction {
  /// Whether it is a word on a candidate, and does nothing to an item without one.
  fileprivate var needsReview: Bool {
    switch self {
    case .accept, .sendBack: true
    case .retry, .skip, .cancel: false
    }
  }
}
