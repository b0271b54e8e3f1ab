// Groups of failures, kept by deltas with every move of an item: which are open, which are resolved,
// and which fail again.

import BatchModel
import Resilience

/// A group's row.
private struct GroupRecord {
  var count = 0
  var cost: Int64 = 0
  var retrying = 0
  var first: Int64
  var last: Int64
  /// The newest item that failed.
  var sample: Int64
  var resolved: Int64?
  var isReopened = false
}

extension Transaction {
  /// Keeps the groups right when an item moves; before its row is written.
  ///
  /// An item that is retried out of its group stays tied to it until it ends: the group is resolved
  /// when nothing stands failed in it and nothing is tied to it.
  func regroup(
    _ item: inout ItemRecord, to state: ItemState, _ signature: Int64?, at: Int64,
    of run: RunRecord
  ) throws(StoreError) {
    guard item.state == .failed || state == .failed || item.origin != nil else { return }
    let (id, cost, old) = try standing(of: item)
    let origin = state.isTerminal ? nil : item.state == .failed ? old : item.origin
    var touched = Set([old, item.origin, origin].compactMap(\.self))
    if state == .failed, let signature { touched.insert(signature) }
    let before = (standing: item.state == .failed ? old : nil, origin: item.origin)
    let after = (standing: state == .failed ? signature : nil, origin: origin)
    for number in touched.sorted() {
      try change(number, of: run, at: at) { group in
        let stands = (after.standing == number ? 1 : 0) - (before.standing == number ? 1 : 0)
        group.count += stands
        group.cost += Int64(stands) * cost
        group.retrying += (after.origin == number ? 1 : 0) - (before.origin == number ? 1 : 0)
        if after.standing == number {
          group.last = at
          group.sample = id
        }
      }
    }
    if state == .failed, let signature { try countFailure(signature, at: at, of: run) }
    guard origin != item.origin else { return }
    item.origin = origin
    try connection("UPDATE items SET origin = ? WHERE id = ?").run(origin, id)
  }

  /// A charge that comes to an item after it failed is its group's too.
  func chargeGroup(of item: ItemID, _ cost: Money, in run: RunRecord) throws(StoreError) {
    try connection(
      """
      UPDATE failure_groups SET cost = cost + ?
      WHERE run = ? AND signature = (SELECT signature FROM items WHERE id = ? AND state = 0)
      """
    ).run(cost.picodollars, run.number, item.number)
  }

  private func standing(
    of item: ItemRecord
  ) throws(StoreError) -> (id: Int64, cost: Int64, signature: Int64?) {
    let found = try connection("SELECT cost, signature FROM items WHERE id = ?")
      .first(item.id) { row in (row.int(0), row.optionalInt(1)) }
    guard let (cost, signature) = found else {
      throw .conflict(reason: "there is no item \(item.id)")
    }
    return (item.id, cost, item.state == .failed ? signature : nil)
  }

  private func change(
    _ signature: Int64, of run: RunRecord, at: Int64, _ body: (inout GroupRecord) -> Void
  ) throws(StoreError) {
    var group =
      try group(signature, of: run) ?? GroupRecord(first: at, last: at, sample: 0)
    body(&group)
    if group.count > 0, group.resolved != nil {
      group.resolved = nil
      group.isReopened = true
      try tellReopened(signature, of: run, at: at)
    } else if group.count == 0, group.retrying == 0, group.resolved == nil {
      group.resolved = at
      group.isReopened = false
    }
    try write(group, signature, of: run)
  }

  /// Live, the ledger says it aloud; a replay finds it there.
  private func tellReopened(
    _ signature: Int64, of run: RunRecord, at: Int64
  ) throws(StoreError) {
    guard mode == .live else { return }
    let text = try connection("SELECT text FROM signatures WHERE id = ?")
      .first(signature) { row in row.text(0) }
    let noted = Noted(
      run: run.id, code: Noted.groupReopened,
      message: "\(FailureGroup.name(ofNumber: signature)) fails again: \(text ?? "")")
    try append(.noted(noted), of: run, at: at)
  }

  private func group(_ signature: Int64, of run: RunRecord) throws(StoreError) -> GroupRecord? {
    try connection(
      """
      SELECT count, cost, retrying, first, last, sample, resolved, reopened FROM failure_groups
      WHERE run = ? AND signature = ?
      """
    ).first(run.number, signature) { row in
      GroupRecord(
        count: row.count(0), cost: row.int(1), retrying: row.count(2), first: row.int(3),
        last: row.int(4), sample: row.int(5), resolved: row.optionalInt(6),
        isReopened: row.flag(7))
    }
  }

  private func write(
    _ group: GroupRecord, _ signature: Int64, of run: RunRecord
  ) throws(StoreError) {
    try connection(
      """
      INSERT INTO failure_groups(run, signature, count, cost, retrying, first, last, sample,
        resolved, reopened)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = excluded.count, cost = excluded.cost,
        retrying = excluded.retrying, last = excluded.last, sample = excluded.sample,
        resolved = excluded.resolved, reopened = excluded.reopened
      """
    ).run(
      run.number, signature, group.count, group.cost, group.retrying, group.first, group.last,
      group.sample, group.resolved, group.isReopened)
  }

  private func countFailure(
    _ signature: Int64, at: Int64, of run: RunRecord
  ) throws(StoreError) {
    try connection(
      """
      INSERT INTO failure_rates(run, stretch, signature, count) VALUES(?, ?, ?, 1)
      ON CONFLICT DO UPDATE SET count = count + 1
      """
    ).run(run.number, FailureStretch.of(milliseconds: at), signature)
  }
}

/// The stretches of time by which failures are counted.
enum FailureStretch {
  private static let milliseconds =
    FailureGroup.recentStretch.nanosecondsClamped / 1_000_000

  /// Stretches since 1970-01-01.
  static func of(milliseconds moment: Int64) -> Int64 { moment / milliseconds }
}
