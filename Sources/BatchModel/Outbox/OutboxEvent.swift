// Events of the ledger as the outbox sees them: which ones a sink gets, and which are given up first.

package import Resilience

/// How much an event matters to whoever watches from outside.
package enum OutboxRank: Hashable, Sendable, CaseIterable {
  /// The ledger's own affair; never delivered.
  case none
  /// Given up first when too much waits.
  case low
  case high
}

extension Change.Kind {
  /// What a sink gets: changes of runs, items, artifacts and providers.
  ///
  /// What an attempt does on its way to them (its process, its candidate, its intents) stays in the
  /// ledger.
  package var rank: OutboxRank {
    switch self {
    case .attemptLaunched, .resultRecorded, .resultHeld, .publishing: .none
    case .attemptStarted, .attemptEnded, .resultRejected, .noted: .low
    case .runStarted, .runMoved, .itemsEnqueued, .sentBack, .stepDone, .itemMoved, .itemsMoved,
      .providerMoved, .budgetMoved, .artifactTracked, .holdMoved, .parallelMoved, .canaryMoved,
      .remarked:
      .high
    }
  }
}

/// An event of the ledger without its content: what counting needs.
package struct OutboxEntry: Hashable, Sendable {
  package var sequence: Int64
  package var at: Instant
  package var rank: OutboxRank
  /// Of the event's body.
  package var sizeBytes: Int

  package init(sequence: Int64, at: Instant, rank: OutboxRank, sizeBytes: Int) {
    self.sequence = sequence
    self.at = at
    self.rank = rank
    self.sizeBytes = sizeBytes
  }
}

/// An event that is going to be delivered.
package struct OutboxEvent: Hashable, Sendable {
  package var entry: OutboxEntry
  package var run: RunID
  package var kind: Change.Kind
  /// The key of the item, the path or the provider that it is about; `nil` for events of a run.
  package var subject: String?
  /// The JSON of the change as it stands in the ledger.
  package var body: [UInt8]

  package init(
    entry: OutboxEntry, run: RunID, kind: Change.Kind, subject: String?, body: [UInt8]
  ) {
    self.entry = entry
    self.run = run
    self.kind = kind
    self.subject = subject
    self.body = body
  }
}
