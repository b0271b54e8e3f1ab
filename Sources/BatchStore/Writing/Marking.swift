// Marks: which items a trial run or a narrowed run may claim.

package import BatchModel
package import Resilience

extension SQLiteStore {
  package func mark(
    _ scope: ClaimScope, _ selection: Selection, of run: RunID, at now: Instant
  ) throws(StoreError) -> Int {
    guard let column = scope.column else {
      throw .conflict(reason: "every item is in the scope `all` already")
    }
    return try transact { transaction throws(StoreError) in
      let run = try transaction.run(run)
      let items = try transaction.pick(selection, of: run)
      try transaction.replaceMarks(scope, column, with: items, of: run)
      return items.count
    }
  }

  package func counts(of scope: ClaimScope, in run: RunID) throws(StoreError) -> ItemCounts {
    try exclusive { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return ItemCounts() }
      return try connection.itemCounts(of: record.number, scope: scope)
    }
  }
}

extension ClaimScope {
  fileprivate var column: String? {
    switch self {
    case .all: nil
    case .canary: "canary"
    case .focus: "focus"
    }
  }
}

extension Connection {
  func itemCounts(of run: Int64, scope: ClaimScope) throws(StoreError) -> ItemCounts {
    var counts = ItemCounts()
    try self("SELECT state, count FROM counts WHERE run = ? AND scope = ?")
      .forEach(run, scope.code) { row throws(StoreError) in
        counts[try row.coded(ItemState.self, 0)] = row.count(1)
      }
    return counts
  }
}

extension Transaction {
  fileprivate func replaceMarks(
    _ scope: ClaimScope, _ column: String, with items: [Int64], of run: RunRecord
  ) throws(StoreError) {
    let set = "UPDATE items SET \(column) ="
    try connection.composed("\(set) 0 WHERE run = ? AND \(column) = 1").run(run.number)
    for item in items { try connection.composed("\(set) 1 WHERE id = ?").run(item) }
    try connection("DELETE FROM counts WHERE run = ? AND scope = ?").run(run.number, scope.code)
    try connection.composed(
      """
      INSERT INTO counts(run, scope, state, count)
      SELECT ?1, ?2, state, count(*) FROM items WHERE run = ?1 AND \(column) = 1 GROUP BY state
      """
    ).run(run.number, scope.code)
    for item in window.held.keys.sorted() {
      let record = try self.item(ItemID(item), in: run)
      window.setMarks(item, isCanary: record.isCanary, isFocus: record.isFocus)
    }
  }

  /// The items of a selection that are not ended, in the order of their ordinals.
  fileprivate func pick(_ selection: Selection, of run: RunRecord) throws(StoreError) -> [Int64] {
    switch selection {
    case .nothing: return []
    case .pick(let pick, let count, let seed):
      let open = try openItems(matching: nil, limit: pick == .first ? count : nil, of: run)
      switch pick {
      case .first: return open
      case .spread: return Self.spread(open, count)
      case .random: return Self.draw(open, count, seed: seed)
      }
    case .matching(let glob, let limit, let sample, let seed):
      let open = try openItems(matching: glob, limit: limit, of: run)
      guard let sample else { return open }
      return Self.draw(open, sample, seed: seed)
    }
  }

  private func openItems(
    matching glob: String?, limit: Int?, of run: RunRecord
  ) throws(StoreError) -> [Int64] {
    try connection(
      """
      SELECT id FROM items INDEXED BY items_ordinal
      WHERE run = ? AND state IN (1, 2, 3) AND (?2 IS NULL OR key GLOB ?2)
      ORDER BY ordinal, id LIMIT ?
      """
    ).all(run.number, glob, limit ?? -1) { row in row.int(0) }
  }

  /// `count` of the items at even distances, the first one always.
  private static func spread(_ items: [Int64], _ count: Int) -> [Int64] {
    guard count < items.count else { return items }
    return (0..<max(count, 0)).map { items[$0 * items.count / count] }
  }

  /// `count` of the items, each set of them equally likely, in their own order (Knuth's
  /// algorithm S: one pass).
  private static func draw(_ items: [Int64], _ count: Int, seed: UInt64) -> [Int64] {
    var random = SplitMix64(seed: seed)
    var missing = min(max(count, 0), items.count)
    var drawn: [Int64] = []
    for (index, item) in items.enumerated() {
      let left = items.count - index
      guard Int.random(in: 0..<left, using: &random) < missing else { continue }
      drawn.append(item)
      missing -= 1
    }
    return drawn
  }
}
