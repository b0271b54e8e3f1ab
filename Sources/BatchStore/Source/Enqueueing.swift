// Rows of items: inserted, changed and moved as the source says, live and when a ledger is replayed.

import BatchModel
import Foundation

extension EncodedItem {
  /// For a column that is NULL when there are no keys.
  var afterText: TextView? { after.isEmpty ? nil : TextView(after) }

  /// `unmet` of a new item.
  var startingUnmet: Int { after.isEmpty ? 0 : ItemRecord.unresolved }
}

extension Transaction {
  /// The number that the next new item gets.
  func nextItem() throws(StoreError) -> Int64 {
    (try connection("SELECT max(id) FROM items").first { row in row.int(0) } ?? 0) + 1
  }

  /// Inserts a queued item as the next one with its key.
  ///
  /// The index on the key tells of a repeated one, so that the usual, first one costs no look-up.
  func insertNext(
    _ item: EncodedItem, id: Int64, ordinal: Int64, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    try insert(item, id: id, ordinal: ordinal, occurrence: 1, at: at, of: run)
    if connection.changed == 0 {
      try insertRepeated(item, id: id, ordinal: ordinal, at: at, of: run)
    }
    try insertSource(item, id: id)
  }

  /// Inserts the row of an item whose key others have.
  func insertRepeated(
    _ item: EncodedItem, id: Int64, ordinal: Int64, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    let last = try connection("SELECT max(occurrence) FROM items WHERE run = ? AND key = ?")
      .first(run.number, item.key) { row in row.count(0) }
    try insert(item, id: id, ordinal: ordinal, occurrence: (last ?? 0) + 1, at: at, of: run)
  }

  func insert(
    _ item: EncodedItem, id: Int64, ordinal: Int64, occurrence: Int, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    try connection(
      """
      INSERT OR IGNORE INTO items(id, run, ordinal, key, occurrence, state, unmet, blocked, step,
        tries, since)
      VALUES(?, ?, ?, ?, ?, 3, ?, 0, 0, 0, ?)
      """
    ).run(
      id, run.number, ordinal, item.key, occurrence,
      item.startingUnmet, at)
  }

  func insertSource(_ item: EncodedItem, id: Int64) throws(StoreError) {
    try connection("INSERT INTO sources(item, payload, after) VALUES(?, ?, ?)")
      .run(id, TextView(item.payload), item.afterText)
  }

  /// Gives a known item its new payload and queues it again, from its first step.
  func change(
    _ id: Int64, to item: EncodedItem, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    try connection("UPDATE sources SET payload = ?, after = ? WHERE item = ?")
      .run(TextView(item.payload), item.afterText, id)
    try connection("DELETE FROM edges WHERE item = ?").run(id)
    try connection("UPDATE items SET unmet = ?, blocked = 0, gone = 0 WHERE id = ?")
      .run(item.startingUnmet, id)
    var record = try self.item(ItemID(id), in: run)
    record.pending = nil
    try place(&record, Placement(.queued, step: 0, tries: 0), hold: .given, at: at, of: run)
  }

  func setOrdinal(_ ordinal: Int64, of item: Int64) throws(StoreError) {
    try connection("UPDATE items SET ordinal = ? WHERE id = ?").run(ordinal, item)
  }

  // MARK: Replay

  /// Repeats what an `items.enqueued` event tells.
  func applyItemsEnqueued(
    _ enqueued: ItemsEnqueued, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    guard mode == .replay else {
      throw .conflict(reason: "items are enqueued by `offer`")
    }
    var writer = JSONBytes()
    var next = enqueued.first?.number ?? 0
    var added = 0
    var ordinal =
      try connection("SELECT max(ordinal) FROM items WHERE run = ?")
      .first(run.number) { row in row.int(0) } ?? 0
    try deferringDependants(at: at, of: run) { () throws(StoreError) in
      for line in try sourceLines(of: enqueued.object) {
        ordinal = line.ordinal ?? ordinal + 1
        let known = try self.known(line, in: run)
        if let known { try setOrdinal(ordinal, of: known) }
        guard let payload = line.payload else { continue }
        let item = EncodedItem(
          key: line.key, payload: payload, after: line.after, using: &writer)
        if let known {
          try change(known, to: item, at: at, of: run)
          continue
        }
        try insertNext(item, id: next, ordinal: ordinal, at: at, of: run)
        next += 1
        added += 1
      }
    }
    count(added, .queued, scope: .all, in: run)
    try setSourceOpen(true, of: run)
  }

  private func known(_ line: SourceLine, in run: RunRecord) throws(StoreError) -> Int64? {
    guard let occurrence = line.occurrence else { return nil }
    return try connection("SELECT id FROM items WHERE run = ? AND key = ? AND occurrence = ?")
      .first(run.number, line.key, occurrence) { row in row.int(0) }
  }

  private func sourceLines(of object: Digest) throws(StoreError) -> [SourceLine] {
    do {
      let decoder = JSONDecoder()
      return try objects.bytes(of: object).split(separator: 0x0a)
        .map { try decoder.decode(SourceLine.self, from: Data($0)) }
    } catch {
      throw .wrapping(error, path: "objects")
    }
  }

  func setSourceOpen(_ isOpen: Bool, of run: RunRecord) throws(StoreError) {
    guard runs[run.id]?.isSourceOpen != isOpen else { return }
    try connection("UPDATE runs SET source_open = ? WHERE id = ?").run(isOpen, run.number)
    runs[run.id]?.isSourceOpen = isOpen
  }
}
