// The source beside a run's items without writing anything: for plans and previews.

package import BatchModel

extension SQLiteReading {
  package func standings(
    of items: [SourceItem], occurrences: [Int], in run: RunID
  ) throws(StoreError) -> [SourceStanding?] {
    precondition(items.count == occurrences.count, "every item is one of those with its key")
    return try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return items.map { _ in nil } }
      var writer = JSONBytes()
      var encoded = EncodedItem()
      return try zip(items, occurrences).map { item, occurrence throws(StoreError) in
        encoded.set(item, using: &writer)
        return try connection.standing(of: encoded, occurrence: occurrence, in: record)
      }
    }
  }

  package func presentItems(of run: RunID) throws(StoreError) -> Int {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return 0 }
      return try connection("SELECT count(*) FROM items WHERE run = ? AND gone = 0")
        .first(record.number) { row in row.count(0) } ?? 0
    }
  }
}

extension Connection {
  fileprivate func standing(
    of item: EncodedItem, occurrence: Int, in run: RunRecord
  ) throws(StoreError) -> SourceStanding? {
    try self(
      """
      SELECT items.id, items.gone, sources.payload, sources.after
      FROM items JOIN sources ON sources.item = items.id
      WHERE items.run = ? AND items.key = ? AND items.occurrence = ?
      """
    ).first(run.number, item.key, occurrence) { row in
      SourceStanding(
        id: ItemID(row.int(0)), isGone: row.flag(1),
        isSame: row.equals(item.payload, 2) && row.equals(item.after, 3))
    }
  }
}
