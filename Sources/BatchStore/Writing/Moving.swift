// Requests on many items: a selector resolved once, applied in chunks that survive a crash between
// them.

package import BatchModel
package import Resilience

/// What a request's record is called in the ledger; its message is the request's JSON.
let requestCode = ":request"

extension SQLiteStore {
  package func move(
    _ selector: ItemSelector, _ action: ItemAction, of run: RunID, request: Request,
    at now: Instant
  ) throws(StoreError) -> MovedItems {
    var moved = MovedItems(changed: 0, held: [])
    while let chunk = try moveChunk(selector, action, of: run, request: request, at: now) {
      moved.changed += chunk.changed
      moved.held = chunk.held
    }
    return moved
  }

  /// Moves the next chunk; `nil` when the request is finished.
  private func moveChunk(
    _ selector: ItemSelector, _ action: ItemAction, of run: RunID, request: Request,
    at now: Instant
  ) throws(StoreError) -> MovedItems? {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let state = try transaction.requestState(of: request, run: run, at: now.milliseconds)
      guard !state.isFinished else { return nil }
      let selected = try transaction.select(selector, action, since: state.since, of: run)
      let chunk = selected.items.prefix(Transaction.chunk)
      try transaction.moveAll(Array(chunk), action, by: request.by, at: now.milliseconds, of: run)
      if selected.items.count <= Transaction.chunk {
        try transaction.connection("UPDATE requests SET finished = 1 WHERE id = ?").run(request.id)
      }
      return MovedItems(changed: chunk.count, held: selected.held.map { ItemID($0) })
    }
  }

  package func record(
    _ request: Request, _ changes: [Change], of run: RunID, at now: Instant
  ) throws(StoreError) -> Bool {
    try transact { transaction throws(StoreError) in
      let record = try transaction.run(run)
      let state = try transaction.requestState(of: request, run: record, at: now.milliseconds)
      guard !state.isFinished else { return false }
      for change in changes {
        try transaction.apply(change, of: try transaction.run(run), at: now.milliseconds)
      }
      try transaction.connection("UPDATE requests SET finished = 1 WHERE id = ?").run(request.id)
      return true
    }
  }
}

extension Transaction {
  struct RequestState {
    /// When its first chunk was applied: items that came into their state later are not meant.
    var since: Int64
    var isFinished: Bool
  }

  /// The request's row; the first call makes it and tells the ledger.
  func requestState(
    of request: Request, run: RunRecord, at: Int64
  ) throws(StoreError) -> RequestState {
    let known = try connection("SELECT since, finished FROM requests WHERE id = ?")
      .first(request.id) { row in RequestState(since: row.int(0), isFinished: row.flag(1)) }
    if let known { return known }
    try connection("INSERT INTO requests(id, run, since, finished) VALUES(?, ?, ?, 0)")
      .run(request.id, run.number, at)
    let noted = Noted(run: run.id, code: requestCode, message: EventCoding.text(of: request))
    try append(.noted(noted), of: run, at: at)
    return RequestState(since: at, isFinished: false)
  }

  /// Repeats a request's record from a ledger.
  ///
  /// What it moved stands behind it.
  func rememberRequest(_ noted: Noted, of run: RunRecord, at: Int64) throws(StoreError) {
    let request = try connection.decode(Request.self, noted.message)
    try connection("INSERT OR IGNORE INTO requests(id, run, since, finished) VALUES(?, ?, ?, 1)")
      .run(request.id, run.number, at)
  }

  func moveAll(
    _ items: [Int64], _ action: ItemAction, by author: String, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    guard !items.isEmpty else { return }
    let redone = try finishedOnes(among: items, action, of: run)
    try appendMoved(items, action, by: author, at: at, of: run)
    try deferringDependants(at: at, of: run) { () throws(StoreError) in
      for item in items { try perform(action, on: ItemID(item), by: author, at: at, of: run) }
    }
    try requeueDependants(of: redone, at: at, of: run)
  }

  /// Those that were finished and are done again: what comes after them is compared anew.
  private func finishedOnes(
    among items: [Int64], _ action: ItemAction, of run: RunRecord
  ) throws(StoreError) -> [Int64] {
    guard case .retry = action, run.hasEdges else { return [] }
    var finished: [Int64] = []
    for number in items {
      let item = try item(ItemID(number), in: run)
      if Standing(item.state, item.skipReason).isSatisfied { finished.append(number) }
    }
    return finished
  }
}
