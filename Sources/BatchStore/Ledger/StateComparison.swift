// Two stores compared row by row, a few thousand at a time, so that no transaction lasts long.

import BatchModel

/// Compares what a ledger gives with what a store has.
struct StateComparison {
  let ledger: any SQLiteReading
  let store: any SQLiteReading

  /// A table in the order of one whole-number key.
  private struct Table {
    var name: String
    var key: String
    var columns: String
    /// What is selected from, when it is not the table itself.
    var source: String?
  }

  private static let tables = [
    Table(
      name: "runs", key: "id",
      columns: """
        name, batch, definition, steps, state, why, started, updated, first_sequence, \
        last_sequence, unknown_attempts, has_edges
        """),
    Table(
      name: "items", key: "id",
      columns: """
        run, ordinal, key, occurrence, state, unmet, blocked, step, tries, since, attempt, \
        pending, wait_reason, wait_until, skip_reason, signature, gone, note, overrides, model, cost, review
        """),
    Table(name: "sources", key: "item", columns: "payload, after"),
    Table(
      name: "attempts", key: "id",
      columns: """
        run, item, step, try, epoch, pid, started, ended, outcome, key, start_event, end_event, \
        provider, model, billing, reserved, cost
        """),
    Table(
      name: "results", key: "attempt",
      columns: "verdict, candidate, size, publish_event, warnings, commit_id, acceptance"),
    Table(
      name: "receipts", key: "sequence", columns: "run, item, attempt, step, identity, key"),
    Table(name: "signatures", key: "id", columns: "text, note"),
    Table(name: "item_notes", key: "item", columns: "note"),
    // What else is known of a group, a file that was brought up to date may not have.
    Table(
      name: "failure_groups", key: "id", columns: "count, cost",
      source: """
        (SELECT (run << 32) + signature AS id, count, cost FROM failure_groups WHERE count > 0)
        """),
    Table(
      name: "spend", key: "id",
      columns: """
        run, day, step, provider, model, billing, calls, input_tokens, cache_read_tokens, \
        cache_write_tokens, output_tokens, reasoning_tokens, cost
        """),
    Table(name: "budgets", key: "run", columns: "cap, latched"),
    Table(name: "providers", key: "id", columns: "name, state"),
    Table(name: "parallels", key: "run", columns: "run_slots, llm_slots"),
    Table(
      name: "canaries", key: "id",
      columns: "run, request, signature, phase, items, overrides, author, since"),
    // How often an event was repeated is no part of it: repeats are not in the ledger.
    Table(
      name: "tracked", key: "sequence", columns: "run, path, action, source, content, language"),
    // Tables without one whole number as their key, gathered by one.
    Table(
      name: "edges", key: "item", columns: "joined",
      source: """
        (SELECT item, group_concat(run || ' ' || needs) AS joined
         FROM (SELECT * FROM edges ORDER BY item, run, needs) GROUP BY item)
        """),
    Table(
      name: "holds", key: "run", columns: "joined",
      source: """
        (SELECT run, group_concat(hold) AS joined
         FROM (SELECT * FROM holds ORDER BY run, hold) GROUP BY run)
        """),
    Table(
      name: "requests", key: "run", columns: "joined",
      source: """
        (SELECT run, group_concat(id || ' ' || since) AS joined
         FROM (SELECT * FROM requests ORDER BY id) GROUP BY run)
        """),
  ]

  /// What differs.
  func problems() throws(StoreError) -> [LedgerProblem] {
    var problems: [LedgerProblem] = []
    for table in Self.tables {
      if let problem = try compare(table) { problems.append(problem) }
    }
    return try problems + FileComparison(ledger: ledger, store: store).problems() + countProblems()
  }

  private struct Entry {
    var key: Int64
    var text: String
  }

  private func compare(_ table: Table) throws(StoreError) -> LedgerProblem? {
    var rows = 0
    var example = ""
    var last = Int64.min
    while true {
      let left = try page(table, of: ledger, after: last)
      let right = try page(table, of: store, after: last)
      // Up to the shorter page's end both are complete.
      let ends = [left, right].compactMap { $0.count == Self.pageSize ? $0.last?.key : nil }
      let end = ends.min() ?? .max
      let mine = Dictionary(uniqueKeysWithValues: left.map { ($0.key, $0.text) })
      var theirs = Dictionary(uniqueKeysWithValues: right.map { ($0.key, $0.text) })
      for entry in left where entry.key <= end {
        guard theirs.removeValue(forKey: entry.key) != entry.text else { continue }
        rows += 1
        if example.isEmpty { example = "\(entry.key)" }
      }
      for entry in right where entry.key <= end && mine[entry.key] == nil {
        rows += 1
        if example.isEmpty { example = "\(entry.key)" }
      }
      guard end < .max else { break }
      last = end
    }
    return rows == 0 ? nil : .state(table: table.name, rows: rows, example: example)
  }

  private static let pageSize = 4_000

  private func page(
    _ table: Table, of side: any SQLiteReading, after last: Int64
  ) throws(StoreError) -> [Entry] {
    let quoted = table.columns.split(separator: ",")
      .map { "quote(\($0.trimmingPrefix(" ")))" }.joined(separator: " || ',' || ")
    return try side.read { connection throws(StoreError) in
      try connection.composed(
        """
        SELECT \(table.key), \(quoted) FROM \(table.source ?? table.name)
        WHERE \(table.key) > ? ORDER BY \(table.key) LIMIT \(Self.pageSize)
        """
      ).all(last) { row in Entry(key: row.int(0), text: row.text(1)) }
    }
  }

  /// Runs whose kept counts are not those of their items.
  private func countProblems() throws(StoreError) -> [LedgerProblem] {
    try store.read { connection throws(StoreError) in
      try connection.driftedRuns().map { .counts(run: $0) }
    }
  }
}

extension Connection {
  /// Runs whose kept counts are not those of their items; a scan of an index.
  func driftedRuns() throws(StoreError) -> [RunID] {
    try self(
      """
      WITH real(run, scope, state, n) AS (
        SELECT run, 0, state, count(*) FROM items GROUP BY run, state
        UNION ALL SELECT run, 1, state, count(*) FROM items WHERE canary = 1 GROUP BY run, state
        UNION ALL SELECT run, 2, state, count(*) FROM items WHERE focus = 1 GROUP BY run, state),
      kept(run, scope, state, n) AS (SELECT run, scope, state, count FROM counts WHERE count <> 0)
      SELECT name FROM runs WHERE id IN (
        SELECT run FROM (SELECT * FROM real EXCEPT SELECT * FROM kept)
        UNION SELECT run FROM (SELECT * FROM kept EXCEPT SELECT * FROM real))
      ORDER BY id
      """
    ).all { row in RunID(row.text(0)) }
  }
}
