// Attempts: started (T1), launched, ended.

import BatchModel

/// The part of an attempt's row that decides what a change may do.
struct AttemptRecord {
  var item: Int64
  var step: Int
  var key: Int64
  var outcome: AttemptOutcome?
  /// What is reserved for it and not settled, in pico-dollars.
  var reserved: Int64?
}

extension Transaction {
  /// The attempt's row.
  ///
  /// - Throws: `conflict` when it does not exist or is another item's.
  func attempt(_ id: AttemptID, of item: ItemID) throws(StoreError) -> AttemptRecord {
    let record = try connection(
      "SELECT item, step, key, outcome, reserved FROM attempts WHERE id = ?"
    )
    .first(id.number) { row throws(StoreError) in
      AttemptRecord(
        item: row.int(0), step: row.count(1), key: row.int(2),
        outcome: try row.optionalCoded(AttemptOutcome.self, 3), reserved: row.optionalInt(4))
    }
    guard let record, record.item == item.number else {
      throw .conflict(reason: "item \(item) has no attempt \(id)")
    }
    return record
  }

  /// Applies T1; an older result is given up.
  ///
  /// A start with a reservation has its permits and is sent as soon as this is committed: the item
  /// runs. Any other may still be taken back, and keeps its state until its process runs.
  func applyAttemptStarted(
    _ started: AttemptStarted, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let item = try item(started.item, in: run)
    guard !item.state.isTerminal else {
      throw .conflict(reason: "attempt \(started.attempt) of \(item.state) item \(started.item)")
    }
    guard run.steps.indices.contains(started.step) else {
      throw .conflict(reason: "run \(run.id) has no step \(started.step)")
    }
    try connection(
      """
      INSERT INTO attempts(id, run, item, step, try, epoch, started, key, start_event, provider,
        model, billing, reserved)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      started.attempt.number, run.number, item.id, started.step, started.tryNumber,
      started.epoch.number, at, Fingerprint.of(started.key.key), event,
      started.reservation?.provider, started.reservation?.model, started.reservation?.billing.code,
      started.reservation?.worstCase.picodollars)
    try connection(
      "UPDATE items SET attempt = ?, pending = NULL, step = ?, tries = ? WHERE id = ?"
    ).run(started.attempt.number, started.step, started.tryNumber - 1, item.id)
    if started.reservation != nil { try self.run(started.item, of: run, at: at) }
    for component in started.key.components {
      switch component.source {
      case .file(let path): try rememberFile(path, of: item.id, as: .read)
      case .upstream(let path): try rememberFile(path, of: item.id, as: .upstream)
      case .list, .step, .commit, .value: continue
      }
    }
    for glob in started.key.reads {
      try rememberFile(Self.mark(ofGlob: glob), of: item.id, as: .read)
    }
  }

  func applyAttemptLaunched(
    _ launched: AttemptLaunched, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try attempt(launched.attempt, of: launched.item)
    try connection("UPDATE attempts SET pid = ? WHERE id = ?")
      .run(Int64(launched.pid), launched.attempt.number)
    // It is written behind: the attempt may have come to its end in the meantime.
    guard attempt.outcome == nil else { return }
    try self.run(launched.item, of: run, at: at)
  }

  /// The item's attempt is under way.
  private func run(_ item: ItemID, of run: RunRecord, at: Int64) throws(StoreError) {
    var item = try self.item(item, in: run)
    guard item.state == .queued || item.state == .waiting else { return }
    try place(
      &item,
      Placement(
        .running, step: item.step, tries: item.tries, model: item.model, review: item.review),
      hold: .kept, at: at, of: run)
  }

  /// The item's own move is a change of its own.
  func applyAttemptEnded(
    _ ended: AttemptEnded, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    let attempt = try attempt(ended.attempt, of: ended.item)
    guard attempt.outcome == nil else {
      throw .conflict(reason: "attempt \(ended.attempt) ended twice")
    }
    if let signature = ended.signature { _ = try number(of: signature) }
    if ended.outcome == .unknown { countUnknownAttempt(in: run) }
    try settle(ended.attempt, of: ended.item, attempt, ended.consumption, at: at, in: run)
    try end(ended.attempt, ended.outcome, event: event, at: at)
  }

  /// - Parameter keepsTime: it had ended before, and only its fate was open since: a person's thinking
  ///   is no work of the attempt.
  func end(
    _ attempt: AttemptID, _ outcome: AttemptOutcome, event: Int64, at: Int64,
    keepsTime: Bool = false
  ) throws(StoreError) {
    try connection(
      "UPDATE attempts SET outcome = ?, ended = iif(?, ifnull(ended, ?), ?), end_event = ? WHERE id = ?"
    ).run(outcome.code, keepsTime, at, at, event, attempt.number)
  }

  /// What stands for a glob among the paths of `item_files`.
  static func mark(ofGlob glob: String) -> String { "reads \(glob)" }

  /// Notes what the file is to the item.
  ///
  /// A path's fingerprint that two files share costs a needless comparison, never a missed one.
  func rememberFile(_ path: String, of item: Int64, as role: FileRole) throws(StoreError) {
    try connection(
      """
      INSERT INTO item_files(path, item, role) VALUES(?, ?, ?)
      ON CONFLICT DO UPDATE SET role = role | excluded.role WHERE role & excluded.role = 0
      """
    ).run(Fingerprint.of(path), item, role.rawValue)
  }
}

/// What a file is to an item, as a bit of `item_files.role`.
enum FileRole: Int64 {
  /// The item published it. The index `item_files_made` has these.
  case made = 1
  /// The item's key covers its content on disk.
  case read = 2
  /// An item that this one comes after published it: the receipt counts, not the disk.
  case upstream = 4
}
