// `after` keys resolved to edges between items, once a comparison has ended.

import BatchModel

/// What resolving is called in the ledger: a replay resolves at the same place.
let sourceClosedCode = ":source-closed"

extension Transaction {
  /// Resolves every `after` of the run and brings the items' counters and states in line.
  ///
  /// A new item may have a key that others named before, so all are resolved whenever anything
  /// changed; a run without any `after` costs one look-up.
  func resolveDependencies(
    of run: RunRecord, at: Int64
  ) throws(StoreError) -> [DependencyProblem] {
    let unready = try connection(
      "SELECT 1 FROM items WHERE run = ? AND state = 3 AND unmet <> 0 LIMIT 1"
    ).first(run.number) { row in row.int(0) }
    guard run.hasEdges || unready != nil else {
      try setSourceOpen(false, of: run)
      return []
    }
    if mode == .live {
      let noted = Noted(run: run.id, code: sourceClosedCode, message: "dependencies were resolved")
      try append(.noted(noted), of: run, at: at)
    }
    var resolution = try resolution(of: run)
    for cycle in resolution.graph.cycles().prefix(Resolution.problemsMax) {
      let keys = try (cycle + cycle.prefix(1)).map { item throws(StoreError) in try key(of: item) }
      resolution.problems.append(.cycle(keys))
    }
    try write(resolution, of: run, at: at)
    try setSourceOpen(!resolution.problems.isEmpty, of: run)
    return resolution.problems
  }

  fileprivate struct Resolution {
    /// More problems than a person reads are not worth the memory.
    static let problemsMax = 1_000
    var graph = DependencyGraph()
    var problems: [DependencyProblem] = []
    var counters: [Counters] = []
  }

  fileprivate struct Counters {
    var item: Int64
    var unmet: Int
    var blocked: Int
    /// One of the bad dependencies.
    var cause: Int64?
  }

  private func resolution(of run: RunRecord) throws(StoreError) -> Resolution {
    var resolution = Resolution()
    try connection(
      """
      SELECT items.id, items.key, sources.after
      FROM items JOIN sources ON sources.item = items.id
      WHERE items.run = ? AND items.gone = 0 AND sources.after IS NOT NULL ORDER BY items.id
      """
    ).forEach(run.number) { row throws(StoreError) in
      let needs = try row.json([String].self, 2)
      try resolve(row.int(0), key: row.text(1), needs, of: run, into: &resolution)
    }
    return resolution
  }

  private func resolve(
    _ item: Int64, key: String, _ keys: [String], of run: RunRecord,
    into resolution: inout Resolution
  ) throws(StoreError) {
    var needed: Set<Int64> = []
    var order: [Int64] = []
    var counters = Counters(item: item, unmet: 0, blocked: 0)
    var lacksAny = false
    for name in keys {
      var isMissing = true
      try connection(
        "SELECT id, state, skip_reason FROM items WHERE run = ? AND key = ? AND gone = 0"
      ).forEach(run.number, name) { row throws(StoreError) in
        isMissing = false
        guard needed.insert(row.int(0)).inserted else { return }
        order.append(row.int(0))
        let standing = Standing(
          try row.coded(ItemState.self, 1), try row.optionalCoded(SkipReason.self, 2))
        if !standing.isSatisfied { counters.unmet += 1 }
        if standing.isBad {
          counters.blocked += 1
          counters.cause = counters.cause ?? row.int(0)
        }
      }
      guard isMissing else { continue }
      lacksAny = true
      if resolution.problems.count < Resolution.problemsMax {
        resolution.problems.append(.missing(item: key, needs: name))
      }
    }
    // One that cannot start has no edges, so that no counting makes it ready.
    if lacksAny {
      order = []
      counters = Counters(item: item, unmet: ItemRecord.unresolved, blocked: 0)
    }
    resolution.graph.add(item, needs: order)
    resolution.counters.append(counters)
  }

  private func write(_ resolution: Resolution, of run: RunRecord, at: Int64) throws(StoreError) {
    if run.hasEdges { try connection("DELETE FROM edges WHERE run = ?").run(run.number) }
    var hasEdges = false
    var moves = DependantMoves()
    for (counters, needs) in zip(resolution.counters, resolution.graph.needs) {
      for needed in needs {
        hasEdges = true
        try connection("INSERT INTO edges(run, needs, item) VALUES(?, ?, ?)")
          .run(run.number, needed, counters.item)
      }
      try connection(
        """
        UPDATE items SET unmet = ?1, blocked = ?2
        WHERE id = ?3 AND (unmet <> ?1 OR blocked <> ?2)
        """
      ).run(counters.unmet, counters.blocked, counters.item)
      moves.candidates.append(.init(item: counters.item, cause: counters.cause ?? counters.item))
    }
    try connection("UPDATE runs SET has_edges = ? WHERE id = ?").run(hasEdges, run.number)
    runs[run.id]?.hasEdges = hasEdges
    guard mode == .live else { return }
    try settle(&moves, at: at, of: runs[run.id] ?? run)
  }
}
