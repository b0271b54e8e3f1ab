// One item whole: its source, its attempts, its receipts.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func detail(of item: ItemID) throws(StoreError) -> ItemDetail? {
    try read { connection throws(StoreError) in
      guard let row = try connection.itemRow(of: item.number) else { return nil }
      let source = try connection(
        """
        SELECT sources.payload, sources.after, runs.steps
        FROM items JOIN sources ON sources.item = items.id JOIN runs ON runs.id = items.run
        WHERE items.id = ?
        """
      ).first(item.number) { row throws(StoreError) in
        (
          try row.jsonValue(0),
          row.isNull(1) ? [] : try row.strings(1),
          try row.strings(2)
        )
      }
      guard let (payload, after, steps) = source else {
        throw .corrupt(path: path, reason: "item \(item) has no source")
      }
      var receipts: [Receipt] = []
      for step in steps {
        guard let receipt = try connection.latestReceipt(row.key, row.occurrence, step: step) else {
          continue
        }
        receipts.append(receipt)
      }
      return ItemDetail(
        row: row, payload: payload, after: after,
        attempts: try connection.attempts(of: item), receipts: receipts,
        remark: try connection.remark(on: item))
    }
  }

  package func newestAttempt(of item: ItemID) throws(StoreError) -> AttemptID? {
    try read { connection throws(StoreError) in
      try connection("SELECT id FROM attempts WHERE item = ? ORDER BY id DESC LIMIT 1")
        .first(item.number) { row in AttemptID(row.int(0)) }
    }
  }
}

extension Connection {
  /// A file that no newer engine has come to has no notes.
  fileprivate func remark(on item: ItemID) throws(StoreError) -> String? {
    guard try hasGroups else { return nil }
    return try self("SELECT note FROM item_notes WHERE item = ?")
      .first(item.number) { row in row.text(0) }
  }

  fileprivate func attempts(of item: ItemID) throws(StoreError) -> [AttemptRow] {
    try self(
      """
      SELECT id, step, try, epoch, pid, started, ended, outcome, start_event, end_event, model,
        cost
      FROM attempts WHERE item = ? ORDER BY id
      """
    ).all(item.number) { row throws(StoreError) in
      guard case .attemptStarted(let started) = try change(row.int(8)) else {
        throw row.damaged("event \(row.int(8)) starts no attempt")
      }
      let end: Change? = if let ended = row.optionalInt(9) { try change(ended) } else { nil }
      return AttemptRow(
        id: AttemptID(row.int(0)), step: row.count(1), tryNumber: row.count(2),
        epoch: Epoch(row.int(3)),
        pid: row.optionalInt(4).map { Int32(truncatingIfNeeded: $0) },
        startedAt: Instant(milliseconds: row.int(5)),
        endedAt: row.optionalInt(6).map { Instant(milliseconds: $0) },
        outcome: try row.optionalCoded(AttemptOutcome.self, 7), failure: end?.failure,
        why: started.why, model: row.optionalText(10),
        cost: row.optionalInt(11).map { Money(picodollars: $0) }, feedback: end?.feedback)
    }
  }

  /// Why the attempt failed that the event ended; `nil` when it did not.
  func failure(of event: Int64) throws(StoreError) -> Failure? {
    try change(event).failure
  }
}

extension Change {
  fileprivate var failure: Failure? {
    switch self {
    case .attemptEnded(let ended): ended.failure
    case .resultRejected(let rejected): rejected.failure
    default: nil
    }
  }

  /// What the review said that the attempt was.
  fileprivate var feedback: String? {
    if case .sentBack(let back) = self { back.state.feedback } else { nil }
  }
}
