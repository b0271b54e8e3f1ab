// How far a sink is: the outbox is this cursor over the ledger's events, not a copy of them.

package import Resilience

/// A sink's place in the ledger.
package struct OutboxCursor: Hashable, Sendable {
  /// The sink's address.
  package var sink: String
  /// Names the store, so that the ids of two stores' events differ; the same after a rebuild.
  package var identity: String
  /// Every event up to this sequence is settled: delivered, refused, lost, or of no interest.
  package var position: Int64
  /// Low-ranking events up to this sequence were given up.
  package var lowFloor: Int64
  package var delivered: Int64
  /// Events that the sink refused.
  package var failed: Int64
  /// Events that were given up, since too much waited, or for too long.
  package var lost: Int64
  package var deliveredAt: Instant?

  package init(sink: String, identity: String, position: Int64) {
    self.sink = sink
    self.identity = identity
    self.position = position
    lowFloor = position
    delivered = 0
    failed = 0
    lost = 0
  }

  /// Whether an event still waits.
  package func isPending(_ entry: OutboxEntry) -> Bool {
    switch entry.rank {
    case .none: false
    case .low: entry.sequence > max(position, lowFloor)
    case .high: entry.sequence > position
    }
  }
}

/// An event that the sink refused: what is kept of it besides the ledger.
package struct OutboxRefusal: Hashable, Sendable {
  package var sequence: Int64
  package var at: Instant
  /// The sink's HTTP status.
  package var status: Int
  package var reason: String
  package init(sequence: Int64, at: Instant, status: Int, reason: String) {
    self.sequence = sequence
    self.at = at
    self.status = status
    self.reason = reason
  }
}

/// How a sink answers.
package enum SinkHealth: String, Hashable, Sendable, Codable, CaseIterable {
  /// Nothing was tried since the start.
  case unknown
  case well
  /// The last delivery failed; another try follows.
  case failing
  /// It failed several times in a row: it is left alone for a while.
  case open
  /// It answers, and takes nothing from us: a key, an address or a form is wrong.
  case unwilling
}

/// What a person is told of the outbox.
package struct OutboxFigures: Hashable, Sendable, Codable {
  package var sink: String
  package var pending: Int
  package var delivered: Int64
  package var failed: Int64
  package var lost: Int64
  /// How long the oldest event has waited.
  package var lagMilliseconds: Int64
  package var sizeBytes: Int
  package var sizeBytesMax: Int
  package var oldest: Instant?
  package var lastDelivery: Instant?
  /// `nil` when nothing waits, or nothing delivers.
  package var nextTry: Instant?
  package var health: SinkHealth
  /// What went wrong last; empty when nothing did.
  package var trouble: String

  package init(
    cursor: OutboxCursor, pending: Int, sizeBytes: Int, sizeBytesMax: Int, oldest: Instant?,
    nextTry: Instant? = nil, health: SinkHealth = .unknown, trouble: String = "", at now: Instant
  ) {
    sink = cursor.sink
    self.pending = pending
    delivered = cursor.delivered
    failed = cursor.failed
    lost = cursor.lost
    lagMilliseconds =
      oldest.map { max(0, $0.duration(to: now).nanosecondsClamped / 1_000_000) } ?? 0
    self.sizeBytes = sizeBytes
    self.sizeBytesMax = sizeBytesMax
    self.oldest = oldest
    lastDelivery = cursor.deliveredAt
    self.nextTry = nextTry
    self.health = health
    self.trouble = trouble
  }
}
