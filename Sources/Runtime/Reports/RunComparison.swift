// `footplate compare`: two runs of a batch, item by item.

package import BatchModel
package import BatchStore
import Resilience

/// What differs between two runs.
package struct RunComparison: Codable {
  package let schemaVersion: Int
  package let from: Side
  package let to: Side
  /// How items moved between the two, the most first; those that ended alike are among them.
  package let moves: [Move]
  /// Items that ended otherwise, in the order of their keys, at most as many as were asked for.
  package let items: [Difference]
  /// Groups of failures that are not as large in both.
  package let failures: [FailureDifference]
  package let models: [ModelDifference]

  /// One of the runs.
  package struct Side: Codable {
    package let run: String
    package let state: String
    package let startedAt: String
    package let updatedAt: String
    package let items: StatusReport.ItemsReport
    /// USD.
    package let spent: Double
  }

  package struct Move: Codable, Hashable {
    /// A state, or `none` for an item that is not in the run.
    package let from: String
    package let to: String
    package let count: Int
  }

  package struct Difference: Codable, Hashable {
    package let key: String
    package let occurrence: Int
    package let from: String
    package let to: String
    /// What the later run says of it.
    package let note: String
  }

  package struct FailureDifference: Codable, Hashable {
    package let signature: String
    package let from: Int
    package let to: Int
  }

  /// Amounts in USD.
  package struct ModelDifference: Codable, Hashable {
    package let model: String
    package let fromCalls: Int64
    package let toCalls: Int64
    package let fromCost: Double
    package let toCost: Double
  }

  /// - Parameter limit: how many differing items are named.
  /// - Throws: `StoreError`.
  package init(
    _ from: RunSummary, _ to: RunSummary, _ store: any StoreReading, limit: Int
  ) throws(StoreError) {
    schemaVersion = 1
    self.from = try Side(from, store)
    self.to = try Side(to, store)
    var counts: [[String]: Int] = [:]
    var items: [Difference] = []
    var pairs = ItemPairs(from.run, to.run, store)
    while let (old, new) = try pairs.next() {
      let states = [old, new].map(Self.standing)
      counts[states, default: 0] += 1
      guard states[0] != states[1], items.count < limit, let row = new ?? old else { continue }
      items.append(
        Difference(
          key: row.key, occurrence: row.occurrence, from: states[0], to: states[1],
          note: new?.note ?? ""))
    }
    moves = counts.map { Move(from: $0.key[0], to: $0.key[1], count: $0.value) }
      .sorted { ($1.count, $0.from, $0.to) < ($0.count, $1.from, $1.to) }
    self.items = items
    failures = Self.failures(
      try store.failureGroups(of: from.run), try store.failureGroups(of: to.run))
    models = Self.models(
      try store.spending(of: from.run, by: .model, limit: 1000),
      try store.spending(of: to.run, by: .model, limit: 1000))
  }

  /// An item that is skipped because its receipt still holds is as done as it was.
  private static func standing(of row: ItemRow?) -> String {
    switch (row?.state, row?.skipReason) {
    case (nil, _): "none"
    case (.skipped, .unchanged), (.skipped, .olderRecipe): ItemState.done.rawValue
    case (let state?, _): state.rawValue
    }
  }

  private static func failures(_ old: [FailureGroup], _ new: [FailureGroup]) -> [FailureDifference]
  {
    let counts = [old, new].map { groups in
      Dictionary(groups.map { ($0.signature.text, $0.count) }, uniquingKeysWith: +)
    }
    return Set(counts.flatMap(\.keys)).sorted().compactMap { signature in
      let (from, to) = (counts[0][signature] ?? 0, counts[1][signature] ?? 0)
      return from == to ? nil : FailureDifference(signature: signature, from: from, to: to)
    }
  }

  private static func models(_ old: [SpendingRow], _ new: [SpendingRow]) -> [ModelDifference] {
    let rows = [old, new].map { rows in
      Dictionary(grouping: rows, by: \.title).mapValues { rows in
        (
          calls: rows.reduce(0) { $0 + $1.calls },
          cost: rows.reduce(Money.zero) { $0 + $1.cost }.inDollars
        )
      }
    }
    return Set(rows.flatMap(\.keys)).sorted().map { model in
      ModelDifference(
        model: model, fromCalls: rows[0][model]?.calls ?? 0, toCalls: rows[1][model]?.calls ?? 0,
        fromCost: rows[0][model]?.cost ?? 0, toCost: rows[1][model]?.cost ?? 0)
    }
  }
}

extension RunComparison.Side {
  fileprivate init(_ summary: RunSummary, _ store: any StoreReading) throws(StoreError) {
    self.init(
      run: summary.run.text, state: summary.state.rawValue,
      startedAt: summary.startedAt.rfc3339, updatedAt: summary.updatedAt.rfc3339,
      items: StatusReport.ItemsReport(summary.counts),
      spent: try store.spent(of: summary.run, at: summary.updatedAt).run.inDollars)
  }
}

/// The items of two runs side by side, by key and occurrence, a page of each at a time.
private struct ItemPairs {
  private var old: Rows
  private var new: Rows

  init(_ old: RunID, _ new: RunID, _ store: any StoreReading) {
    self.old = Rows(run: old, store: store)
    self.new = Rows(run: new, store: store)
  }

  /// The next item of either run, or of both; `nil` at the end.
  mutating func next() throws(StoreError) -> (ItemRow?, ItemRow?)? {
    switch (try old.peek(), try new.peek()) {
    case (nil, nil): return nil
    case (let left?, let right?):
      if Self.precedes(left, right) {
        old.drop()
        return (left, nil)
      }
      new.drop()
      guard !Self.precedes(right, left) else { return (nil, right) }
      old.drop()
      return (left, right)
    case (let left, let right):
      old.drop()
      new.drop()
      return (left, right)
    }
  }

  /// The store's order: keys by their bytes, then occurrences.
  private static func precedes(_ left: ItemRow, _ right: ItemRow) -> Bool {
    guard left.key.utf8.elementsEqual(right.key.utf8) else {
      return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }
    return left.occurrence < right.occurrence
  }

  private struct Rows {
    let run: RunID
    let store: any StoreReading
    var rows: ArraySlice<ItemRow> = []
    var start: ItemQuery.Start? = .first

    mutating func peek() throws(StoreError) -> ItemRow? {
      if rows.isEmpty, let start {
        let page = try store.page(
          ItemQuery(order: .key, start: start, limit: 1000), of: run)
        rows = page.rows[...]
        self.start = page.hasLater ? page.rows.last.map { .after($0.id) } : nil
      }
      return rows.first
    }

    mutating func drop() { rows = rows.dropFirst() }
  }
}
