// Finished items queued again because a file that their keys cover has changed.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func recheck(
    paths: [String], of run: RunID, at now: Instant
  ) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      var items: Set<Int64> = []
      for path in paths {
        items.formUnion(try transaction.finishedItems(resting: .anyhow, on: path, of: run))
        try transaction.connection("UPDATE file_digests SET stale = 0 WHERE path = ? AND stale = 1")
          .run(path)
      }
      return try transaction.recheck(items, at: now.milliseconds, of: run)
    }
  }

  package func recheckStale(of run: RunID, at now: Instant) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let paths = try transaction.connection(
        "SELECT path FROM file_digests INDEXED BY file_digests_stale WHERE stale = 1"
      ).all { row in row.text(0) }
      let globs = try transaction.connection(
        "SELECT glob FROM listings INDEXED BY listings_stale WHERE stale = 1"
      ).all { row in row.text(0) }
      guard !paths.isEmpty || !globs.isEmpty else { return 0 }
      var items: Set<Int64> = []
      for path in paths + globs.map(Transaction.mark(ofGlob:)) {
        items.formUnion(try transaction.finishedItems(resting: .asReaders, on: path, of: run))
      }
      try transaction.connection.execute(
        """
        UPDATE file_digests SET stale = 0 WHERE stale = 1;
        UPDATE listings SET stale = 0 WHERE stale = 1
        """)
      return try transaction.recheck(items, at: now.milliseconds, of: run)
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
  fileprivate enum Rest: Int64 {
    /// They published it, or their keys cover it.
    case anyhow = 0
    /// Their keys cover it, and they did not publish it.
    case asReaders = 2
  }

  fileprivate func recheck(_ items: Set<Int64>, at: Int64, of run: RunRecord) throws(StoreError)
    -> Int
  {
    let items = items.sorted()
    try requeueFromStart(items, by: Author.source, at: at, of: run)
    try requeueDependants(of: items, at: at, of: run)
    return items.count
  }

  /// The run's finished items that recorded the path, in this run or under the same key in an
  /// earlier one, and are not held.
  fileprivate func finishedItems(
    resting rest: Rest, on path: String, of run: RunRecord
  ) throws(StoreError) -> [Int64] {
    try connection(
      """
      SELECT mine.id FROM item_files
      JOIN items AS theirs ON theirs.id = item_files.item
      JOIN items AS mine ON mine.run = ?1 AND mine.key = theirs.key
        AND mine.occurrence = theirs.occurrence
      WHERE item_files.path = ?2 AND item_files.role & 3 AND (?3 = 0 OR item_files.role & 3 = ?3)
        AND mine.gone = 0
        AND (mine.state = 6 OR (mine.state = 4 AND mine.skip_reason IN (0, 1)))
      """
    ).all(run.number, Fingerprint.of(path), rest.rawValue) { row in row.int(0) }
      .filter { !window.contains($0) }
  }
}
