// COUNTS_DRIFT: the counts that the header shows are not those of the items.

import BatchModel
import BatchStore

extension DoctorCheck {
  static let countsDrift = DoctorCheck(.countsDrift) { examination in
    try examination.ledgerProblems(.countsDrift).map { problem in
      Finding(
        .countsDrift, .error, examination.layout.database, "\(problem)", .safe,
        "counts the items again")
    }
  } fix: { _, session in
    try session.backup.saveStore()
    let runs = try session.withStore { store, _ in try store.recount() }
    return runs.map { "the items of \($0) are counted again" }
  }
}
