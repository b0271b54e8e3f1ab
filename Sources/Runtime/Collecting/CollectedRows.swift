// The lines of a collected file, in its order, one item at a time.

import BatchDefinition
import BatchModel
import BatchStore
import Engine
import Resilience

/// Renders the rows of a run's items.
struct CollectedRows {
  private let run: RunID
  private let collect: Collect
  private let row: CollectRow
  private let steps: [Step]
  private let store: any StoreReading
  private let preparer: Preparer
  private(set) var count = 0
  /// Rows that could not be made, as sentences; the first few.
  private(set) var problems: [String] = []
  private(set) var problemCount = 0
  private static let problemsMax = 20

  init(
    of run: RunID, _ collect: Collect, steps: [Step], store: any StoreReading,
    preparer: Preparer, renderer: TemplateRenderer
  ) {
    self.run = run
    self.collect = collect
    self.steps = steps
    self.store = store
    self.preparer = preparer
    row = CollectRow(collect, renderer: renderer)
  }

  /// Calls `body` with each line, its end included.
  mutating func forEach(_ body: (String) throws -> Void) throws {
    if let header = row.header { try body(header) }
    switch collect.order {
    case .source:
      try store.forEachRow(of: run, filter: ItemFilter()) { try add($0, body) }
    case .finished:
      try addFinished(body)
      try store.forEachRow(of: run, filter: ItemFilter(states: [.failed, .skipped])) { found in
        if !found.hasResult { try add(found, body) }
      }
    }
  }

  /// Receipts come in the order in which they were written.
  private mutating func addFinished(_ body: (String) throws -> Void) throws {
    let last = steps.last?.id
    try store.forEachReceipt { receipt in
      guard receipt.step == last,
        let found = try store.row(receipt.itemKey, receipt.occurrence, in: run), found.hasResult
      else { return }
      try add(found, body)
    }
  }

  private mutating func add(_ found: ItemRow, _ body: (String) throws -> Void) throws {
    guard found.hasResult || found.hasFailed, let detail = try store.detail(of: found.id) else {
      return
    }
    // A failed item has what the steps before its own left, and nothing from an earlier run.
    let item = ClaimedItem(
      id: found.id, ordinal: found.ordinal, key: found.key, occurrence: found.occurrence,
      payload: detail.payload, step: found.hasResult ? steps.count : found.step)
    guard let line = line(for: try preparer.values(of: item), found) else { return }
    count += 1
    try body(line)
  }

  private mutating func line(for values: TemplateValues, _ found: ItemRow) -> String? {
    guard found.hasResult else { return row.lineForFailed(values) }
    do throws(TemplateError) {
      return try row.line(for: values)
    } catch {
      problemCount += 1
      if problems.count < Self.problemsMax { problems.append("\(found.key): \(error)") }
      return row.lineForFailed(values)
    }
  }
}

extension ItemRow {
  /// Whether its steps have results that count: now, or kept from before.
  fileprivate var hasResult: Bool {
    state == .done
      || (state == .skipped && (skipReason == .unchanged || skipReason == .olderRecipe))
  }

  fileprivate var hasFailed: Bool {
    state == .failed || (state == .skipped && skipReason == .dependencyFailed)
  }
}
