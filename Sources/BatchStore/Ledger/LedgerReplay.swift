// Events replayed into an empty store, in the order of the ledger.

import BatchModel
import Foundation

/// Replays events into an empty store.
struct LedgerReplay {
  let store: SQLiteStore
  /// Whether a note takes the place of each event that is lost: a store that goes on needs a ledger
  /// without gaps, which says what is missing.
  let fillsGaps: Bool
  private let definition: Batch?
  private(set) var problems: [LedgerProblem] = []
  private(set) var events = 0
  private(set) var newest: [RunID: Int64] = [:]
  private var last: Int64 = 0
  /// The run and the time of the event before.
  private var before: (run: RunID, at: Int64)?
  private static let notesMax: Int64 = 100_000

  /// - Parameter definition: What a run is taken to have begun with whose beginning is lost.
  init(into store: SQLiteStore, fillsGaps: Bool = false, definition: Batch? = nil) {
    self.store = store
    self.fillsGaps = fillsGaps
    self.definition = definition
  }

  /// Replays everything; what cannot be applied is reported and left out.
  mutating func run(_ merge: inout LedgerMerge) throws(StoreError) {
    var batch: [RecordedEvent] = []
    while let event = try merge.next() {
      if event.sequence != last + 1 { noteJump(to: event, in: &batch) }
      last = max(last, event.sequence)
      newest[event.run] = event.sequence
      batch.append(event)
      before = (event.run, event.at)
      if batch.count >= 2_000 {
        try replay(batch)
        batch = []
      }
    }
    try replay(batch)
  }

  private mutating func noteJump(to event: RecordedEvent, in batch: inout [RecordedEvent]) {
    guard event.sequence > last else {
      return problems.append(
        .refused(sequence: event.sequence, reason: "it stands in the ledger twice"))
    }
    problems.append(.gap(from: last + 1, to: event.sequence - 1))
    guard fillsGaps, event.sequence - last <= Self.notesMax else { return }
    var noted = last
    if newest[event.run] == nil, event.kind != .runStarted, let definition {
      noted += 1
      batch.append(.beginning(of: event.run, by: definition, noted, at: event.at))
      before = (event.run, event.at)
    }
    guard let before else { return }
    for sequence in (noted + 1)..<max(noted + 1, event.sequence) {
      batch.append(
        .lost(sequence, of: before.run, at: before.at, why: "its line of the ledger was damaged"))
    }
  }

  private mutating func replay(_ batch: [RecordedEvent]) throws(StoreError) {
    events += batch.count
    do throws(StoreError) {
      try store.replay(batch)
    } catch {
      guard error.isOfOneEvent else { throw error }
      // Somewhere in there: one by one, to name it and to save the rest.
      for event in batch { try replayAlone(event) }
    }
  }

  private mutating func replayAlone(_ event: RecordedEvent) throws(StoreError) {
    do throws(StoreError) {
      try store.replay([event])
    } catch {
      guard error.isOfOneEvent else { throw error }
      if try store.salvage(event) { return }
      problems.append(.refused(sequence: event.sequence, reason: event.loss(for: error)))
      guard fillsGaps else { return }
      do throws(StoreError) {
        try store.replay([.lost(event.sequence, of: event.run, at: event.at, why: "\(error)")])
      } catch {
        // Not even its run is there; then nothing of the run is, and there is no gap in it.
        guard error.isOfOneEvent else { throw error }
      }
    }
  }
}

extension StoreError {
  /// Whether an event is at fault, rather than the file that it is replayed into.
  var isOfOneEvent: Bool {
    switch self {
    case .conflict, .corrupt, .ioFailed: true
    case .unavailable, .newerSchema, .olderSchema, .diskFull, .busy, .latched: false
    }
  }
}

extension SQLiteStore {
  /// Applies events as they stand in a ledger, in one transaction.
  func replay(_ events: [RecordedEvent]) throws(StoreError) {
    try transact(mode: .replay) { transaction throws(StoreError) in
      for event in events {
        transaction.recorded = event
        try transaction.replay(event)
      }
    }
  }
}

extension Transaction {
  func replay(_ event: RecordedEvent) throws(StoreError) {
    let change: Change
    do {
      change = try JSONDecoder().decode(Change.self, from: Data(event.body))
    } catch {
      throw .conflict(reason: "unreadable event: \(error)")
    }
    try replay(change, as: event)
  }

  /// Applies an event whose body has been read already.
  func replay(_ change: Change, as event: RecordedEvent) throws(StoreError) {
    if case .runStarted(let started) = change, !started.resumed {
      let text: [UInt8]
      let definition: Batch
      do {
        text = try objects.bytes(of: started.definition)
        definition = try JSONDecoder().decode(Batch.self, from: Data(text))
      } catch {
        throw .conflict(reason: "the definition \(started.definition) is lost: \(error)")
      }
      sequence = event.sequence - 1
      try insertRun(
        started, definition: definition, String(decoding: text, as: UTF8.self), at: event.at)
      return
    }
    try apply(change, of: try run(event.run), at: event.at)
  }
}
