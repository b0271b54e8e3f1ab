// BATCH_PROGRESS_CORRUPT: the store cannot be read, or is not what its ledger says; it is made again
// from the ledger's mirrors.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Foundation

extension DoctorCheck {
  static let batchProgressCorrupt = DoctorCheck(.batchProgressCorrupt) { examination in
    if let damage = examination.damage {
      return [examination.destroyed("it is damaged: \(damage)")]
    }
    if case .failure(.unavailable(_, let reason)) = examination.opening {
      return [
        Finding(
          .batchProgressCorrupt, .error, examination.layout.database,
          "it cannot be opened: \(reason)", .byHand, "check the file's owner and permissions")
      ]
    }
    if case .success(nil) = examination.opening {
      let count = examination.mirrorCount
      return count == 0 ? [] : [examination.destroyed("it is gone, and \(count) ledgers are there")]
    }
    do {
      return try examination.unlikeItsLedger()
    } catch StoreError.corrupt(let path, let reason) where path == examination.layout.database {
      return [examination.destroyed("it is damaged: \(reason)")]
    }
  } fix: { _, session in
    try session.rebuildStore()
  }
}

extension Examination {
  fileprivate var mirrorCount: Int { FixBackup.mirrors(layout).count }

  /// A store that only the ledgers can bring back, if there are any.
  fileprivate func destroyed(_ sentence: String) -> Finding {
    guard mirrorCount > 0 else {
      return Finding(
        .batchProgressCorrupt, .error, layout.database,
        "\(sentence); no ledger is left to make it again from: every receipt is lost", .byHand,
        "move it away; footplate run begins anew, and what the steps published stays")
    }
    return Finding(
      .batchProgressCorrupt, .error, layout.database, sentence, .safe,
      "rebuilds the store from the ledger; the old file goes into the backup")
  }

  /// A store that can be read and is not what its ledger says.
  fileprivate func unlikeItsLedger() throws -> [Finding] {
    // A ledger that is damaged itself gives another state: that says nothing against the store.
    let isLedgerWhole =
      try ledgerProblems(.ledgerCorruptLine).isEmpty && ledgerProblems(.ledgerBehind).isEmpty
    let problems = try ledgerProblems(.batchProgressCorrupt).filter { problem in
      if case .ahead = problem { true } else { isLedgerWhole }
    }
    let findings = problems.map { destroyed("\($0)") }
    guard findings.isEmpty, let store,
      let file = try RememberedDigests(root: layout.root, store: store).misleading()
    else { return findings }
    return [destroyed("what it remembers of \(file) is not what the file holds")]
  }
}

extension FixSession {
  /// Makes the store again; the old file ends in the backup.
  fileprivate func rebuildStore() throws -> [String] {
    try backup.saveStore()
    let objects = try ObjectStore(at: layout.objects)
    let report = try StoreRebuilder(
      database: layout.database, mirrorFolder: layout.runs, objects: objects,
      definition: definition?.written
    ).rebuild(at: now)
    if let damaged = report.backup {
      // The backup has a copy; the one beside the store would only take up room.
      for suffix in ["", "-wal", "-shm", "-journal"] { try FileTree.remove(damaged + suffix) }
    }
    try setAsideLostRuns()
    try withStore { _, _ in }
    let outbox =
      report.knowsOutbox == false
      ? [
        "how far the sink of events was is lost: it gets the run's events again, and tells repeats "
          + "by their ids"
      ] : []
    return ["the store is rebuilt from \(report.events) events, with \(report.receipts) receipts"]
      + Self.told(report.problems) + outbox
  }

  /// More would bury what matters.
  private static let lossesMax = 1_000

  /// What is lost, a sentence each.
  private static func told(_ problems: [LedgerProblem]) -> [String] {
    let shown = problems.prefix(lossesMax).map { "not brought back: \($0)" }
    let rest = problems.count - shown.count
    return shown + (rest > 0 ? ["not brought back: \(rest) more events"] : [])
  }

  /// A ledger of which not even the run came back would keep the store from being opened.
  private func setAsideLostRuns() throws {
    let known = Set(
      try SQLiteReader(path: layout.database).runs(limit: 100_000).map { layout.mirror(of: $0.run) }
    )
    for mirror in FixBackup.mirrors(layout) where !known.contains(mirror) {
      try backup.move(mirror)
    }
  }
}
