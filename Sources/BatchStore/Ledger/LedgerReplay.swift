// All mirrors read together, in the order of their events, and replayed into a store.

import BatchModel
import Foundation

/// Merges the runs' mirrors by sequence.
struct LedgerMerge {
  private var scanners: [MirrorScanner] = []
  private var heads: [RecordedEvent?] = []
  private(set) var problems: [LedgerProblem] = []

  init(folder: String, objects: any ObjectStoring) throws(StoreError) {
    for run in try LedgerMirror.runs(in: folder) {
      scanners.append(try MirrorScanner(run: run, folder: folder, objects: objects))
      heads.append(nil)
    }
    for index in scanners.indices { try advance(index) }
  }

  /// The next event of all runs; `nil` at the end.
  mutating func next() throws(StoreError) -> RecordedEvent? {
    var first: (index: Int, event: RecordedEvent)?
    for (index, head) in heads.enumerated() {
      guard let head, head.sequence < first?.event.sequence ?? .max else { continue }
      first = (index, head)
    }
    guard let first else { return nil }
    try advance(first.index)
    return first.event
  }

  private mutating func advance(_ index: Int) throws(StoreError) {
    while let line = try scanners[index].next() {
      switch line {
      case .event(let event):
        heads[index] = event
        return
      case .problem(let problem): problems.append(problem)
      }
    }
    heads[index] = nil
  }
}

/// Replays events into an empty store.
struct LedgerReplay {
  let store: SQLiteStore
  private(set) var problems: [LedgerProblem] = []
  private(set) var events = 0
  private(set) var newest: [RunID: Int64] = [:]
  private var last: Int64 = 0

  init(into store: SQLiteStore) { self.store = store }

  /// Replays everything; what cannot be applied is reported and left out.
  mutating func run(
    _ merge: inout LedgerMerge, each: (RecordedEvent) throws(StoreError) -> Void
  ) throws(StoreError) {
    var batch: [RecordedEvent] = []
    while let event = try merge.next() {
      if event.sequence != last + 1 {
        problems.append(
          event.sequence <= last
            ? .refused(sequence: event.sequence, reason: "it stands in the ledger twice")
            : .gap(from: last + 1, to: event.sequence - 1))
      }
      last = max(last, event.sequence)
      newest[event.run] = event.sequence
      try each(event)
      batch.append(event)
      if batch.count == 2_000 {
        try replay(batch)
        batch = []
      }
    }
    try replay(batch)
  }

  private mutating func replay(_ batch: [RecordedEvent]) throws(StoreError) {
    events += batch.count
    do throws(StoreError) {
      try store.replay(batch)
    } catch {
      guard error.isOfOneEvent else { throw error }
      // Somewhere in there: one by one, to name it and to save the rest.
      for event in batch {
        do throws(StoreError) {
          try store.replay([event])
        } catch {
          guard error.isOfOneEvent else { throw error }
          problems.append(.refused(sequence: event.sequence, reason: error.description))
        }
      }
    }
  }
}

extension StoreError {
  /// Whether an event is at fault, rather than the file that it is replayed into.
  fileprivate var isOfOneEvent: Bool {
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
  fileprivate func replay(_ event: RecordedEvent) throws(StoreError) {
    let change: Change
    do {
      change = try JSONDecoder().decode(Change.self, from: Data(event.body))
    } catch {
      throw .conflict(reason: "unreadable event: \(error)")
    }
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
