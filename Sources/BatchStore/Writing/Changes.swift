// The core of the store: what each kind of change does to the tables. Its event comes first, so
// that what follows from the change stands behind it in the ledger.

import BatchModel
import Resilience

extension Transaction {
  /// Applies one change and appends its event.
  ///
  /// - Throws: `conflict` when the state of the store does not allow it; the whole transaction is
  ///   then rolled back.
  func apply(_ change: Change, of run: RunRecord, at: Int64) throws(StoreError) {
    let sequence = try append(change, of: run, at: at)
    switch change {
    case .runStarted(let payload): try applyRunStarted(payload, of: run, at: at)
    case .runMoved(let payload): try applyRunMoved(payload, of: run, at: at)
    case .attemptStarted(let payload):
      try applyAttemptStarted(payload, event: sequence, of: run, at: at)
    case .attemptLaunched(let payload): try applyAttemptLaunched(payload, of: run, at: at)
    case .attemptEnded(let payload):
      try applyAttemptEnded(payload, event: sequence, of: run, at: at)
    case .resultRecorded(let payload): try applyResultRecorded(payload, of: run, at: at)
    case .resultRejected(let payload):
      try applyResultRejected(payload, event: sequence, of: run, at: at)
    case .resultHeld(let payload):
      try applyResultHeld(payload, event: sequence, of: run, at: at)
    case .sentBack(let payload): try applySentBack(payload, event: sequence, of: run, at: at)
    case .publishing(let payload): try applyPublishing(payload, event: sequence, of: run)
    case .stepDone(let payload): try applyStepDone(payload, event: sequence, of: run, at: at)
    case .itemMoved(let payload): try applyItemMoved(payload, of: run, at: at)
    case .itemsMoved(let payload): try applyItemsMoved(payload, of: run, at: at)
    case .itemsEnqueued(let payload): try applyItemsEnqueued(payload, of: run, at: at)
    case .providerMoved(let payload): try applyProviderMoved(payload)
    case .budgetMoved(let payload): try applyBudgetMoved(payload, of: run)
    case .noted(let payload): try applyNoted(payload, of: run, at: at)
    case .artifactTracked(let payload):
      try applyArtifactTracked(payload, event: sequence, of: run)
    case .holdMoved(let payload): try applyHoldMoved(payload, of: run)
    case .parallelMoved(let payload): try applyParallelMoved(payload, of: run)
    case .canaryMoved(let payload):
      try applyCanaryMoved(payload, event: sequence, of: run, at: at)
    case .remarked(let payload): try applyRemarked(payload, of: run)
    }
  }

  private func applyRunMoved(
    _ moved: RunMoved, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    guard moved.run == run.id else {
      throw .conflict(reason: "run \(moved.run) is moved under the name of \(run.id)")
    }
    try connection("UPDATE runs SET state = ?, why = ? WHERE id = ?")
      .run(moved.to.code, moved.why, run.number)
    runs[run.id]?.state = moved.to
  }

  /// A resumed run goes on, unless it was paused: a pause survives the engine.
  private func applyRunStarted(
    _ started: RunStarted, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    guard run.state != .superseded else {
      throw .conflict(reason: "run \(run.id) was superseded")
    }
    try registerEngine(started, at: at)
    guard run.state != .paused else { return }
    try connection("UPDATE runs SET state = ?, why = '' WHERE id = ?")
      .run(RunState.running.code, run.number)
    runs[run.id]?.state = .running
  }

  /// Keeps the engine of a ledger's event; live, `beginEpoch` has done so.
  func registerEngine(_ started: RunStarted, at: Int64) throws(StoreError) {
    try connection(
      "INSERT OR IGNORE INTO engines(epoch, pid, boot_id, host, started) VALUES(?, ?, ?, ?, ?)"
    ).run(started.epoch.number, Int64(started.pid), started.bootID, started.host, at)
  }
}
