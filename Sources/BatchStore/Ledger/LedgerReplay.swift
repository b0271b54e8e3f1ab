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
  /// Whether a note takes the place of each event that is lost: a store that goes on needs a ledger
  /// without gaps, which says what is missing.
  let fillsGaps: Bool
  private(set) var problems: [LedgerProblem] = []
  private(set) var events = 0
  private(set) var newest: [RunID: Int64] = [:]
  private var last: Int64 = 0
  /// The run and the time of the event before.
  private var before: (run: RunID, at: Int64)?
  private static let notesMax: Int64 = 100_000

  init(into store: SQLiteStore, fillsGaps: Bool = false) {
    self.store = store
    self.fillsGaps = fillsGaps
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
    guard fillsGaps, let before, event.sequence - last <= Self.notesMax else { return }
    for sequence in (last + 1)..<event.sequence {
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

extension RecordedEvent {
  /// What stands in the place of an event that is lost.
  fileprivate static func lost(
    _ sequence: Int64, of run: RunID, at: Int64, why: String
  ) -> RecordedEvent {
    let noted = Noted(run: run, code: "lost", message: "event \(sequence) is lost: \(why)")
    return RecordedEvent(
      sequence: sequence, run: run, at: at, kind: .noted,
      body: EventCoding.body(of: .noted(noted)))
  }

  /// What a person loses with it, in one sentence.
  fileprivate func loss(for error: StoreError) -> String {
    let reason: String
    if case .conflict(let why) = error { reason = why } else { reason = "\(error)" }
    // An event that cannot be read is told of by the reason.
    guard let change = try? JSONDecoder().decode(Change.self, from: Data(body)) else {
      return reason
    }
    switch change {
    case .stepDone(let done):
      let paths = done.artifacts.map(\.path).joined(separator: ", ")
      let stays = paths.isEmpty ? "" : "; \(paths) stays where it is"
      return "\(reason): the receipt of step \(done.step + 1) is lost, and it runs again\(stays)"
    case .itemsEnqueued(let enqueued):
      return "\(reason): \(enqueued.count) items are lost, and are taken from their source again"
    default: return reason
    }
  }
}

extension StoreError {
  /// Whether an event is at fault, rather than the file that it is replayed into.
  fileprivate var isOfOneEvent: Bool {
    switch self {
    case .conflict, .corrupt, .ioFailed: true
    case .unavailable, .newerSchema, .diskFull, .busy, .latched: false
    }
  }
}

extension SQLiteStore {
  /// Applies a receipt whose result's own line is lost: what it published is what the step made.
  ///
  /// - Returns: whether it is one, and was applied.
  fileprivate func salvage(_ event: RecordedEvent) throws(StoreError) -> Bool {
    // An event that cannot be read cannot be saved either.
    guard case .stepDone(let done) = try? JSONDecoder().decode(Change.self, from: Data(event.body)),
      done.result == nil
    else { return false }
    do throws(StoreError) {
      try transact(mode: .replay) { transaction throws(StoreError) in
        let attempt = try transaction.attempt(done.attempt, of: done.item)
        guard attempt.outcome == nil else { throw .conflict(reason: "it has ended") }
        try transaction.insertLostResult(of: done)
        transaction.recorded = event
        try transaction.replay(event)
      }
      return true
    } catch {
      guard error.isOfOneEvent else { throw error }
      return false
    }
  }

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
  fileprivate func insertLostResult(of done: StepDone) throws(StoreError) {
    let object = done.artifacts.count == 1 ? done.artifacts.first?.object : nil
    try connection("INSERT INTO results(attempt, verdict, candidate, size) VALUES(?, ?, ?, ?)")
      .run(done.attempt.number, Verdict.pending.code, object?.digest, object?.sizeBytes)
  }

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
