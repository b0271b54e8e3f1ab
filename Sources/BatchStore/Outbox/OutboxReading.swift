// The outbox as reads: events between a sink's cursor and the ledger's end.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func outboxCursors() throws(StoreError) -> [OutboxCursor] {
    try read { connection throws(StoreError) in
      try connection(
        """
        SELECT sink, identity, position, low_floor, delivered, failed, lost, delivered_at
        FROM outbox ORDER BY opened DESC, sink
        """
      ).all { row in row.outboxCursor() }
    }
  }

  package func outboxEntries(
    after sequence: Int64, limit: Int
  ) throws(StoreError) -> [OutboxEntry] {
    try read { connection throws(StoreError) in
      try connection(
        "SELECT sequence, at, body FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?"
      ).all(sequence, limit) { row throws(StoreError) in try row.outboxEntry().entry }
    }
  }

  package func outboxEvents(
    of cursor: OutboxCursor, upTo end: Int64, eventsMax: Int, bytesMax: Int
  ) throws(StoreError) -> [OutboxEvent] {
    try read { connection throws(StoreError) in
      var events: [OutboxEvent] = []
      var bytes = 0
      var failure: StoreError?
      _ = try connection(
        """
        SELECT events.sequence, events.at, events.body, runs.name,
          coalesce(items.key, json_extract(events.body, '$.path'),
            json_extract(events.body, '$.provider'))
        FROM events JOIN runs ON runs.id = events.run
        LEFT JOIN items ON items.id = json_extract(events.body, '$.item')
        WHERE events.sequence > ? AND events.sequence <= ? ORDER BY events.sequence
        """
      ).firstRows(cursor.position, end) { row in
        do throws(StoreError) {
          let (entry, kind) = try row.outboxEntry()
          guard cursor.isPending(entry) else { return true }
          guard events.isEmpty || bytes + entry.sizeBytes <= bytesMax else { return false }
          bytes += entry.sizeBytes
          events.append(
            OutboxEvent(
              entry: entry, run: RunID(row.text(3)), kind: kind, subject: row.optionalText(4),
              body: row.withText(2) { Array($0) }))
          return events.count < eventsMax
        } catch {
          failure = error
          return false
        }
      }
      if let failure { throw failure }
      return events
    }
  }

  package func outboxRefusals(
    of sink: String, limit: Int
  ) throws(StoreError) -> [OutboxRefusal] {
    try read { connection throws(StoreError) in
      try connection(
        """
        SELECT sequence, at, status, reason FROM outbox_refusals
        WHERE sink = ? ORDER BY sequence DESC LIMIT ?
        """
      ).all(sink, limit) { row in
        OutboxRefusal(
          sequence: row.int(0), at: Instant(milliseconds: row.int(1)), status: row.count(2),
          reason: row.text(3))
      }
    }
  }
}

extension Row {
  fileprivate func outboxCursor() -> OutboxCursor {
    var cursor = OutboxCursor(sink: text(0), identity: text(1), position: int(2))
    cursor.lowFloor = int(3)
    cursor.delivered = int(4)
    cursor.failed = int(5)
    cursor.lost = int(6)
    cursor.deliveredAt = optionalInt(7).map { Instant(milliseconds: $0) }
    return cursor
  }

  /// From the columns sequence, at, body.
  fileprivate func outboxEntry() throws(StoreError) -> (entry: OutboxEntry, kind: Change.Kind) {
    let (kind, size) = withText(2) { (Change.Kind(ofBody: $0), $0.count) }
    guard let kind else { throw damaged("event \(int(0)) has no type") }
    let entry = OutboxEntry(
      sequence: int(0), at: Instant(milliseconds: int(1)), rank: kind.rank, sizeBytes: size)
    return (entry, kind)
  }
}

extension Change.Kind {
  private static let member = Array("\"type\":\"".utf8)

  /// Reads the kind out of a body without decoding it: there may be a million to count.
  ///
  /// A quote inside a text has a backslash before it, so the member's name cannot stand in one; and
  /// no payload has an inner object with a member of that name. It is looked for from the end, since
  /// members are sorted.
  init?(ofBody bytes: UnsafeBufferPointer<UInt8>) {
    let member = Self.member
    var start = bytes.count - member.count
    while start >= 0 {
      if bytes[start] == member[0], bytes[start + 1] == member[1],
        bytes[start..<(start + member.count)].elementsEqual(member)
      {
        let value = bytes[(start + member.count)...].prefix { $0 != UInt8(ascii: "\"") }
        self.init(rawValue: String(decoding: value, as: UTF8.self))
        return
      }
      start -= 1
    }
    return nil
  }
}
