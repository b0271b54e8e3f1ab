// Preparation of items for the machine: the decision, and the restoration that it may ask for.

import BatchModel
import BatchStore
import DurableFiles
import Engine
import Executors

/// Prepares claimed items on the blocking pool.
struct PreparationService: Sendable {
  let preparer: Preparer
  let publisher: ArtifactPublisher
  let objects: ObjectStore
  let pool: BlockingPool

  /// - Throws: when the store cannot be read; everything else fails the item alone.
  func prepare(_ items: [ClaimedItem]) async throws(StoreError) -> [Event] {
    try await pool.run { () throws(StoreError) in
      var events: [Event] = []
      for (item, prepared) in zip(items, try preparer.decide(items)) {
        events.append(.prepared(item.id, try preparation(prepared)))
      }
      return events
    }
  }

  private func preparation(
    _ prepared: Result<PreparedStep, any Error>
  ) throws(StoreError) -> Preparation {
    do {
      return try preparation(of: prepared.get())
    } catch let error as StoreError {
      throw error
    } catch let error as FilesError {
      return .fail(Failure(of: error, otherwise: .input))
    } catch {
      return .fail(Failure(kind: .input, message: "\(error)"))
    }
  }

  private func preparation(of prepared: PreparedStep) throws -> Preparation {
    switch prepared.decision {
    case .run(let why):
      try prepared.key.keepLists(in: objects, preparer.files)
      return .run(prepared.key, why: why, demand: prepared.demand)
    case .keep(let reason, _, let note): return .keep(reason, note: note)
    case .restore(let reason, let receipt, let paths):
      for artifact in receipt.artifacts where paths.contains(artifact.path) {
        try restore(artifact)
      }
      return .keep(reason, note: "restored \(paths.joined(separator: ", "))")
    }
  }

  private func restore(_ artifact: Artifact) throws {
    let intent = PublishIntent(
      path: artifact.path, object: artifact.object,
      replaces: try publisher.currentContent(of: artifact.path))
    if case .targetChanged = try publisher.publish(intent) {
      throw PreparationError.changedMeanwhile(path: artifact.path)
    }
  }
}
