// The retry of a group that tries a few items first: what is under way is a row, so that an engine
// that dies in the middle is succeeded by one that goes on with it.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func retryGroup(
    _ signature: Signature, canary count: Int, _ overrides: Overrides, of run: RunID,
    request: Request, at now: Instant
  ) throws(StoreError) -> Int {
    try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let state = try transaction.requestState(of: request, run: run, at: now.milliseconds)
      guard !state.isFinished else { return 0 }
      try transaction.connection("UPDATE requests SET finished = 1 WHERE id = ?").run(request.id)
      return try transaction.beginCanary(
        signature, count, overrides, for: request, at: now.milliseconds, of: run)
    }
  }

  package func advanceCanaries(of run: RunID, at now: Instant) throws(StoreError) -> Int {
    var moved = 0
    while true {
      let isAnyOpen = try exclusive { connection throws(StoreError) in
        guard let record = try connection.runRecord(run) else { return false }
        return try connection("SELECT 1 FROM canaries WHERE run = ? AND phase < 2 LIMIT 1")
          .first(record.number) { _ in true } ?? false
      }
      guard isAnyOpen else { return moved }
      let chunk = try transact { transaction throws(StoreError) in
        try transaction.advanceCanaries(of: run, at: now.milliseconds)
      }
      guard chunk > 0 else { return moved }
      moved += chunk
    }
  }
}

extension CanaryMoved.Phase: Coded {
  static let byCode: [CanaryMoved.Phase] = [.begun, .passed, .failed, .released]
}

/// A row of a retry that is not through.
struct OpenCanary {
  var request: String
  var number: Int64
  var signature: Signature
  var phase: CanaryMoved.Phase
  /// The items that are tried first.
  var items: [Int64]
  var overrides: Overrides
  var author: String
  /// When it began: what failed later is none of the rest.
  var since: Int64

  var action: ItemAction { .retry(fromStep: nil, overrides: overrides) }
}

/// How the items that are tried first stand.
struct CanaryTally {
  /// Running or ended.
  var begun = 0
  var done = 0
  /// Ended otherwise.
  var failed = 0
}

extension Transaction {
  fileprivate func beginCanary(
    _ signature: Signature, _ count: Int, _ overrides: Overrides, for request: Request, at: Int64,
    of run: RunRecord
  ) throws(StoreError) -> Int {
    let open = try connection.openCanaries(of: run.number)
    guard !open.contains(where: { $0.signature == signature }) else {
      let note = Noted(
        run: run.id, code: "request-refused",
        message: "a retry of this group is under way, and its first items are not through")
      try append(.noted(note), of: run, at: at)
      return 0
    }
    let action = ItemAction.retry(fromStep: nil, overrides: overrides)
    let group = try select(.group(signature), action, since: at, of: run)
    let first = Array(group.items.prefix(min(max(count, 1), Self.chunk)))
    guard !first.isEmpty else { return 0 }
    let all = try connection.restCount(of: signature, since: at, without: [], in: run.number)
    let begun = CanaryMoved(
      to: .begun, request: request.id, signature: signature, items: first.map { ItemID($0) },
      overrides: overrides, rest: all - first.count, by: request.by)
    try apply(.canaryMoved(begun), of: run, at: at)
    try moveAll(first, action, by: request.by, at: at, of: run)
    return first.count
  }

  /// Judges what is to be judged, and queues at most a chunk of the rest of each.
  fileprivate func advanceCanaries(of run: RunID, at: Int64) throws(StoreError) -> Int {
    var moved = 0
    for canary in try connection.openCanaries(of: try self.run(run).number) {
      let run = try self.run(run)
      guard let judged = try judge(canary, of: run, at: at) else { continue }
      moved += try release(canary, judged, of: run, at: at)
    }
    return moved
  }

  /// The verdict, told once; `nil` while it is open, and when it was no.
  private func judge(
    _ canary: OpenCanary, of run: RunRecord, at: Int64
  ) throws(StoreError) -> CanaryMoved? {
    let tally = try connection.tally(of: canary)
    var moved = CanaryMoved(
      to: tally.failed > 0 ? .failed : .passed, request: canary.request,
      signature: canary.signature, done: tally.done, failed: tally.failed,
      rest: try connection.restCount(
        of: canary.signature, since: canary.since, without: canary.items, in: run.number),
      by: canary.author)
    guard canary.phase == .begun else {
      moved.to = .passed
      return moved
    }
    guard tally.done + tally.failed == canary.items.count else { return nil }
    try apply(.canaryMoved(moved), of: run, at: at)
    return moved.to == .passed ? moved : nil
  }

  private func release(
    _ canary: OpenCanary, _ verdict: CanaryMoved, of run: RunRecord, at: Int64
  ) throws(StoreError) -> Int {
    let first = Set(canary.items)
    let group = try select(.group(canary.signature), canary.action, since: canary.since, of: run)
    let rest = group.items.filter { !first.contains($0) }
    try moveAll(
      Array(rest.prefix(Self.chunk)), canary.action, by: canary.author, at: at, of: run)
    if group.items.count <= Self.chunk {
      var released = verdict
      released.to = .released
      released.rest = 0
      try apply(.canaryMoved(released), of: run, at: at)
    }
    return min(rest.count, Self.chunk)
  }

  func applyCanaryMoved(
    _ moved: CanaryMoved, event: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    guard moved.to == .begun else {
      return try connection("UPDATE canaries SET phase = ? WHERE request = ?")
        .run(moved.to.code, moved.request)
    }
    try connection(
      """
      INSERT INTO canaries(id, run, request, signature, phase, items, overrides, author, since)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
      """
    ).run(
      event, run.number, moved.request, try number(of: moved.signature), moved.to.code,
      EventCoding.text(of: moved.items ?? []), EventCoding.text(of: moved.overrides ?? Overrides()),
      moved.by, at)
  }
}

extension Connection {
  /// The retries of a run that are not through, oldest first.
  func openCanaries(of run: Int64) throws(StoreError) -> [OpenCanary] {
    try self(
      """
      SELECT request, signature, signatures.text, phase, items, overrides, author, since
      FROM canaries INDEXED BY canaries_open JOIN signatures ON signatures.id = signature
      WHERE run = ? AND phase < 2 ORDER BY canaries.id
      """
    ).all(run) { row throws(StoreError) in
      OpenCanary(
        request: row.text(0), number: row.int(1), signature: Signature(text: row.text(2)),
        phase: try row.coded(CanaryMoved.Phase.self, 3), items: try row.json([Int64].self, 4),
        overrides: try row.json(Overrides.self, 5), author: row.text(6), since: row.int(7))
    }
  }

  /// How the first items of a retry stand.
  func tally(of canary: OpenCanary) throws(StoreError) -> CanaryTally {
    var tally = CanaryTally()
    for item in canary.items {
      let found = try self("SELECT state, skip_reason FROM items WHERE id = ?")
        .first(item) { row throws(StoreError) in
          (try row.coded(ItemState.self, 0), try row.optionalCoded(SkipReason.self, 1))
        }
      guard let (state, skipReason) = found else { continue }
      if state == .running || state.isTerminal { tally.begun += 1 }
      guard state.isTerminal else { continue }
      if Standing(state, skipReason).isSatisfied { tally.done += 1 } else { tally.failed += 1 }
    }
    return tally
  }

  /// The failed items of a group that failed before a retry began, without its first items.
  func restCount(
    of signature: Signature, since: Int64, without first: [Int64], in run: Int64
  ) throws(StoreError) -> Int {
    try self(
      """
      SELECT count(*) FROM items INDEXED BY items_failed
      WHERE run = ?1 AND state = 0 AND signature = (SELECT id FROM signatures WHERE text = ?2)
        AND since <= ?3 AND id NOT IN (SELECT value FROM json_each(?4))
      """
    ).first(run, signature.text, since, EventCoding.text(of: first)) { row in row.count(0) } ?? 0
  }
}
