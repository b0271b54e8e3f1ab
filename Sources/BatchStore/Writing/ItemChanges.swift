// An item's move by itself: waits, failures, skips, cancels and queueing again.

import BatchModel
import Resilience

extension Transaction {
  func applyItemMoved(_ moved: ItemMoved, of run: RunRecord, at: Int64) throws(StoreError) {
    var item = try item(moved.item, in: run)
    try requireLegal(moved, from: item)
    guard run.steps.indices.contains(moved.step) else {
      throw .conflict(reason: "run \(run.id) has no step \(moved.step)")
    }
    // A result that waits for its checks belongs to the step at which it was made.
    if moved.step != item.step { item.pending = nil }
    let placement = Placement(
      moved.to, step: moved.step, tries: moved.tries, waitReason: moved.waitReason,
      waitUntil: moved.waitReason == .held ? HeldWait.moment : moved.until?.milliseconds,
      skipReason: moved.skipReason,
      signature: moved.signature, note: moved.note.isEmpty ? nil : moved.note,
      model: moved.model ?? 0, review: moved.review.map { EventCoding.text(of: $0) })
    try place(
      &item, placement, hold: moved.to == .running ? .kept : .given, at: at, of: run)
  }

  private func requireLegal(_ moved: ItemMoved, from item: ItemRecord) throws(StoreError) {
    guard Self.isLegal(from: item.state, to: moved.to) else {
      throw .conflict(reason: "item \(moved.item) cannot go from \(item.state) to \(moved.to)")
    }
    let isWhole =
      switch moved.to {
      case .waiting:
        moved.waitReason != nil && (moved.until != nil) == (moved.waitReason != .held)
      case .skipped: moved.skipReason != nil
      case .failed: moved.signature != nil
      case .queued, .running, .done, .cancelled: true
      }
    guard isWhole else {
      throw .conflict(reason: "item \(moved.item) goes to \(moved.to) without saying why")
    }
  }

  /// The transitions of `ItemState`.
  private static func isLegal(from old: ItemState, to new: ItemState) -> Bool {
    switch (old, new) {
    case (_, .queued): true
    case (.queued, _), (.waiting, _), (.running, _): true
    // Its commit does not fit onto the branch.
    case (.done, .failed): true
    // A person takes a failed or blocked item out.
    case (.failed, .skipped), (.failed, .cancelled), (.skipped, .cancelled): true
    default: false
    }
  }
}
