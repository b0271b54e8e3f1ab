// Claiming: which items the engine gets next. Nothing is written: what is held is memory.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func claim(
    _ limit: Int, scope: ClaimScope, blocked: Set<Int>, of run: RunID, at now: Instant
  ) throws(StoreError) -> Claim {
    _ = try advanceCanaries(of: run, at: now)
    try skipStuck(of: run, at: now)
    return try exclusive { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else {
        throw .conflict(reason: "there is no run \(run)")
      }
      var claiming = Claiming(
        connection, record, scope: scope, blocked: blocked, window: window, now: now)
      let claim = try claiming.claim(limit)
      window = claiming.window
      return claim
    }
  }

  package func release(_ items: [ItemID]) {
    do {
      try exclusive { _ throws(StoreError) in for item in items { window.release(item.number) } }
    } catch {
      preconditionFailure("memory alone cannot fail: \(error)")
    }
  }

  /// Skips open items that nobody holds and whose dependency failed while they were held: by an
  /// engine that gave them back, or that died.
  private func skipStuck(of run: RunID, at now: Instant) throws(StoreError) {
    let stuck = try exclusive { connection throws(StoreError) -> [Int64] in
      guard let record = try connection.runRecord(run), record.hasEdges else { return [] }
      return try connection(
        """
        SELECT id FROM items INDEXED BY items_stuck
        WHERE run = ? AND blocked > 0 AND (state = 1 OR state = 3) ORDER BY id
        """
      ).all(record.number) { row in row.int(0) }
        .filter { !window.contains($0) }
    }
    guard !stuck.isEmpty else { return }
    try transact { transaction throws(StoreError) in
      var moves = DependantMoves()
      for item in stuck {
        let cause = try transaction.connection(
          """
          SELECT edges.needs FROM edges JOIN items ON items.id = edges.needs
          WHERE edges.item = ? AND (items.state IN (0, 5)
            OR (items.state = 4 AND items.skip_reason IN (2, 3)))
          ORDER BY edges.needs LIMIT 1
          """
        ).first(item) { row in row.int(0) }
        moves.candidates.append(.init(item: item, cause: cause ?? item))
      }
      try transaction.settle(&moves, at: now.milliseconds, of: try transaction.run(run))
    }
  }
}

/// The moment at which items wait that a person holds: they are due at once when nothing does.
enum HeldWait {
  static let moment: Int64 = 0
}

/// One claim.
private struct Claiming {
  let connection: Connection
  let run: RunRecord
  let scope: ClaimScope
  /// `AND step NOT IN (…)`: numbers, no text of anybody's.
  let unblocked: String
  let isStartBlocked: Bool
  let blocked: Set<Int>
  let now: Int64
  var window: Window

  init(
    _ connection: Connection, _ run: RunRecord, scope: ClaimScope, blocked: Set<Int>,
    window: Window, now: Instant
  ) {
    isStartBlocked = blocked.contains(0)
    self.blocked = blocked
    unblocked =
      blocked.isEmpty
      ? "" : "AND step NOT IN (\(blocked.sorted().map(String.init).joined(separator: ", ")))"
    self.connection = connection
    self.run = run
    self.scope = scope
    self.window = window
    self.now = now.milliseconds
  }

  struct Candidate {
    var id: Int64
    var ordinal: Int64
    var isCanary: Bool
    var isFocus: Bool
  }

  mutating func claim(_ limit: Int) throws(StoreError) -> Claim {
    var candidates = try ready(limit) + due(limit) + unheld(limit)
    candidates.sort { ($0.ordinal, $0.id) < ($1.ordinal, $1.id) }
    var items: [ClaimedItem] = []
    for candidate in candidates.prefix(max(limit, 0)) {
      items.append(try claimed(candidate.id))
      window.hold(
        candidate.id,
        .init(
          run: run.number, isOpen: true, isCanary: candidate.isCanary, isFocus: candidate.isFocus))
    }
    return Claim(
      items: items, nextDue: try nextDue(),
      open: try openCount() - window.openCount(in: scope, of: run.number))
  }

  private var mark: String {
    switch scope {
    case .all: ""
    case .canary: "AND canary = 1"
    case .focus: "AND focus = 1"
    }
  }

  /// At most `limit` queued items; those that are held stand in the way, and there are few.
  private func ready(_ limit: Int) throws(StoreError) -> [Candidate] {
    guard limit > 0 else { return [] }
    let index =
      switch scope {
      // A million items that wait at the first step would stand before those that are further on.
      case .all where isStartBlocked: "items_begun"
      case .all: "items_ready"
      case .canary: "items_canary"
      case .focus: "items_focus"
      }
    return try candidates(
      """
      SELECT id, ordinal, canary, focus FROM items INDEXED BY \(index)
      WHERE run = ? AND state = 3 AND unmet = 0 \(isStartBlocked ? "AND step > 0" : "")
        \(unblocked) \(mark)
      ORDER BY ordinal LIMIT ?
      """, run.number, limit)
  }

  /// At most `limit` waiting items whose time has come, those that wait longest.
  private func due(_ limit: Int) throws(StoreError) -> [Candidate] {
    guard limit > 0 else { return [] }
    return try candidates(
      """
      SELECT id, ordinal, canary, focus FROM items INDEXED BY items_due
      WHERE run = ? AND state = 1 AND wait_until > \(HeldWait.moment) AND wait_until <= \(now)
        AND unmet = 0 \(unblocked) \(mark)
      ORDER BY wait_until LIMIT ?
      """, run.number, limit)
  }

  /// At most `limit` items of each step that nothing holds any more.
  ///
  /// Step by step: a million that are still held would stand before the others.
  private func unheld(_ limit: Int) throws(StoreError) -> [Candidate] {
    guard limit > 0 else { return [] }
    var found: [Candidate] = []
    for step in run.steps.indices where !blocked.contains(step) {
      found += try candidates(
        """
        SELECT id, ordinal, canary, focus FROM items INDEXED BY items_held
        WHERE run = ? AND step = \(step) AND state = 1 AND wait_until = \(HeldWait.moment)
          AND unmet = 0 \(mark)
        ORDER BY ordinal LIMIT ?
        """, run.number, limit)
    }
    return found
  }

  private func candidates(
    _ sql: String, _ run: Int64, _ limit: Int
  ) throws(StoreError) -> [Candidate] {
    try connection.composed(sql)
      .all(run, limit + window.held.count) { row in
        Candidate(
          id: row.int(0), ordinal: row.int(1), isCanary: row.flag(2), isFocus: row.flag(3))
      }
      .filter { !window.contains($0.id) }
      .prefix(limit).map { $0 }
  }

  /// The earliest waiting item that is not held; it may be due already when more are due than fit.
  ///
  /// Items of blocked steps are not meant: one that is due already would be asked for without end.
  private func nextDue() throws(StoreError) -> Instant? {
    try connection.composed(
      """
      SELECT id, wait_until FROM items INDEXED BY items_due
      WHERE run = ? AND state = 1 AND wait_until > \(HeldWait.moment) AND unmet = 0
        \(unblocked) \(mark)
      ORDER BY wait_until LIMIT ?
      """
    ).all(run.number, window.held.count + 1) { row in (row.int(0), row.int(1)) }
      .first { !window.contains($0.0) }
      .map { Instant(milliseconds: $0.1) }
  }

  private func openCount() throws(StoreError) -> Int {
    try connection(
      "SELECT sum(count) FROM counts WHERE run = ? AND scope = ? AND state IN (1, 3)"
    ).first(run.number, scope.code) { row in row.count(0) } ?? 0
  }

  private func claimed(_ id: Int64) throws(StoreError) -> ClaimedItem {
    let found = try connection(
      """
      SELECT items.ordinal, items.key, items.occurrence, sources.payload, items.step, items.tries,
        items.overrides, items.pending, items.model, items.cost, items.review
      FROM items JOIN sources ON sources.item = items.id WHERE items.id = ?
      """
    ).first(id) { row throws(StoreError) in
      let overrides =
        row.isNull(6) ? Overrides() : try row.json(Overrides.self, 6)
      let item = ClaimedItem(
        id: ItemID(id), ordinal: row.int(0), key: row.text(1), occurrence: row.count(2),
        payload: try row.jsonValue(3), step: row.count(4), tries: row.count(5),
        overrides: overrides, model: row.count(8), spent: Money(picodollars: row.int(9)),
        review: row.isNull(10) ? nil : try row.json(ReviewState.self, 10))
      return (item, row.optionalInt(7))
    }
    guard var (item, pending) = found else {
      throw .corrupt(path: connection.path, reason: "item \(id) has no source")
    }
    // Nothing is held before the first step has ended.
    if item.step > 0 { item.held = try connection.heldResults(of: item.id, before: item.step) }
    if let attempt = pending.take() { item.unfinished = try connection.unfinished(attempt) }
    return item
  }
}

extension Connection {
  /// A committed result that was not brought to its end.
  fileprivate func unfinished(_ attempt: Int64) throws(StoreError) -> UnfinishedResult? {
    let found = try self(
      """
      SELECT candidate, size, publish_event, attempts.start_event, results.acceptance,
        results.commit_id
      FROM results JOIN attempts ON attempts.id = results.attempt
      WHERE results.attempt = ? AND results.verdict = 0
      """
    ).first(attempt) { row throws(StoreError) in
      (
        try row.sealedObject(0, 1), row.optionalInt(2), row.int(3),
        row.isNull(4) ? nil : try row.json(Acceptance.self, 4), row.optionalText(5)
      )
    }
    guard let (candidate, publishing, start, acceptance, commit) = found else { return nil }
    guard case .attemptStarted(let started) = try change(start) else {
      throw .corrupt(path: path, reason: "event \(start) does not start attempt \(attempt)")
    }
    var intents: [PublishIntent] = []
    if let publishing, case .publishing(let published) = try change(publishing) {
      intents = published.intents
    }
    return UnfinishedResult(
      attempt: AttemptID(attempt), key: started.key, candidate: candidate, intents: intents,
      acceptance: acceptance, commit: commit)
  }
}

extension Row {
  /// A digest and a size in two columns; `nil` where they are NULL.
  func sealedObject(_ digest: Int32, _ size: Int32) throws(StoreError) -> SealedObject? {
    guard let text = optionalText(digest) else { return nil }
    guard let digest = Digest(text) else { throw damaged("\(text) is no digest") }
    return SealedObject(digest: digest, sizeBytes: int(size))
  }
}
