// What happened to a run as a whole: its events that are of no one attempt or item's move, found
// without reading a million others, and what changed since a moment.

package import BatchModel
package import Resilience

extension SQLiteReading {
  package func landmarks(
    of run: RunID, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return [] }
      guard try connection.hasGroups else {
        return try connection.scannedLandmarks(of: record.number, after: sequence, limit: limit)
      }
      return try connection(
        """
        SELECT sequence, ?2, at, body FROM events INDEXED BY events_told
        WHERE run = ?1 AND sequence > ?3
          AND substr(body, 1, 6) NOT IN ('{"atte', '{"arti', '{"acce', '{"item')
        ORDER BY sequence LIMIT ?4
        """
      ).all(record.number, run.text, sequence, limit) { row throws(StoreError) in
        try row.entry()
      }
    }
  }

  package func landmarks(
    of run: RunID, before sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try read { connection throws(StoreError) in
      guard try connection.hasGroups, let record = try connection.runRecord(run) else {
        return []
      }
      return try connection(
        """
        SELECT sequence, ?2, at, body FROM events INDEXED BY events_told
        WHERE run = ?1 AND sequence < ?3
          AND substr(body, 1, 6) NOT IN ('{"atte', '{"arti', '{"acce', '{"item')
        ORDER BY sequence DESC LIMIT ?4
        """
      ).all(record.number, run.text, sequence, limit) { row throws(StoreError) in
        try row.entry()
      }.reversed()
    }
  }

  package func lastSequence(
    of run: RunID, at moment: Instant?
  ) throws(StoreError) -> Int64 {
    try read { connection throws(StoreError) in
      let ends = try connection(
        "SELECT first_sequence, last_sequence FROM runs WHERE name = ?"
      ).first(run.text) { row in (row.int(0), row.int(1)) }
      guard let (first, last) = ends else { return 0 }
      guard let moment else { return last }
      // Events follow each other in time, so the place is found by halving.
      var (low, high) = (first, last + 1)
      while low < high {
        let middle = low + (high - low) / 2
        let at = try connection("SELECT at FROM events WHERE sequence = ?")
          .first(middle) { row in row.int(0) }
        if at ?? .min <= moment.milliseconds { low = middle + 1 } else { high = middle }
      }
      return low - 1 < first ? 0 : low - 1
    }
  }

  package func progress(
    of run: RunID, since moment: Instant
  ) throws(StoreError) -> RunProgress {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return RunProgress() }
      var progress = RunProgress()
      try connection(
        """
        SELECT state, count(*) FROM items NOT INDEXED WHERE run = ? AND since > ? AND state <> 3
        GROUP BY state
        """
      ).forEach(record.number, moment.milliseconds) { row throws(StoreError) in
        progress.counts[try row.coded(ItemState.self, 0)] = row.count(1)
      }
      let spent = try connection(
        "SELECT sum(cost) FROM attempts NOT INDEXED WHERE run = ? AND ended > ? AND billing = 0"
      ).first(record.number, moment.milliseconds) { row in row.int(0) }
      progress.spent = Money(picodollars: spent ?? 0)
      return progress
    }
  }
}

extension Connection {
  /// The same of a file without the index: every event is looked at.
  fileprivate func scannedLandmarks(
    of run: Int64, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [LedgerEntry] {
    try self(
      """
      SELECT events.sequence, runs.name, events.at, events.body
      FROM events JOIN runs ON runs.id = events.run
      WHERE events.run = ? AND events.sequence > ?
        AND substr(body, 1, 6) NOT IN ('{"atte', '{"arti', '{"acce', '{"item')
      ORDER BY events.sequence LIMIT ?
      """
    ).all(run, sequence, limit) { row throws(StoreError) in try row.entry() }
  }
}
