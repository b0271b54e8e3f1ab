// The outbox as writes: a sink's cursor and what it refused. No event is copied, and no ledger tells
// of it, since deliveries that were events would be delivered again.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func openOutbox(
    _ sink: String, from run: RunID, at now: Instant
  ) throws(StoreError) -> OutboxCursor {
    if let known = try outboxCursors().first(where: { $0.sink == sink }) { return known }
    return try transact { transaction throws(StoreError) in
      let connection = transaction.connection
      let first = try connection("SELECT first_sequence FROM runs WHERE name = ?")
        .first(run.text) { row in row.int(0) }
      let oldest = try connection("SELECT name FROM runs ORDER BY id LIMIT 1")
        .first { row in row.text(0) }
      guard let first, let oldest else { throw .conflict(reason: "there is no run \(run)") }
      // The first run's name is in the ledger, so a rebuilt store has the same identity.
      let cursor = OutboxCursor(
        sink: sink, identity: String(Digest(of: oldest).hex.prefix(16)), position: first - 1)
      try connection(
        "INSERT INTO outbox(sink, identity, position, low_floor, opened) VALUES(?, ?, ?, ?, ?)"
      ).run(sink, cursor.identity, cursor.position, cursor.lowFloor, now.milliseconds)
      return cursor
    }
  }

  package func saveOutbox(
    _ cursor: OutboxCursor, refused: [OutboxRefusal]
  ) throws(StoreError) {
    try transact { transaction throws(StoreError) in
      try transaction.connection(
        """
        UPDATE outbox SET position = ?, low_floor = ?, delivered = ?, failed = ?, lost = ?,
          delivered_at = ? WHERE sink = ?
        """
      ).run(
        cursor.position, cursor.lowFloor, cursor.delivered, cursor.failed, cursor.lost,
        cursor.deliveredAt?.milliseconds, cursor.sink)
      guard transaction.connection.changed == 1 else {
        throw .conflict(reason: "the outbox of \(cursor.sink) was not opened")
      }
      for refusal in refused {
        try transaction.connection(
          """
          INSERT OR REPLACE INTO outbox_refusals(sink, sequence, at, status, reason)
          VALUES(?, ?, ?, ?, ?)
          """
        ).run(
          cursor.sink, refusal.sequence, refusal.at.milliseconds, refusal.status, refusal.reason)
      }
    }
  }

  /// Takes a cursor over from a store that this one takes the place of, unless it is ahead of the ledger.
  func adopt(_ cursor: OutboxCursor, refused: [OutboxRefusal]) throws(StoreError) {
    guard cursor.position <= sequence, cursor.lowFloor <= sequence else { return }
    try transact { transaction throws(StoreError) in
      try transaction.connection(
        "INSERT INTO outbox(sink, identity, position, low_floor, opened) VALUES(?, ?, ?, ?, ?)"
      ).run(
        cursor.sink, cursor.identity, cursor.position, cursor.lowFloor,
        cursor.deliveredAt?.milliseconds ?? 0)
    }
    try saveOutbox(cursor, refused: refused)
  }

  /// Moves a sink's cursor back before the first event that it refused, and forgets the refusals.
  ///
  /// - Returns: how many events it had refused.
  package func offerRefusedAgain(to sink: String) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let connection = transaction.connection
      let first = try connection("SELECT min(sequence) FROM outbox_refusals WHERE sink = ?")
        .first(sink) { row in row.optionalInt(0) }
      guard let first = first ?? nil else { return 0 }
      try connection("DELETE FROM outbox_refusals WHERE sink = ?").run(sink)
      let count = connection.changed
      try connection(
        """
        UPDATE outbox SET position = min(position, ?), low_floor = min(low_floor, ?),
          failed = max(0, failed - ?) WHERE sink = ?
        """
      ).run(first - 1, first - 1, count, sink)
      return count
    }
  }
}
