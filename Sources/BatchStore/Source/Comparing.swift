// The verbs that compare a run's items with its source.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func openSource(of run: RunID, at now: Instant) throws(StoreError) {
    let (record, isEmpty) = try exclusive {
      connection throws(StoreError) -> (RunRecord?, Bool) in
      guard let record = try connection.runRecord(run) else { return (nil, true) }
      let any = try connection("SELECT 1 FROM items WHERE run = ? LIMIT 1")
        .first(record.number) { row in row.int(0) }
      return (record, any == nil)
    }
    guard let record else { throw .conflict(reason: "there is no run \(run)") }
    // A comparison that a crash cut short has left places mixed: only keys are trusted then.
    let mode: SourceComparison.Mode =
      isEmpty ? .fresh : record.isSourceOpen ? .matching : .lockstep
    comparisons[run] = SourceComparison(mode: mode)
  }

  package func offer(
    _ items: [SourceItem], to run: RunID, at now: Instant
  ) throws(StoreError) {
    // On an error it stays closed: what the memory knew and the file has would differ.
    guard var comparison = comparisons.removeValue(forKey: run) else {
      throw .conflict(reason: "the source of run \(run) is not open")
    }
    for start in stride(from: 0, to: items.count, by: Transaction.chunk) {
      var rest = items[start..<min(start + Transaction.chunk, items.count)]
      if comparison.mode == .lockstep {
        rest = try exclusive { connection throws(StoreError) in
          try connection.skipUnchanged(rest, &comparison, of: run)
        }
      }
      if !rest.isEmpty { try write(rest, &comparison, of: run, at: now) }
    }
    comparisons[run] = comparison
  }

  private func write(
    _ items: ArraySlice<SourceItem>, _ comparison: inout SourceComparison, of run: RunID,
    at now: Instant
  ) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      let record = try transaction.run(run)
      switch comparison.mode {
      case .fresh:
        try transaction.enqueue(items, &comparison, of: record, at: now.milliseconds)
      case .lockstep, .matching:
        comparison.mode = .matching
        try transaction.match(items, &comparison, of: record, at: now.milliseconds)
      }
    }
  }
}

extension Connection {
  /// Compares items with the rows at their places, for as long as they are the same. No writes.
  ///
  /// - Returns: the items from the first one that differs on.
  func skipUnchanged(
    _ items: ArraySlice<SourceItem>, _ comparison: inout SourceComparison, of run: RunID
  ) throws(StoreError) -> ArraySlice<SourceItem> {
    guard let record = try runRecord(run) else { return items }
    var index = items.startIndex
    var isSame = true
    var payload: [UInt8] = []
    var after: [UInt8] = []
    try self(
      """
      SELECT items.ordinal, items.key, sources.payload, sources.after
      FROM items INDEXED BY items_ordinal CROSS JOIN sources ON sources.item = items.id
      WHERE items.run = ? AND items.ordinal > ? AND items.gone = 0
      ORDER BY items.ordinal LIMIT ?
      """
    ).forEach(record.number, comparison.offered, items.count) { row throws(StoreError) in
      guard isSame else { return }
      let item = items[index]
      payload.removeAll(keepingCapacity: true)
      after.removeAll(keepingCapacity: true)
      comparison.writer.append(item.payload, to: &payload)
      if !item.after.isEmpty {
        comparison.writer.append(.array(item.after.map { .string($0) }), to: &after)
      }
      isSame =
        row.int(0) == comparison.offered + 1 && row.equals(item.key, 1)
        && row.equals(payload, 2) && row.equals(after, 3)
      guard isSame else { return }
      comparison.offered += 1
      index += 1
    }
    return items[index...]
  }
}

extension Row {
  /// Whether the column's text has exactly these bytes; NULL equals none.
  func equals(_ bytes: [UInt8], _ column: Int32) -> Bool {
    withText(column) { $0.elementsEqual(bytes) }
  }

  func equals(_ text: String, _ column: Int32) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in withText(column) { $0.elementsEqual(utf8) } }
  }
}
