// Attempts without an outcome, with all that recovery has to know of them: read by an engine at its
// start, and by the doctor beside one.

package import BatchModel

extension SQLiteReading {
  package func openAttempts(of run: RunID) throws(StoreError) -> [OpenAttempt] {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return [] }
      return try connection(
        """
        SELECT attempts.id, attempts.item, attempts.step, attempts.try, attempts.epoch,
          attempts.pid, results.attempt IS NOT NULL, results.publish_event, attempts.reserved,
          attempts.provider, attempts.model, attempts.billing, items.model, items.review
        FROM attempts JOIN items ON items.id = attempts.item
        LEFT JOIN results ON results.attempt = attempts.id
        WHERE attempts.run = ? AND attempts.outcome IS NULL ORDER BY attempts.id
        """
      ).all(record.number) { row throws(StoreError) in
        var open = OpenAttempt(
          attempt: AttemptID(row.int(0)), item: ItemID(row.int(1)), step: row.count(2),
          tries: row.count(3) - 1, epoch: Epoch(row.int(4)),
          pid: row.optionalInt(5).map { Int32(truncatingIfNeeded: $0) }, hasResult: row.flag(6),
          model: row.count(12),
          review: row.isNull(13) ? nil : try row.json(ReviewState.self, 13))
        if let reserved = row.optionalInt(8) {
          open.reservation = Reservation(
            provider: row.text(9), model: row.text(10), worstCase: Money(picodollars: reserved),
            billing: try row.coded(Provider.Billing.self, 11))
        }
        if let event = row.optionalInt(7), case .publishing(let told) = try connection.change(event)
        {
          open.publishing = told.intents
        }
        return open
      }
    }
  }
}
