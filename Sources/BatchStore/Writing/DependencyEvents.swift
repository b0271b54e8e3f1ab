// How moves that follow from dependencies are recorded: a few as events of their own, many as
// events of up to 10,000 items, so that a ledger is replayed without working them out again.

import BatchModel

extension Transaction {
  /// The most items that one bulk event names.
  static let chunk = 10_000
  /// Up to here each item gets its own event, which saves an object in the usual case.
  private static let single = 16

  /// Appends the events of what followed, in order, and notes each skipped item's cause.
  func record(_ moves: [DependantMoves.Move], at: Int64, of run: RunRecord) throws(StoreError) {
    var start = 0
    while start < moves.count {
      let first = moves[start]
      let end =
        moves[start...].firstIndex {
          $0.item.state != first.item.state || $0.cause != first.cause
        } ?? moves.count
      try record(moves[start..<end], alike: first, at: at, of: run)
      start = end
    }
  }

  private func record(
    _ moves: ArraySlice<DependantMoves.Move>, alike first: DependantMoves.Move, at: Int64,
    of run: RunRecord
  ) throws(StoreError) {
    let isSkip = first.item.state == .skipped
    let note = isSkip ? "needs \(try key(of: first.cause))" : ""
    if isSkip {
      for move in moves {
        try connection("UPDATE items SET note = ? WHERE id = ?").run(note, move.item.id)
      }
    }
    guard moves.count > Self.single else {
      for move in moves {
        let moved = ItemMoved(
          item: ItemID(move.item.id), to: move.item.state, step: move.item.step,
          tries: move.item.tries, skipReason: move.item.skipReason, note: note)
        try append(.itemMoved(moved), of: run, at: at)
      }
      return
    }
    let action: ItemAction =
      isSkip ? .skip(reason: note) : .retry(fromStep: nil, overrides: Overrides())
    try appendMoved(moves.map(\.item.id), action, by: Author.dependencies, at: at, of: run)
  }

  /// Appends bulk events that name the items in objects.
  func appendMoved(
    _ items: [Int64], _ action: ItemAction, by: String, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    for start in stride(from: 0, to: items.count, by: Self.chunk) {
      let chunk = items[start..<min(start + Self.chunk, items.count)]
      var lines: [UInt8] = []
      for item in chunk {
        lines += String(item).utf8
        lines.append(0x0a)
      }
      let moved = ItemsMoved(
        run: run.id, action: action, count: chunk.count, object: try store(lines), by: by)
      try append(.itemsMoved(moved), of: run, at: at)
    }
  }

  func key(of item: Int64) throws(StoreError) -> String {
    let key = try connection("SELECT key FROM items WHERE id = ?")
      .first(item) { row in row.text(0) }
    guard let key else { throw .conflict(reason: "there is no item \(item)") }
    return key
  }
}
