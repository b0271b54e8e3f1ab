// STALE_BATCH_PROGRESS: a run whose engine is gone, or that nobody went on with for a day.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience

extension DoctorCheck {
  private static let oldAge = Duration.seconds(24 * 3600)

  static let staleBatchProgress = DoctorCheck(.staleBatchProgress) { examination in
    guard !examination.isEngineLive, let store = examination.store else { return [] }
    return try store.runs(limit: 10_000).compactMap { summary in
      try finding(of: summary, store, now: examination.now)
    }
  } fix: { findings, session in
    try session.backup.saveStore()
    return try findings.flatMap { try session.release(RunID($0.subject)) }
  }

  private static func finding(
    of summary: RunSummary, _ store: any StoreReading, now: Instant
  ) throws -> Finding? {
    let age = summary.updatedAt.duration(to: now)
    let hours = age.nanosecondsClamped / 3_600_000_000_000
    let since = age >= oldAge ? ", last heard of \(hours) hours ago" : ""
    let left = summary.counts.total - summary.counts.ended
    switch summary.state {
    case .running:
      let open = try store.unendedAttempts(of: summary.run).count
      return Finding(
        .staleBatchProgress, .warning, summary.run.text,
        "its engine is gone, attempts under way: \(open)\(since)", .safe,
        "releases the run and queues what was under way again; footplate run does the same")
    case .paused, .stopped:
      guard age >= oldAge, left > 0 else { return nil }
      return Finding(
        .staleBatchProgress, .notice, summary.run.text,
        "\(summary.state.rawValue) with \(left) items left\(since)", .byHand,
        "footplate run goes on with it; footplate run --no-resume begins anew and keeps it")
    case .finished, .superseded: return nil
    }
  }
}

extension FixSession {
  /// What a new engine does first, without going on afterwards.
  fileprivate func release(_ run: RunID) throws -> [String] {
    try withStore { store, _ in
      let epoch = try store.beginEpoch(
        pid: Host.pid, bootID: Host.bootID, host: Host.name, at: now)
      // A definition that cannot be read is another check's finding.
      let definition = try? DefinitionFile.load(definitionPath)
      let count = try CrashRecovery(
        layout: layout, store: store, epoch: epoch, digest: definition?.written.digest,
        steps: definition?.batch.steps ?? []
      ).recover(run, at: now)
      let move = RunMoved(
        run: run, to: .stopped, why: "released by the doctor: its engine was gone",
        by: NSUserName())
      try store.apply([.runMoved(move)], of: run, at: now)
      return ["\(run) is released; \(count) attempts were looked after: footplate run goes on"]
    }
  }
}
