// The end of a comparison: what the source no longer has, and what comes after what.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func closeSource(of run: RunID, at now: Instant) throws(StoreError) -> SourceReport {
    guard let comparison = comparisons.removeValue(forKey: run) else {
      throw .conflict(reason: "the source of run \(run) is not open")
    }
    let isDone = try exclusive { connection throws(StoreError) in
      try connection.isUnchanged(comparison, of: run)
    }
    if isDone {
      return SourceReport(
        added: comparison.added, changed: comparison.changed, vanished: 0, problems: [])
    }
    return try transact { transaction throws(StoreError) in
      try transaction.close(comparison, of: try transaction.run(run), at: now.milliseconds)
    }
  }
}

extension Connection {
  /// Whether closing has nothing to write: no difference now, none left over, no row too many.
  fileprivate func isUnchanged(
    _ comparison: SourceComparison, of run: RunID
  ) throws(StoreError) -> Bool {
    guard !comparison.hasWritten, comparison.mode != .matching,
      let record = try runRecord(run), !record.isSourceOpen
    else { return false }
    let rest = try self(
      "SELECT 1 FROM items WHERE run = ? AND ordinal > ? AND gone = 0 LIMIT 1"
    ).first(record.number, comparison.offered) { row in row.int(0) }
    return rest == nil
  }
}

extension Transaction {
  fileprivate func close(
    _ comparison: SourceComparison, of run: RunRecord, at: Int64
  ) throws(StoreError) -> SourceReport {
    let all = try vanished(comparison, of: run)
    let vanished = all.filter { !$0.isHeld }.map(\.item)
    if !vanished.isEmpty {
      let action = ItemAction.cancel(reason: "gone")
      try appendMoved(vanished, action, by: Author.source, at: at, of: run)
      try deferringDependants(at: at, of: run) { () throws(StoreError) in
        for item in vanished {
          try perform(action, on: ItemID(item), by: Author.source, at: at, of: run)
        }
      }
    }
    let report = SourceReport(
      added: comparison.added, changed: comparison.changed, vanished: vanished.count,
      problems: try resolveDependencies(of: run, at: at),
      held: all.filter(\.isHeld).map { ItemID($0.item) })
    return report
  }

  /// What the source no longer has, and whether the engine holds it or works on it.
  private func vanished(
    _ comparison: SourceComparison, of run: RunRecord
  ) throws(StoreError) -> [(item: Int64, isHeld: Bool)] {
    var items: [(item: Int64, isHeld: Bool)] = []
    switch comparison.mode {
    case .fresh: break
    case .lockstep:
      try connection(
        "SELECT id, state FROM items WHERE run = ? AND ordinal > ? AND gone = 0 ORDER BY ordinal"
      ).forEach(run.number, comparison.offered) { row in
        items.append((row.int(0), row.int(1) == 2 || window.contains(row.int(0))))
      }
    case .matching:
      try connection("SELECT id, state FROM items WHERE run = ? AND gone = 0 ORDER BY id")
        .forEach(run.number) { row in
          let item = row.int(0)
          guard !comparison.seen.contains(item) else { return }
          items.append((item, row.int(1) == 2 || window.contains(item)))
        }
    }
    return items
  }
}
