// Artifacts put back from their objects, and objects from their artifacts; nothing is ever lost.

package import BatchModel
package import DurableFiles

/// Repairs what a verification found.
///
/// Needs the workspace's lock.
package struct ArtifactRepair {
  package enum Outcome: Hashable, Sendable {
    /// The artifact stands again; `kept` is what stood there, as an object.
    case restored(kept: SealedObject?)
    /// The object was made again from the artifact.
    case sealed
    /// A person's change was left alone.
    case leftAlone
    /// The right bytes are nowhere: the item has to run again.
    case lost
    /// It cannot be put there; the sentence says why. The other repairs go on.
    case refused(String)
  }
  private let publisher: ArtifactPublisher

  package init(publisher: ArtifactPublisher) { self.publisher = publisher }

  /// - Parameter force: Overwrites what a person changed too; the old form is kept as an object.
  /// - Throws: when the disk is full; nothing else can go on then either.
  package func repair(
    _ problem: ArtifactProblem, force: Bool
  ) throws(FilesError) -> Outcome {
    guard problem.isRestorable else { return .lost }
    do throws(FilesError) {
      return try attempt(problem, force: force)
    } catch {
      if error.isDiskFull { throw error }
      return .refused("\(error)")
    }
  }

  private func attempt(
    _ problem: ArtifactProblem, force: Bool
  ) throws(FilesError) -> Outcome {
    switch problem.kind {
    case .objectLost:
      let path = "\(publisher.workspace.path)/\(problem.path)"
      let sealed = try publisher.objects.seal(path)
      return sealed.digest == problem.expected.digest ? .sealed : .lost
    case .missing, .damaged: return try restore(problem)
    case .changed, .unreadable: return force ? try restore(problem) : .leftAlone
    }
  }

  private func restore(_ problem: ArtifactProblem) throws(FilesError) -> Outcome {
    // Against nothing at all, so that whatever stands there by now is kept before it goes.
    let intent = PublishIntent(
      path: problem.path, object: problem.expected, replaces: .absent)
    let isMissing = problem.kind == .missing
    switch try publisher.publish(intent, overwriting: !isMissing) {
    case .published(_, let kept): return .restored(kept: kept)
    case .alreadyPublished: return .restored(kept: nil)
    case .targetChanged: return .leftAlone
    }
  }
}
