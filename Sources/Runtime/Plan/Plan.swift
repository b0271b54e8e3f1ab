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
      textFiles: definition.textFiles, hasObject: { objects.contains($0) }, objectPath: { objects.path(of: $0) })
  }

  /// Calls `body` with every item, in source order.
  package func forEach(_ body: (PlannedItem) throws -> Void) throws {
    try forEachSource { item, ordinal, occurrence in
      let (fate, demand) = try fate(of: item, ordinal, occurrence)
      try body(PlannedItem(key: item.key, fate: fate, demand: demand))
    }
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

  private func forEachSource(_ body: (SourceItem, Int64, Int) throws -> Void) throws {
    let enumerator = try ItemEnumerator(
      definition.batch.items, folder: layout.root, renderer: renderer,
      runCommand: { try CommandOutput.start($0, folder: layout.root) })
    var seen: [String: Int] = [:]
    var ordinal: Int64 = 0
    try enumerator.forEachChunk(of: 1000) { chunk in
      for item in chunk {
        ordinal += 1
        let occurrence = seen[item.key, default: 0] + 1
        seen[item.key] = occurrence
        try body(item, ordinal, occurrence)
      }
    }
  }

  /// The item of the source with that key, that unique ending of one, or that ordinal.
  func item(_ reference: String) throws -> ClaimedItem? {
    var found: ClaimedItem?
    var ordinal: Int64 = 0
    try forEachSource { item, number, occurrence in
      ordinal = number
      let matches =
        item.key == reference || "#\(ordinal)" == reference
        || (found == nil && item.key.hasSuffix(reference))
      guard matches else { return }
      found = ClaimedItem(
        id: try known(item.key, occurrence), ordinal: ordinal, key: item.key,
        occurrence: occurrence, payload: item.payload)
    }
    return found
  }

  func values(of item: ClaimedItem) throws -> TemplateValues { try preparer.values(of: item) }

  private func fate(
    of item: SourceItem, _ ordinal: Int64, _ occurrence: Int
  ) throws -> (PlannedItem.Fate, Demand?) {
    var claimed = ClaimedItem(
      id: try known(item.key, occurrence), ordinal: ordinal, key: item.key,
      occurrence: occurrence, payload: item.payload)
    var last = PlannedItem.Fate.kept(.unchanged, note: "")
    for step in definition.batch.steps.indices {
      claimed.step = step
      do {
        guard let prepared = try preparer.decide([claimed]).first else { continue }
        let ready = try prepared.get()
        switch ready.decision {
        case .run(let why): return (.runs(step: step, why: why), ready.demand)
        case .keep(let reason, _, let note): last = .kept(reason, note: note)
        case .restore(_, _, let paths): last = .restored(paths: paths)
        }
      } catch let error as StoreError {
        throw error
      } catch {
        return (.fails("\(error)"), nil)
      }
    }
    return (last, nil)
  }

  /// The item's row in the newest run, for its dependencies; a number that none has otherwise.
  private func known(_ key: String, _ occurrence: Int) throws -> ItemID {
    guard let run else { return ItemID(0) }
    let rows = try store.find(key, in: run, limit: occurrence + 8)
    return rows.first { $0.key == key && $0.occurrence == occurrence }?.id ?? ItemID(0)
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
