// What a person needs to judge a candidate: where it would go, and what it would change there.

import BatchDefinition
package import BatchModel
package import BatchStore
import DurableFiles
import Engine
import Foundation

/// One candidate beside what stands at its target.
package struct ReviewedCandidate: Hashable, Sendable {
  package var candidate: PendingReview.Candidate
  /// Where it would be published; `nil` when its step publishes nothing.
  package var path: String?
  /// What stands there; `nil` when that cannot be told.
  package var standing: TargetContent?
  /// What stands there is not what the last receipt says.
  package var isChangedByHand = false
  /// Why the path or what stands there cannot be told.
  package var problem: String?
}

/// Looks at candidates of one run; writes nothing.
package struct ReviewDesk {
  private let store: any StoreReading
  private let steps: [Step]
  private let objects: ObjectStore
  private let workspace: Workspace
  private let preparer: Preparer
  private let renderer = TemplateRenderer()

  /// - Throws: `StoreError`, `FilesError`.
  package init(layout: WorkspaceLayout, store: any StoreReading, run: RunID) throws {
    self.store = store
    steps = try store.batch(of: run)?.steps ?? []
    objects = ObjectStore(readingAt: layout.objects)
    workspace = try Workspace(at: layout.root)
    preparer = .looking(layout, store: store, steps: steps)
  }

  /// The candidates of a review with their targets.
  package func candidates(of review: PendingReview) throws -> [ReviewedCandidate] {
    var item: ClaimedItem?
    if let detail = try store.detail(of: review.row.id) {
      item = ClaimedItem(
        id: review.row.id, ordinal: review.row.ordinal, key: review.row.key,
        occurrence: review.row.occurrence, payload: detail.payload, step: review.step,
        held: review.candidates.filter { $0.step < review.step }.map {
          HeldResult(attempt: $0.attempt, step: $0.step, candidate: $0.object)
        })
    }
    return review.candidates.map { look(at: $0, of: item) }
  }

  private func look(
    at candidate: PendingReview.Candidate, of item: ClaimedItem?
  ) -> ReviewedCandidate {
    var found = ReviewedCandidate(candidate: candidate)
    guard let item, steps.indices.contains(candidate.step),
      let output = steps[candidate.step].output
    else { return found }
    do {
      let values = try preparer.values(of: item)
      let path = try OutputPath.normalized(renderer.render(output, with: values))
      found.path = path
      let standing = try workspace.currentContent(of: WorkspacePath(path))
      found.standing = standing
      guard case .file(let digest) = standing, digest != candidate.object.digest else {
        return found
      }
      let last = try store.artifact(at: path)
      found.isChangedByHand = last.map { $0.object.digest != digest } ?? false
    } catch {
      found.problem = "\(error)"
    }
    return found
  }

  /// Whether the candidate's bytes are still there.
  package func hasBytes(of candidate: ReviewedCandidate) -> Bool {
    objects.contains(candidate.candidate.object.digest)
  }

  /// What publishing the candidate would change.
  package func difference(of reviewed: ReviewedCandidate) -> UnifiedDifference {
    let object = reviewed.candidate.object
    guard object.sizeBytes <= UnifiedDifference.bytesMax else { return .tooLarge }
    do {
      let new = try objects.bytes(of: object.digest)
      let step = reviewed.candidate.step
      let name = reviewed.path ?? (steps.indices.contains(step) ? steps[step].id : "candidate")
      guard let path = reviewed.path, case .file = reviewed.standing else {
        return UnifiedDifference(from: nil, to: new, path: name)
      }
      let old = try workspace.standingBytes(
        of: WorkspacePath(path), bytesMax: UnifiedDifference.bytesMax)
      guard let old else { return .tooLarge }
      return UnifiedDifference(from: old, to: new, path: path)
    } catch {
      return .unavailable("\(error)")
    }
  }
}
