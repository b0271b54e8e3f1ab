// LEDGER_CORRUPT_LINE: a mirror of the ledger is not the store's; it is written again from the store.

import BatchModel
import BatchStore

extension DoctorCheck {
  static let ledgerCorruptLine = DoctorCheck(.ledgerCorruptLine) { examination in
    try examination.ledgerProblems(.ledgerCorruptLine).map { problem in
      Finding(
        .ledgerCorruptLine, .error, examination.layout.runs, "\(problem)", .safe,
        "writes the ledgers again from the store; the old ones go into the backup")
    }
  } fix: { _, session in
    try session.backup.saveStore()
    let mirrors = FixBackup.mirrors(session.layout)
    for mirror in mirrors { try session.backup.move(mirror) }
    // Opening the store appends what a mirror lacks: here everything.
    try session.withStore { _, _ in }
    return ["\(mirrors.count) ledgers are written again from the store"]
  }
}
