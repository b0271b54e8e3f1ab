// A run's past figures, evenly spread over whatever stretch is asked for.

package import BatchModel
package import Resilience

extension SQLiteReading {
  package func samples(
    of run: RunID, from: Instant?, to: Instant?, limit: Int
  ) throws(StoreError) -> [RunSample] {
    try read { connection throws(StoreError) in
      guard limit > 0, try connection.hasGroups, let record = try connection.runRecord(run)
      else { return [] }
      // Every n-th, counted from the newest one, which is always among them.
      return try connection(
        """
        WITH range AS (
          SELECT *, row_number() OVER (ORDER BY at DESC) - 1 AS place, count(*) OVER () AS total
          FROM samples WHERE run = ?1 AND at BETWEEN ?2 AND ?3)
        SELECT at, queued, waiting, running, done, skipped, failed, cancelled, rate, spent,
          reserved, held, slots, in_flight, breakers
        FROM range WHERE place % ((total + ?4 - 1) / ?4) = 0 ORDER BY at
        """
      ).all(
        record.number, from?.milliseconds ?? Int64.min, to?.milliseconds ?? Int64.max, limit
      ) { row throws(StoreError) in try row.sample() }
    }
  }
}

extension Row {
  fileprivate func sample() throws(StoreError) -> RunSample {
    RunSample(
      at: Instant(milliseconds: int(0)),
      counts: ItemCounts(
        queued: count(1), waiting: count(2), running: count(3), done: count(4),
        skipped: count(5), failed: count(6), cancelled: count(7)),
      rate: real(8), spent: Money(picodollars: int(9)), reserved: Money(picodollars: int(10)),
      waiting: count(11),
      inFlight: isNull(13) ? [:] : try json([String: Int].self, 13),
      breakers: isNull(14) ? [:] : try json([String: String].self, 14),
      slotsUsed: count(12))
  }
}
