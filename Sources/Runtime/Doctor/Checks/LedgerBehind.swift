// LEDGER_BEHIND: a mirror ends before the store does, or within a line: a crash came between.

import BatchModel
import BatchStore

extension DoctorCheck {
  static let ledgerBehind = DoctorCheck(.ledgerBehind) { examination in
    try examination.ledgerProblems(.ledgerBehind).map { problem in
      Finding(
        .ledgerBehind, .warning, examination.layout.runs, "\(problem)", .safe,
        "cuts what is no whole line and appends the events that the store has")
    }
  } fix: { _, session in
    for mirror in FixBackup.mirrors(session.layout) { try session.backup.copy(mirror) }
    try session.withStore { _, _ in }
    return ["the ledgers are as long as the store's"]
  }
}
