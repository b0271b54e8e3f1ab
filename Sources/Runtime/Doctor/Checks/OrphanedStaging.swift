// ORPHANED_STAGING: folders of attempts that have ended.

import BatchModel
import BatchStore
import Executors

extension DoctorCheck {
  static let orphanedStaging = DoctorCheck(.orphanedStaging) { examination in
    guard !examination.isEngineLive, let store = examination.store else { return [] }
    let leftovers = try StagingLeftovers(layout: examination.layout)
      .find(keeping: try store.unendedAttempts(of: nil))
    guard let first = leftovers.first else { return [] }
    let rest = leftovers.count > 1 ? " and \(leftovers.count - 1) more" : ""
    return [
      Finding(
        .orphanedStaging, .notice, first.path,
        "the folder of an attempt that has ended was left behind\(rest)", .safe,
        "moves \(leftovers.count) folders into the backup",
        preview: leftovers.map(\.path))
    ]
  } fix: { _, session in
    let open = try SQLiteReader(path: session.layout.database).unendedAttempts(of: nil)
    let leftovers = StagingLeftovers(layout: session.layout).find(keeping: open)
    for leftover in leftovers { try session.backup.move(leftover.path) }
    return ["\(leftovers.count) staging folders are moved away"]
  }
}
