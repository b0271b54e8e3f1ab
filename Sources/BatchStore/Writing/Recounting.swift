// The kept counts made again from the items, for a store whose counts have drifted.

package import BatchModel

extension SQLiteStore {
  /// Counts every run's items anew.
  ///
  /// - Returns: the runs whose kept counts were wrong.
  package func recount() throws(StoreError) -> [RunID] {
    try transact { transaction throws(StoreError) in
      let drifted = try transaction.connection.driftedRuns()
      guard !drifted.isEmpty else { return [] }
      try transaction.connection("DELETE FROM counts").run()
      try transaction.connection(
        """
        INSERT INTO counts(run, scope, state, count)
        SELECT run, 0, state, count(*) FROM items GROUP BY run, state
        UNION ALL SELECT run, 1, state, count(*) FROM items WHERE canary = 1 GROUP BY run, state
        UNION ALL SELECT run, 2, state, count(*) FROM items WHERE focus = 1 GROUP BY run, state
        """
      ).run()
      return drifted
    }
  }
}

extension SQLiteStore {
  /// How many receipts there are.
  func receiptCount() throws(StoreError) -> Int {
    try exclusive { connection throws(StoreError) in
      try connection("SELECT count(*) FROM receipts").first { row in row.count(0) } ?? 0
    }
  }

  /// The newest event's number; 0 before the first.
  package func newestSequence() throws(StoreError) -> Int64 {
    try exclusive { _ in sequence }
  }
}
