// ARTIFACT_MISSING and ARTIFACT_CHANGED: what a receipt promises does not stand on disk.

import BatchModel
import BatchStore
import DurableFiles
import Glibc

extension DoctorCheck {
  static let artifactMissing = DoctorCheck(.artifactMissing) { examination in
    try examination.artifacts.get().filter { $0.isMissing }.map { problem in
      Finding(
        .artifactMissing, .error, problem.path, "\(problem)",
        problem.isRestorable ? .safe : .byHand,
        problem.isRestorable ? "puts the right bytes back" : problem.remedy)
    }
  } fix: { _, session in
    try session.restore { $0.isMissing }
  }

  static let artifactChanged = DoctorCheck(.artifactChanged) { examination in
    try examination.artifacts.get().filter { !$0.isMissing }.map { problem in
      let mending: Finding.Mending =
        switch problem.kind {
        case .damaged where problem.isRestorable: .safe
        case .changed where problem.isRestorable: .deliberate
        case .missing, .changed, .damaged, .unreadable, .objectLost: .byHand
        }
      return Finding(
        .artifactChanged, .warning, problem.path, "\(problem)", mending,
        mending == .byHand
          ? problem.remedy : "puts the artifact back; what stands there goes into the backup")
    }
  } fix: { findings, session in
    let paths = Set(findings.map(\.subject))
    return try session.restore { !$0.isMissing && paths.contains($0.path) }
  }
}

extension ArtifactProblem {
  fileprivate var isMissing: Bool { kind == .missing || kind == .objectLost }
}

extension FixSession {
  /// Restores what `isMeant` lets through, with the old forms in the backup.
  fileprivate func restore(_ isMeant: (ArtifactProblem) -> Bool) throws -> [String] {
    let objects = try ObjectStore(at: layout.objects)
    let repair = ArtifactRepair(
      publisher: ArtifactPublisher(workspace: try Workspace(at: layout.root), objects: objects))
    let store = try SQLiteReader(path: layout.database)
    var done: [String] = []
    _ = try ArtifactVerifier(layout: layout, store: store).verify { problem in
      guard isMeant(problem), problem.isRestorable else { return }
      if problem.kind != .objectLost {
        try backup.copy(layout.absolute(problem.path), after: problem.expected.digest)
      }
      switch try repair.repair(problem, force: true) {
      case .restored: done.append("\(problem.path) is restored")
      case .sealed: done.append("the object behind \(problem.path) is made again")
      case .leftAlone: done.append("\(problem.path) changed meanwhile and is left alone")
      case .refused(let reason): done.append(reason)
      case .lost: done.append("\(problem.path) is lost: \(problem.remedy)")
      }
    }
    return done
  }
}
