// What an item's move means for the items that come after it.
//
// Each item counts its dependencies that are not satisfied (`unmet`) and those that are bad
// (`blocked`). The counters are exact after every move, in both directions, so that a failure and
// its being taken back cost the edges that they touch and nothing else.

import BatchModel

/// Who moved items when nobody asked for it: the words of `ItemsMoved.by` in the ledger.
///
/// No user is called so: a name in the password file has no colon.
enum Author {
  /// It follows from the state of the items that these come after.
  static let dependencies = ":dependencies"
  /// It follows from the comparison with the source.
  static let source = ":source"
}

/// What follows from a move, worked off in order.
struct DependantMoves {
  struct Candidate {
    var item: Int64
    /// The item whose move began it.
    var cause: Int64
  }
  struct Move {
    /// As it stands after the move.
    var item: ItemRecord
    var cause: Int64
  }
  /// Items to be looked at, since their counters changed.
  var candidates: [Candidate] = []
  /// What was moved, oldest first.
  var made: [Move] = []
}

extension Transaction {
  /// Brings the dependants' counters up to date and, live, moves those that this skips or frees.
  func spread(
    from cause: ItemRecord, before: Standing, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    var moves = deferred ?? DependantMoves()
    // The cause itself may have been queued again behind a dependency that failed meanwhile.
    if cause.blocked > 0, cause.state == .queued || cause.state == .waiting {
      moves.candidates.append(.init(item: cause.id, cause: cause.id))
    }
    try touchDependants(of: cause, before: before, cause: cause.id, of: run, moves: &moves)
    guard mode == .live else { return }
    guard deferred == nil else {
      deferred = moves
      return
    }
    try settle(&moves, at: at, of: run)
  }

  /// Runs `body`, and only then moves what follows from all of its moves: a bulk change stands in
  /// the ledger as a whole, before its consequences.
  func deferringDependants(
    at: Int64, of run: RunRecord, _ body: () throws(StoreError) -> Void
  ) throws(StoreError) {
    deferred = DependantMoves()
    try body()
    guard var moves = deferred else { return }
    deferred = nil
    guard mode == .live else { return }
    try settle(&moves, at: at, of: run)
  }

  /// Works off the candidates, and what their moves make of further items, then records it all.
  func settle(_ moves: inout DependantMoves, at: Int64, of run: RunRecord) throws(StoreError) {
    var next = 0
    while next < moves.candidates.count {
      let candidate = moves.candidates[next]
      next += 1
      var item = try self.item(ItemID(candidate.item), in: run)
      guard let placement = placement(following: item) else { continue }
      let before = Standing(item.state, item.skipReason)
      try moveDependant(&item, placement, at: at, of: run)
      moves.made.append(.init(item: item, cause: candidate.cause))
      try touchDependants(of: item, before: before, cause: candidate.cause, of: run, moves: &moves)
    }
    try record(moves.made, at: at, of: run)
  }

  /// Where an item must stand by its counters; `nil` when it stands there or the engine holds it.
  private func placement(following item: ItemRecord) -> Placement? {
    guard !window.contains(item.id) else { return nil }
    let isOpen = item.state == .queued || item.state == .waiting
    if isOpen, item.blocked > 0 {
      return Placement(
        .skipped, step: item.step, tries: item.tries, skipReason: .dependencyFailed)
    }
    if item.state == .skipped, item.skipReason == .dependencyFailed, item.blocked == 0 {
      return Placement(
        .queued, step: item.step, tries: item.tries, model: item.model, review: item.review)
    }
    return nil
  }

  private func moveDependant(
    _ item: inout ItemRecord, _ placement: Placement, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    try regroup(&item, to: placement.state, nil, at: at, of: run)
    try connection(
      """
      UPDATE items SET state = ?, since = ?, skip_reason = ?, wait_reason = NULL,
        wait_until = NULL, signature = NULL, note = NULL
      WHERE id = ?
      """
    ).run(placement.state.code, at, placement.skipReason?.code, item.id)
    count(item, from: item.state, to: placement.state)
    item.state = placement.state
    item.skipReason = placement.skipReason
  }

  /// Adds the difference that the move made to the dependants' counters.
  func touchDependants(
    of item: ItemRecord, before: Standing, cause: Int64, of run: RunRecord,
    moves: inout DependantMoves
  ) throws(StoreError) {
    let after = Standing(item.state, item.skipReason)
    guard after != before else { return }
    let unmet = (before.isSatisfied ? 1 : 0) - (after.isSatisfied ? 1 : 0)
    let blocked = (after.isBad ? 1 : 0) - (before.isBad ? 1 : 0)
    let dependants = try connection("SELECT item FROM edges WHERE run = ? AND needs = ?")
      .all(run.number, item.id) { row in row.int(0) }
    for dependant in dependants {
      try connection("UPDATE items SET unmet = unmet + ?, blocked = blocked + ? WHERE id = ?")
        .run(unmet, blocked, dependant)
      if blocked != 0 { moves.candidates.append(.init(item: dependant, cause: cause)) }
    }
  }
}
