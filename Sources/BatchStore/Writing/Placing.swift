// How an item's row moves: the row, the counts, the window and the counters of its dependants, in
// one place, so that no kind of change forgets one of them.

import BatchModel

extension Transaction {
  /// Whether an item stays with the engine after a move.
  enum Hold {
    case kept
    case given
  }

  /// The item's row.
  ///
  /// - Throws: `conflict` when it does not exist or belongs to another run.
  func item(_ id: ItemID, in run: RunRecord) throws(StoreError) -> ItemRecord {
    let record = try connection(
      """
      SELECT id, run, state, skip_reason, unmet, blocked, step, tries, attempt, pending,
        canary, focus, model, review, origin
      FROM items WHERE id = ?
      """
    ).first(id.number) { row throws(StoreError) in try ItemRecord(row) }
    guard let record, record.run == run.number else {
      throw .conflict(reason: "run \(run.id) has no item \(id)")
    }
    return record
  }

  /// Moves an item and tells its dependants.
  ///
  /// Transitions are checked by the callers: each kind of change has its own.
  func place(
    _ item: inout ItemRecord, _ placement: Placement, hold: Hold, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    let before = Standing(item.state, item.skipReason)
    let changesState = item.state != placement.state
    let signature: Int64? =
      if let text = placement.signature { try number(of: text) } else { nil }
    try regroup(&item, to: placement.state, signature, at: at, of: run)
    try write(item, placement, signature, changesState: changesState, at: at)
    if changesState { count(item, from: item.state, to: placement.state) }
    item.state = placement.state
    item.skipReason = placement.skipReason
    item.step = placement.step
    item.tries = placement.tries
    item.model = placement.model
    item.review = placement.review
    let isOpen = placement.state == .queued || placement.state == .waiting
    if hold == .given { window.release(item.id) } else { window.setOpen(item.id, isOpen) }
    guard run.hasEdges else { return }
    try spread(from: item, before: before, at: at, of: run)
  }

  private func write(
    _ item: ItemRecord, _ placement: Placement, _ signature: Int64?, changesState: Bool,
    at: Int64
  ) throws(StoreError) {
    let isPlain =
      signature == nil && placement.note == nil && placement.waitUntil == nil
      && placement.skipReason == nil
    if isPlain, item.state != .failed, item.state != .skipped, item.state != .waiting {
      try connection(
        """
        UPDATE items SET state = ?, step = ?, tries = ?, model = ?, review = ?, pending = ?,
          attempt = ?,
          since = iif(?, ?, since), note = NULL, signature = NULL,
          overrides = iif(?, NULL, overrides)
        WHERE id = ?
        """
      ).run(
        placement.state.code, placement.step, placement.tries, placement.model, placement.review,
        item.pending,
        item.attempt, changesState, at, placement.endsOverrides, item.id)
      return
    }
    try connection(
      """
      UPDATE items SET state = ?, step = ?, tries = ?, model = ?, review = ?, pending = ?,
          attempt = ?,
        since = iif(?, ?, since), wait_reason = ?, wait_until = ?, skip_reason = ?,
        signature = ?, note = ?, overrides = iif(?, NULL, overrides)
      WHERE id = ?
      """
    ).run(
      placement.state.code, placement.step, placement.tries, placement.model, placement.review,
      item.pending,
      item.attempt, changesState, at, placement.waitReason?.code, placement.waitUntil,
      placement.skipReason?.code, signature, placement.note, placement.endsOverrides, item.id)
  }

  /// The signature's number, a new one when it appears for the first time: `G-07` is number 7.
  func number(of signature: Signature) throws(StoreError) -> Int64 {
    let known = try connection("SELECT id FROM signatures WHERE text = ?")
      .first(signature.text) { row in row.int(0) }
    if let known { return known }
    try connection("INSERT INTO signatures(text) VALUES(?)").run(signature.text)
    return try connection("SELECT last_insert_rowid()").first { row in row.int(0) } ?? 0
  }
}
