// What a dead engine left behind, looked at and put right before anything starts.

import BatchModel
import BatchStore
import DurableFiles
import Engine
import Executors
import Foundation
import Resilience

/// Recovery at an engine's start.
struct CrashRecovery {
  let layout: WorkspaceLayout
  let store: any StoreWriting
  let epoch: Epoch
  /// The definition that is at hand, and its steps; without them every open reservation is charged.
  var digest: Digest?
  var steps: [Step] = []

  /// Kills what still runs, clears what publications left in the workspace's folders, then puts
  /// every abandoned item back into the queue.
  ///
  /// - Returns: how many attempts were abandoned.
  func recover(_ run: RunID, at now: Instant) throws -> Int {
    _ = OrphanSweep(workspace: layout.root, epoch: epoch).sweep()
    let left = try store.openAttempts(of: run)
    let publisher = ArtifactPublisher(
      workspace: try Workspace(at: layout.root), objects: try ObjectStore(at: layout.objects))
    for intent in left.flatMap(\.publishing) { try publisher.removeLeftovers(of: intent) }
    let steps = try knownSteps(of: run)
    let abandoned = left.map { open in
      let step = steps.indices.contains(open.step) ? steps[open.step] : nil
      return Abandoned(
        attempt: open.attempt, item: open.item, step: open.step, tries: open.tries,
        evidence: evidence(of: open, in: run, at: step), reservation: open.reservation,
        model: open.model, review: open.review, repeatsUnknown: step?.repeatsUnknown ?? true)
    }
    let changes = Recovery.changes(for: abandoned)
    for start in stride(from: 0, to: changes.count, by: 1000) {
      let chunk = Array(changes[start..<min(start + 1000, changes.count)])
      try store.apply(chunk, of: run, at: now)
    }
    return abandoned.count
  }

  /// A process is started only in its staging folder, so an attempt without one never ran.
  private func evidence(
    of open: OpenAttempt, in run: RunID, at step: Step?
  ) -> Abandoned.Evidence {
    if open.hasResult { return .hasResult }
    if open.pid != nil { return .mayHaveRun }
    // A call leaves no trace before its answer: it may have been sent.
    if open.reservation != nil, step?.isProcess != true { return .mayHaveRun }
    let staging = "\(layout.staging(of: run))/\(open.attempt)-\(open.epoch)"
    return FileManager.default.fileExists(atPath: staging) ? .mayHaveRun : .neverLaunched
  }

  /// The steps that the run's attempts are of; none for a run of another definition.
  private func knownSteps(of run: RunID) throws -> [Step] {
    try store.summary(of: run)?.definition == digest ? steps : []
  }
}

extension Step {
  fileprivate var isProcess: Bool {
    if case .llm = kind { return false }
    return true
  }
}
