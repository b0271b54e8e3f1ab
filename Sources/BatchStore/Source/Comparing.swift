// The verbs that compare a run's items with its source.

package import BatchModel
import Foundation
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
  /// Compares items with the rows at their places, for as long as they are the same.
  ///
  /// No writes.
  ///
  /// - Returns: the items from the first one that differs on.
  func skipUnchanged(
    _ items: ArraySlice<SourceItem>, _ comparison: inout SourceComparison, of run: RunID
  ) throws(StoreError) -> ArraySlice<SourceItem> {
    guard let record = try runRecord(run) else { return items }
    var index = items.startIndex
    var isSame = true
    var encoded = EncodedItem()
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
      encoded.set(item, using: &comparison.writer)
      isSame =
        row.int(0) == comparison.offered + 1 && row.equals(item.key, 1)
        && row.equals(encoded.payload, 2) && row.equals(encoded.after, 3)
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
    bytes.withUnsafeBufferPointer { bytes in
      withText(column) { $0.count == bytes.count && Self.areEqual($0, bytes) }
    }
  }

  func equals(_ text: String, _ column: Int32) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      withText(column) { $0.count == utf8.count && Self.areEqual($0, utf8) }
    }
  }

  private static func areEqual(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let size = left.count
    guard let left = left.baseAddress, let right = right.baseAddress else { return true }
    return memcmp(left, right, size) == 0
  }
}
