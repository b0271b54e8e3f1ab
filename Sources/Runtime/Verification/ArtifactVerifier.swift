// Every artifact of the live receipts against what stands on disk, byte by byte.

import BatchModel
package import BatchStore
import DurableFiles
import Foundation
import Resilience

/// Verifies artifacts and the objects behind them.
///
/// Changes nothing, in constant memory.
package struct ArtifactVerifier {
  private let layout: WorkspaceLayout
  private let store: any StoreReading
  private let objects: ObjectStore
  private let publisher: ArtifactPublisher
  private let newest: RunSummary?

  /// - Throws: `StoreError`, `FilesError`.
  package init(layout: WorkspaceLayout, store: any StoreReading) throws {
    self.layout = layout
    self.store = store
    objects = ObjectStore(readingAt: layout.objects)
    publisher = ArtifactPublisher(workspace: try Workspace(at: layout.root), objects: objects)
    newest = try store.runs(limit: 1).first
  }

  /// Calls `body` with everything that is wrong, in the order of the receipts.
  package func verify(_ body: (ArtifactProblem) throws -> Void) throws -> VerificationTotals {
    var totals = VerificationTotals()
    try store.forEachReceipt { receipt in
      totals.receipts += 1
      for artifact in receipt.artifacts {
        totals.artifacts += 1
        totals.bytes += artifact.object.sizeBytes
        if let problem = try problem(with: artifact, of: receipt) { try body(problem) }
      }
      if let problem = try problem(withCandidateOf: receipt) { try body(problem) }
    }
    return totals
  }

  private func problem(
    with artifact: Artifact, of receipt: Receipt
  ) throws -> ArtifactProblem? {
    var problem = ArtifactProblem(
      kind: .missing, path: artifact.path, item: receipt.itemKey, step: receipt.step,
      expected: artifact.object, found: nil, isRestorable: false)
    do throws(FilesError) {
      let found = try publisher.currentContent(of: artifact.path)
      problem.found = found
      if found == .file(artifact.object.digest) {
        problem.kind = .objectLost
        problem.isRestorable = true
        return hasObject(artifact.object.digest) ? nil : problem
      }
      problem.kind = try kind(of: found, artifact)
    } catch {
      problem.kind = .unreadable
    }
    guard try isStillMeant(artifact, of: receipt) else { return nil }
    problem.isRestorable = hasObject(artifact.object.digest)
    return problem
  }

  private func kind(
    of found: TargetContent, _ artifact: Artifact
  ) throws(FilesError) -> ArtifactProblem.Kind {
    guard case .file = found else { return .missing }
    let stamp = try FileDigests(root: layout.root).stamp(of: artifact.path)
    // A cache that cannot be read remembers nothing: then it counts as a person's change.
    let known = try? store.fileDigest(of: artifact.path)
    guard let known, known.stamp == stamp, known.digest == artifact.object.digest else {
      return .changed
    }
    return .damaged
  }

  /// A step that publishes nothing leaves its candidate for the steps after it.
  private func problem(withCandidateOf receipt: Receipt) throws -> ArtifactProblem? {
    guard let candidate = receipt.candidate, receipt.artifacts.isEmpty,
      !hasObject(candidate.digest), try isWanted(receipt)
    else { return nil }
    return ArtifactProblem(
      kind: .objectLost, path: objects.path(of: candidate.digest), item: receipt.itemKey,
      step: receipt.step, expected: candidate, found: nil, isRestorable: false)
  }

  private func hasObject(_ digest: Digest) -> Bool {
    // Missing, damaged and unreadable are one to the caller: it cannot be restored from.
    (try? objects.verify(digest)) != nil
  }

  /// Whether nothing newer was published at the path, and the item is still part of the batch.
  private func isStillMeant(_ artifact: Artifact, of receipt: Receipt) throws -> Bool {
    guard try store.artifact(at: artifact.path)?.object.digest == artifact.object.digest else {
      return false
    }
    return try isWanted(receipt)
  }

  /// An item that left the source, or a step that left the definition, promises nothing any more.
  private func isWanted(_ receipt: Receipt) throws -> Bool {
    guard let newest, newest.steps.contains(receipt.step) else { return false }
    let row = try store.row(receipt.itemKey, receipt.occurrence, in: newest.run)
    return row.map { $0.state != .cancelled } ?? false
  }
}
