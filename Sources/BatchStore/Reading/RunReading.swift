// Runs, their counts, groups of failures, and the ledger.

package import BatchModel
package import Resilience

extension SQLiteReading {
  package func runs(limit: Int) throws(StoreError) -> [RunSummary] {
    try read { connection throws(StoreError) in
      let names = try connection("SELECT name FROM runs ORDER BY id DESC LIMIT ?")
        .all(limit) { row in RunID(row.text(0)) }
      var summaries: [RunSummary] = []
      for name in names {
        if let summary = try connection.summary(of: name) { summaries.append(summary) }
      }
      return summaries
    }
  }

  package func summary(of run: RunID) throws(StoreError) -> RunSummary? {
    try read { connection throws(StoreError) in try connection.summary(of: run) }
  }

  package func batch(of run: RunID) throws(StoreError) -> Batch? {
    try read { connection throws(StoreError) in
      try connection(
        """
        SELECT definitions.text FROM runs JOIN definitions ON digest = definition WHERE name = ?
        """
      ).first(run.text) { row throws(StoreError) in try row.json(Batch.self, 0) }
    }
  }

  package func nextDue(of run: RunID) throws(StoreError) -> Instant? {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return nil }
      return try connection(
        """
        SELECT wait_until FROM items INDEXED BY items_due
        WHERE run = ? AND state = 1 AND wait_until > ? ORDER BY wait_until LIMIT 1
        """
      ).first(record.number, HeldWait.moment) { row in Instant(milliseconds: row.int(0)) }
    }
  }

  package func unendedAttempts(of run: RunID?) throws(StoreError) -> [AttemptID] {
    try read { connection throws(StoreError) in
      guard let run else {
        // Left to itself the planner reads every attempt, to save the sorting of a few.
        return try connection(
          """
          SELECT id FROM attempts INDEXED BY attempts_open WHERE outcome IS NULL ORDER BY id
          """
        ).all { row in AttemptID(row.int(0)) }
      }
      guard let record = try connection.runRecord(run) else { return [] }
      return try connection("SELECT id FROM attempts WHERE run = ? AND outcome IS NULL ORDER BY id")
        .all(record.number) { row in AttemptID(row.int(0)) }
    }
  }

  package func entries(
    of run: RunID?, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try read { connection throws(StoreError) in
      guard let run else { return try connection.entries(after: sequence, limit: limit) }
      return try connection.entries(of: run, after: sequence, limit: limit)
    }
  }
}

extension Connection {
  func summary(of run: RunID) throws(StoreError) -> RunSummary? {
    let found = try self(
      """
      SELECT id, batch, definition, steps, state, why, started, updated, unknown_attempts
      FROM runs WHERE name = ?
      """
    ).first(run.text) { row throws(StoreError) in
      guard let definition = Digest(row.text(2)) else {
        throw row.damaged("\(row.text(2)) is no digest")
      }
      let summary = RunSummary(
        run: run, batch: row.text(1), definition: definition,
        steps: try row.strings(3), state: try row.coded(RunState.self, 4),
        why: row.text(5), startedAt: Instant(milliseconds: row.int(6)),
        updatedAt: Instant(milliseconds: row.int(7)), counts: ItemCounts(),
        unknownAttempts: row.count(8))
      return (row.int(0), summary)
    }
    guard let (number, bare) = found else { return nil }
    var summary = bare
    summary.counts = try itemCounts(of: number, scope: .all)
    return summary
  }

  fileprivate func entries(
    after sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try self(
      """
      SELECT events.sequence, runs.name, events.at, events.body
      FROM events JOIN runs ON runs.id = events.run
      WHERE events.sequence > ? ORDER BY events.sequence LIMIT ?
      """
    ).all(sequence, limit) { row throws(StoreError) in try row.entry() }
  }

  /// A run's events lie between its first and its last one, seldom among another run's.
  fileprivate func entries(
    of run: RunID, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try self(
      """
      SELECT events.sequence, runs.name, events.at, events.body
      FROM runs CROSS JOIN events
      WHERE runs.name = ?1 AND events.run = runs.id
        AND events.sequence > max(?2, runs.first_sequence - 1)
        AND events.sequence <= runs.last_sequence
      ORDER BY events.sequence LIMIT ?3
      """
    ).all(run.text, sequence, limit) { row throws(StoreError) in try row.entry() }
  }
}

extension Row {
  /// From the columns sequence, the run's name, at, body.
  func entry() throws(StoreError) -> LedgerEntry {
    LedgerEntry(
      sequence: int(0), run: RunID(text(1)), at: Instant(milliseconds: int(2)),
      change: try json(Change.self, 3))
  }
}
