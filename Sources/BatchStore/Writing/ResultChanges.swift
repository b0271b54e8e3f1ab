// Results (T2), their checks, the intent to publish (T3) and receipts (T4).

import BatchModel

extension Transaction {
  /// T2: from here on the step is never paid again.
  func applyResultRecorded(
    _ recorded: ResultRecorded, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try requireOpen(recorded.attempt, of: recorded.item)
    var item = try item(recorded.item, in: run)
    try settle(
      recorded.attempt, of: recorded.item, attempt, recorded.consumption, at: at, in: run)
    try insert(recorded, .pending)
    item.pending = recorded.attempt.number
    // Also when its launch, which is written behind, was never heard of.
    let state = item.state.isTerminal ? item.state : .running
    guard state == .running else {
      throw .conflict(reason: "a result of \(item.state) item \(recorded.item)")
    }
    try place(
      &item,
      Placement(
        state, step: recorded.step, tries: item.tries, model: item.model, review: item.review),
      hold: .kept, at: at, of: run)
  }

  /// The checks said no: the result stays for a review, the step is not done.
  func applyResultRejected(
    _ rejected: ResultRejected, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    try requireOpen(rejected.attempt, of: rejected.item)
    try setVerdict(.rejected, of: rejected.attempt)
    _ = try number(of: rejected.signature)
    try end(rejected.attempt, .failed, event: event, at: at)
    try connection("UPDATE items SET pending = NULL WHERE id = ? AND pending = ?")
      .run(rejected.item.number, rejected.attempt.number)
  }

  /// T3: read back from its event when a crash leaves it behind.
  ///
  /// An accepted result's attempt is under way again from here on.
  func applyPublishing(
    _ publishing: Publishing, event: Int64, of run: RunRecord
  ) throws(StoreError) {
    try requireOpen(publishing.attempt, of: publishing.item)
    try connection("UPDATE results SET publish_event = ? WHERE attempt = ? AND verdict = ?")
      .run(event, publishing.attempt.number, Verdict.pending.code)
    guard connection.changed == 1 else {
      throw .conflict(reason: "attempt \(publishing.attempt) has no result to publish")
    }
    try connection("UPDATE attempts SET outcome = NULL WHERE id = ? AND outcome = ?")
      .run(publishing.attempt.number, AttemptOutcome.failed.code)
  }

  /// T4: the receipt, and the item's next step or its end.
  func applyStepDone(
    _ done: StepDone, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try requireOpen(done.attempt, of: done.item)
    var item = try item(done.item, in: run)
    guard !item.state.isTerminal else {
      throw .conflict(reason: "step \(done.step) of \(item.state) item \(done.item) is done")
    }
    guard run.steps.indices.contains(done.step), attempt.step == done.step else {
      throw .conflict(reason: "attempt \(done.attempt) is not of step \(done.step)")
    }
    try settle(
      done.result, as: .passed, of: done.attempt, done.item, attempt, at: at, in: run)
    try end(
      done.attempt, .succeeded, event: event, at: at, keepsTime: done.acceptance != nil)
    try insertReceipt(done, key: attempt.key, event: event, of: run)
    item.pending = nil
    if let next = done.nextStep {
      guard run.steps.indices.contains(next) else {
        throw .conflict(reason: "run \(run.id) has no step \(next)")
      }
      try place(&item, Placement(.queued, step: next, tries: 0), hold: .kept, at: at, of: run)
    } else {
      let end = Placement(.done, step: done.step, tries: item.tries)
      try place(&item, end, hold: .given, at: at, of: run)
    }
  }

  /// A result that is published when a later step's review has passed; no receipt before that.
  func applyResultHeld(
    _ held: ResultHeld, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try requireOpen(held.attempt, of: held.item)
    var item = try item(held.item, in: run)
    guard !item.state.isTerminal, run.steps.indices.contains(held.nextStep) else {
      throw .conflict(reason: "step \(held.step) of \(item.state) item \(held.item) is held")
    }
    try settle(
      held.result, as: .held, of: held.attempt, held.item, attempt, at: at, in: run)
    try connection("UPDATE results SET warnings = ? WHERE attempt = ?")
      .run(held.warnings.isEmpty ? nil : EventCoding.text(of: held.warnings), held.attempt.number)
    try end(held.attempt, .succeeded, event: event, at: at)
    item.pending = nil
    try place(
      &item, Placement(.queued, step: held.nextStep, tries: 0, review: item.review), hold: .kept,
      at: at, of: run)
  }

  /// The review's own result stays; what it judged is rejected.
  func applySentBack(
    _ back: SentBack, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try requireOpen(back.attempt, of: back.item)
    var item = try item(back.item, in: run)
    guard !item.state.isTerminal, run.steps.indices.contains(back.to) else {
      throw .conflict(reason: "\(item.state) item \(back.item) is sent back")
    }
    try settle(back.attempt, of: back.item, attempt, back.result.consumption, at: at, in: run)
    try insert(back.result, .sentBack)
    try end(back.attempt, .succeeded, event: event, at: at)
    try rejectHeld(of: back.item.number, from: 0)
    item.pending = nil
    try place(
      &item,
      Placement(.queued, step: back.to, tries: 0, review: EventCoding.text(of: back.state)),
      hold: .kept, at: at, of: run)
  }

  @discardableResult
  private func requireOpen(
    _ attempt: AttemptID, of item: ItemID
  ) throws(StoreError) -> AttemptRecord {
    let record = try self.attempt(attempt, of: item)
    // `succeeded` is what a recovered attempt with a result may have been given already.
    if record.outcome == nil || record.outcome == .succeeded { return record }
    guard record.outcome == .failed, try isAccepted(attempt) else {
      throw .conflict(reason: "attempt \(attempt) of item \(item) has ended already")
    }
    return record
  }

  /// Whether a person let a failed attempt's result pass, which is not published yet.
  private func isAccepted(_ attempt: AttemptID) throws(StoreError) -> Bool {
    try connection(
      "SELECT 1 FROM results WHERE attempt = ? AND verdict = ? AND acceptance IS NOT NULL"
    ).first(attempt.number, Verdict.pending.code) { row in row.flag(0) } ?? false
  }

  private func insert(_ result: ResultRecorded, _ verdict: Verdict) throws(StoreError) {
    try connection(
      "INSERT INTO results(attempt, verdict, candidate, size, commit_id) VALUES(?, ?, ?, ?, ?)"
    ).run(
      result.attempt.number, verdict.code, result.candidate?.digest, result.candidate?.sizeBytes,
      result.commit)
  }

  /// A result that comes with its verdict, or the verdict on one that was recorded before.
  private func settle(
    _ result: ResultRecorded?, as verdict: Verdict, of id: AttemptID, _ item: ItemID,
    _ attempt: AttemptRecord, at: Int64, in run: RunRecord
  ) throws(StoreError) {
    guard let result else { return try setVerdict(verdict, of: id) }
    try settle(id, of: item, attempt, result.consumption, at: at, in: run)
    try insert(result, verdict)
  }

  private func setVerdict(_ verdict: Verdict, of attempt: AttemptID) throws(StoreError) {
    try connection("UPDATE results SET verdict = ? WHERE attempt = ? AND verdict IN (?, ?)")
      .run(verdict.code, attempt.number, Verdict.pending.code, Verdict.held.code)
    guard connection.changed == 1 else {
      throw .conflict(reason: "attempt \(attempt) has no result")
    }
  }

  private func insertReceipt(
    _ done: StepDone, key: Int64, event: Int64, of run: RunRecord
  ) throws(StoreError) {
    let identity = try connection("SELECT key, occurrence FROM items WHERE id = ?")
      .first(done.item.number) { row in
        Fingerprint.identity(key: row.text(0), occurrence: row.count(1))
      }
    try connection(
      """
      INSERT INTO receipts(sequence, run, item, attempt, step, identity, key)
      VALUES(?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      event, run.number, done.item.number, done.attempt.number, run.steps[done.step],
      identity ?? 0, key)
    for artifact in done.artifacts {
      try rememberFile(artifact.path, of: done.item.number, as: .made)
    }
  }
}
