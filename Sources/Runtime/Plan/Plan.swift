// What a run would do, computed without writing anything.

package import BatchDefinition
package import BatchModel
import BatchStore
import DurableFiles
package import Engine
import Executors
import Foundation

/// What becomes of one item.
package struct PlannedItem: Hashable, Sendable {
  package enum Fate: Hashable, Sendable {
    /// It runs from that step on.
    case runs(step: Int, why: String)
    case kept(SkipReason, note: String)
    case restored(paths: [String])
    /// It is kept as it is, unless the result of this item changes, which would run.
    case follows(String)
    /// It cannot be prepared.
    case fails(String)
  }
  package var key: String
  package var fate: Fate
  /// What the step at which it runs takes of its provider, if it calls one.
  package var demand: Demand?
}

/// Walks the source and asks for each item what the engine would do with it.
package struct Planner {
  private let layout: WorkspaceLayout
  private let definition: LoadedDefinition
  let renderer = TemplateRenderer()
  private let preparer: Preparer
  private let requests: ModelRequests
  private let store: any StoreReading
  private let run: RunID?

  /// - Throws: `StoreError` when there is a store that cannot be read.
  package init(
    layout: WorkspaceLayout, definition: LoadedDefinition, insistence: Insistence
  ) throws {
    self.layout = layout
    self.definition = definition
    let hasStore = FileManager.default.fileExists(atPath: layout.database)
    store =
      hasStore
      ? try SQLiteReader(path: layout.database)
      : try SQLiteStore(inMemoryWith: NoObjects())
    run = try store.runs(limit: 1).first?.run
    let objects = ObjectStore(readingAt: layout.objects)
    requests = ModelRequests(definition.batch, renderer: renderer)
    preparer = Preparer(
      steps: definition.batch.steps, store: store,
      files: WorkspaceFiles(root: layout.root, store: store, renderer: renderer),
      renderer: renderer, insistence: insistence, requests: requests,
      textFiles: definition.textFiles, hasObject: { objects.contains($0) },
      objectPath: { objects.path(of: $0) })
  }

  /// Items whose rows, keys and receipts are looked up together.
  private static let chunk = 500

  /// Calls `body` with every item, in source order; kept items that come after later ones at the end.
  ///
  /// - Returns: what the source has that is no item, a sentence each.
  @discardableResult
  package func forEach(_ body: (PlannedItem) throws -> Void) throws -> [String] {
    var followers = Followers()
    let hasOrder = definition.batch.items.after != nil
    let problems = try forEachChunk { items in
      for (item, planned) in zip(items, try plan(items)) {
        guard hasOrder else {
          try body(planned)
          continue
        }
        if let judged = followers.judge(planned, after: item.source.after) {
          try body(judged)
        }
      }
    }
    for item in followers.rest() { try body(item) }
    return problems
  }

  /// An estimate that counts nothing yet.
  package func estimate() throws -> PlanEstimate {
    var means: [String: Money] = [:]
    if let run {
      for row in try store.spending(of: run, by: .step, limit: definition.batch.steps.count)
      where row.calls > 0 {
        means[row.name] = Money(picodollars: row.cost.picodollars / row.calls)
      }
    }
    return try PlanEstimate(definition.batch, requests, meanCosts: means)
  }

  private struct Item {
    var source: SourceItem
    var ordinal: Int64
    var occurrence: Int

    func claimed(as id: ItemID?) -> ClaimedItem {
      // A number that none has, for one that the newest run does not know.
      ClaimedItem(
        id: id ?? ItemID(0), ordinal: ordinal, key: source.key, occurrence: occurrence,
        payload: source.payload)
    }
  }

  @discardableResult
  private func forEachChunk(_ body: ([Item]) throws -> Void) throws -> [String] {
    let enumerator = try ItemEnumerator(
      definition.batch.items, folder: layout.root, renderer: renderer,
      runCommand: { try CommandOutput.start($0, folder: layout.root) })
    var keys = SourceKeys()
    var ordinal: Int64 = 0
    try enumerator.forEachChunk(of: Self.chunk) { chunk in
      var items: [Item] = []
      for item in chunk {
        ordinal += 1
        items.append(
          Item(source: item, ordinal: ordinal, occurrence: keys.occurrence(of: item.key)))
      }
      try body(items)
    }
    return enumerator.problems.map(\.description)
  }

  /// The item of the source with that key, that unique ending of one, or that ordinal.
  func item(_ reference: String) throws -> ClaimedItem? {
    var found: Item?
    try forEachChunk { items in
      for item in items {
        let key = item.source.key
        let matches =
          key == reference || "#\(item.ordinal)" == reference
          || (found == nil && key.hasSuffix(reference))
        if matches { found = item }
      }
    }
    guard let found else { return nil }
    return found.claimed(as: try known([found])[0])
  }

  func values(of item: ClaimedItem) throws -> TemplateValues { try preparer.values(of: item) }

  /// The items step by step, together: those that a step keeps go on to the next one.
  private func plan(_ items: [Item]) throws -> [PlannedItem] {
    var planned = items.map { PlannedItem(key: $0.source.key, fate: .kept(.unchanged, note: "")) }
    var claimed = zip(items, try known(items)).map { item, id in item.claimed(as: id) }
    var open = Array(items.indices)
    for step in definition.batch.steps.indices where !open.isEmpty {
      for index in open { claimed[index].step = step }
      let decided = try preparer.decide(open.map { claimed[$0] })
      var kept: [Int] = []
      for (index, result) in zip(open, decided) {
        let isDone = try plan(result, step, &planned[index])
        if !isDone { kept.append(index) }
      }
      open = kept
    }
    return planned
  }

  /// - Returns: whether the plan of the item ends here.
  private func plan(
    _ result: Result<PreparedStep, any Error>, _ step: Int, _ item: inout PlannedItem
  ) throws -> Bool {
    do {
      let prepared = try result.get()
      switch prepared.decision {
      case .run(let why):
        item.fate = .runs(step: step, why: why)
        item.demand = prepared.demand
        return true
      case .keep(let reason, _, let note): item.fate = .kept(reason, note: note)
      case .restore(_, _, let paths): item.fate = .restored(paths: paths)
      }
      return false
    } catch let error as StoreError {
      throw error
    } catch {
      item.fate = .fails("\(error)")
      return true
    }
  }

  /// The items' rows in the newest run, for their dependencies.
  private func known(_ items: [Item]) throws -> [ItemID?] {
    guard let run else { return items.map { _ in nil } }
    return try store.standings(
      of: items.map(\.source), occurrences: items.map(\.occurrence), in: run
    ).map { $0?.id }
  }
}

/// Stands in where nothing is stored.
private struct NoObjects: ObjectStoring {
  struct Missing: Error {}
  func put(_ bytes: [UInt8]) throws -> SealedObject {
    SealedObject(digest: Digest(of: bytes), sizeBytes: Int64(bytes.count))
  }
  func bytes(of digest: Digest) throws -> [UInt8] { throw Missing() }
}
