// Groups of failures as they are kept: their cost does not grow with the items that failed.

package import BatchModel
package import Resilience

extension SQLiteReading {
  package func failureGroups(
    of run: RunID, at now: Instant?, withResolved: Bool
  ) throws(StoreError) -> [FailureGroup] {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return [] }
      // A reader may meet a store to which no newer engine has come yet.
      guard try connection.hasGroups else {
        return try connection.countedGroups(of: record.number)
      }
      let groups = try connection.groups(of: record.number, withResolved: withResolved)
      let moment =
        if let now { now.milliseconds } else { try connection.updated(record.number) }
      let recent = try connection.recentFailures(of: record.number, until: moment)
      let none = [Int](repeating: 0, count: FailureGroup.recentStretches)
      return groups.map { number, group in
        var group = group
        group.recent = recent[number] ?? none
        return group
      }
    }
  }
}

extension Connection {
  /// Whether the file keeps groups, notes and samples.
  var hasGroups: Bool {
    get throws(StoreError) { try number(of: "user_version") >= 8 }
  }

  fileprivate func groups(
    of run: Int64, withResolved: Bool
  ) throws(StoreError) -> [(Int64, FailureGroup)] {
    try self(
      """
      SELECT g.signature, signatures.text, g.count, g.first, g.last, g.cost, g.resolved, g.reopened,
        g.retrying, signatures.note,
        (SELECT key FROM items WHERE id = coalesce(
          (SELECT id FROM items INDEXED BY items_failed
           WHERE run = ?1 AND state = 0 AND signature = g.signature ORDER BY since LIMIT 1),
          g.sample))
      FROM failure_groups AS g JOIN signatures ON signatures.id = g.signature
      WHERE g.run = ?1 AND (g.count > 0 OR ?2) ORDER BY g.count DESC, g.signature
      """
    ).all(run, withResolved) { row in
      let group = FailureGroup(
        name: FailureGroup.name(ofNumber: row.int(0)), signature: Signature(text: row.text(1)),
        count: row.count(2), firstAt: Instant(milliseconds: row.int(3)),
        lastAt: Instant(milliseconds: row.int(4)), sampleKey: row.text(10),
        cost: Money(picodollars: row.int(5)), note: row.optionalText(9),
        resolvedAt: row.optionalInt(6).map { Instant(milliseconds: $0) },
        isReopened: row.flag(7), retrying: row.count(8))
      return (row.int(0), group)
    }
  }

  /// The failures of the newest stretches, oldest first, by the number of their signature.
  fileprivate func recentFailures(
    of run: Int64, until moment: Int64
  ) throws(StoreError) -> [Int64: [Int]] {
    let stretches = FailureGroup.recentStretches
    let first = FailureStretch.of(milliseconds: moment) - Int64(stretches) + 1
    var recent: [Int64: [Int]] = [:]
    try self(
      """
      SELECT signature, stretch, count FROM failure_rates
      WHERE run = ? AND stretch BETWEEN ? AND ?
      """
    ).forEach(run, first, first + Int64(stretches) - 1) { row in
      recent[row.int(0), default: [Int](repeating: 0, count: stretches)][Int(row.int(1) - first)] =
        row.count(2)
    }
    return recent
  }

  fileprivate func updated(_ run: Int64) throws(StoreError) -> Int64 {
    try self("SELECT updated FROM runs WHERE id = ?").first(run) { row in row.int(0) } ?? 0
  }

  /// The groups of a file that does not keep them, counted.
  fileprivate func countedGroups(of run: Int64) throws(StoreError) -> [FailureGroup] {
    try self(
      """
      SELECT g.signature, signatures.text, g.n, g.first, g.last, items.key, g.cost
      FROM (
        SELECT signature, count(*) AS n, min(since) AS first, max(since) AS last,
          sum(cost) AS cost
        FROM items INDEXED BY items_failed WHERE run = ?1 AND state = 0 GROUP BY signature
      ) AS g
      JOIN signatures ON signatures.id = g.signature
      JOIN items ON items.id = (
        SELECT id FROM items INDEXED BY items_failed
        WHERE run = ?1 AND state = 0 AND signature = g.signature ORDER BY since LIMIT 1)
      ORDER BY g.n DESC, g.signature
      """
    ).all(run) { row in
      FailureGroup(
        name: FailureGroup.name(ofNumber: row.int(0)), signature: Signature(text: row.text(1)),
        count: row.count(2), firstAt: Instant(milliseconds: row.int(3)),
        lastAt: Instant(milliseconds: row.int(4)), sampleKey: row.text(5),
        cost: Money(picodollars: row.int(6)))
    }
  }
}
