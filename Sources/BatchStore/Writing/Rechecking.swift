// Finished items queued again because a file that their keys cover has changed.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func recheck(
    paths: [String], of run: RunID, at now: Instant
  ) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let items = try transaction.finishedItems(dependingOn: paths, of: run)
      try transaction.requeueFromStart(items, by: Author.source, at: now.milliseconds, of: run)
      try transaction.requeueDependants(of: items, at: now.milliseconds, of: run)
      return items.count
    }
  }

  package func recheckAll(of run: RunID, at now: Instant) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let items = try transaction.connection(
        """
        SELECT id FROM items WHERE run = ?1 AND gone = 0
          AND (state = 6 OR (state = 4 AND skip_reason IN (0, 1))) ORDER BY id
        """
      ).all(run.number) { row in row.int(0) }
      try transaction.requeueFromStart(items, by: Author.source, at: now.milliseconds, of: run)
      return items.count
    }
  }
}

extension Transaction {
  /// The run's finished items that recorded one of the paths, in this run or under the same key in
  /// an earlier one.
  fileprivate func finishedItems(
    dependingOn paths: [String], of run: RunRecord
  ) throws(StoreError) -> [Int64] {
    var items: Set<Int64> = []
    for path in paths {
      let found = try connection(
        """
        SELECT mine.id FROM item_files
        JOIN items AS theirs ON theirs.id = item_files.item
        JOIN items AS mine ON mine.run = ?1 AND mine.key = theirs.key
          AND mine.occurrence = theirs.occurrence
        WHERE item_files.path = ?2 AND item_files.role & 3 AND mine.gone = 0
          AND (mine.state = 6 OR (mine.state = 4 AND mine.skip_reason IN (0, 1)))
        """
      ).all(run.number, Fingerprint.of(path)) { row in row.int(0) }
      for item in found where !window.contains(item) { items.insert(item) }
    }
    return items.sorted()
  }
}
