// The collected file of a run that has just finished.

import BatchDefinition
import BatchModel
import BatchStore
import Engine
import Resilience

extension EngineSession {
  /// Writes it, with a note in the ledger; a problem with it does not undo the run's end.
  func collect(after end: LoopEnd, of run: RunID, _ queue: WriteQueue) async throws {
    guard end == .left(.finished), definition.batch.collect != nil else { return }
    let outcome: CollectOutcome?
    do {
      let reader = try SQLiteReader(path: layout.database)
      outcome = try CollectedFile(layout: layout, batch: definition.batch, store: reader)
        .write(of: run)
    } catch {
      return news(.warning("the collected file could not be written: \(error)"))
    }
    guard let outcome else { return }
    for problem in outcome.problems { news(.warning("no row for \(problem)")) }
    let now = clock()
    let note = Change.noted(Noted(run: run, code: "collected", message: "\(outcome)"))
    try await queue.perform { store throws(StoreError) in
      try store.apply([note], of: run, at: now)
    }
    news(.committed(now, [note]))
  }
}
