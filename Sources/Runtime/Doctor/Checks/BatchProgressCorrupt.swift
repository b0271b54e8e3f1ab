// BATCH_PROGRESS_CORRUPT: the store cannot be read, or is not what its ledger says; it is made again
// from the ledger's mirrors.

import BatchModel
import BatchStore
import DurableFiles
import Foundation

extension DoctorCheck {
  static let batchProgressCorrupt = DoctorCheck(.batchProgressCorrupt) { examination in
    let database = examination.layout.database
    func finding(_ sentence: String, _ mending: Finding.Mending) -> Finding {
      Finding(
        .batchProgressCorrupt, .error, database, sentence, mending,
        "rebuilds the store from the ledger; the old file goes into the backup")
    }
    if let damage = examination.damage { return [finding("it is damaged: \(damage)", .safe)] }
    if case .failure(.unavailable(_, let reason)) = examination.opening {
      return [
        Finding(
          .batchProgressCorrupt, .error, database, "it cannot be opened: \(reason)", .byHand,
          "check the file's owner and permissions")
      ]
    }
    if case .success(nil) = examination.opening {
      let mirrors = FixBackup.mirrors(examination.layout)
      return mirrors.isEmpty
        ? [] : [finding("it is gone, and \(mirrors.count) ledgers are there", .safe)]
    }
    // A ledger that is damaged itself gives another state: that says nothing against the store.
    let isLedgerWhole =
      try examination.ledgerProblems(.ledgerCorruptLine).isEmpty
      && examination.ledgerProblems(.ledgerBehind).isEmpty
    return try examination.ledgerProblems(.batchProgressCorrupt).compactMap { problem in
      if case .ahead = problem { return finding("\(problem)", .safe) }
      return isLedgerWhole ? finding("\(problem)", .deliberate) : nil
    }
  } fix: { _, session in
    try session.rebuildStore()
  }
}

extension FixSession {
  /// Makes the store again; the old file ends in the backup.
  fileprivate func rebuildStore() throws -> [String] {
    try backup.saveStore()
    let objects = try ObjectStore(at: layout.objects)
    let report = try StoreRebuilder(
      database: layout.database, mirrorFolder: layout.runs, objects: objects
    ).rebuild(at: now)
    if let damaged = report.backup {
      // The backup has a copy; the one beside the store would only take up room.
      for suffix in ["", "-wal", "-shm", "-journal"] { try FileTree.remove(damaged + suffix) }
    }
    try withStore { _, _ in }
    return ["the store is rebuilt from \(report.events) events"]
      + report.problems.map { "not brought back: \($0)" }
  }
}
