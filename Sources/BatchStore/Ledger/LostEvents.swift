// Events that a ledger has lost: what stands in their place, what is saved without them, and what a
// person loses.

import BatchModel
import Foundation

extension RecordedEvent {
  /// A run's beginning whose line is lost, as the definition at hand has it.
  static func beginning(
    of run: RunID, by definition: Batch, _ sequence: Int64, at: Int64
  ) -> RecordedEvent {
    let started = RunStarted(
      run: run, epoch: Epoch(1), batch: definition.name, definition: definition.digest, pid: 0,
      bootID: "", host: "", resumed: false)
    return RecordedEvent(
      sequence: sequence, run: run, at: at, kind: .runStarted,
      body: EventCoding.body(of: .runStarted(started)))
  }

  /// What stands in the place of an event that is lost.
  static func lost(
    _ sequence: Int64, of run: RunID, at: Int64, why: String
  ) -> RecordedEvent {
    let noted = Noted(run: run, code: "lost", message: "event \(sequence) is lost: \(why)")
    return RecordedEvent(
      sequence: sequence, run: run, at: at, kind: .noted,
      body: EventCoding.body(of: .noted(noted)))
  }

  /// What a person loses with it, in one sentence.
  func loss(for error: StoreError) -> String {
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

extension SQLiteStore {
  /// Applies a receipt whose result's own line is lost: what it published is what the step made.
  ///
  /// - Returns: whether it is one, and was applied.
  func salvage(_ event: RecordedEvent) throws(StoreError) -> Bool {
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
}

extension Transaction {
  fileprivate func insertLostResult(of done: StepDone) throws(StoreError) {
    let object = done.artifacts.count == 1 ? done.artifacts.first?.object : nil
    try connection("INSERT INTO results(attempt, verdict, candidate, size) VALUES(?, ?, ?, ?)")
      .run(done.attempt.number, Verdict.pending.code, object?.digest, object?.sizeBytes)
  }
}
