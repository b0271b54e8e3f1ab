// WAL_OVERSIZED: the store's write-ahead log grew past its bound, mostly because a reader never ends.

import BatchModel
import BatchStore
import Foundation

extension DoctorCheck {
  /// Past 64 MB the engine truncates it; twice that, it could not.
  private static let bytesMax: Int64 = 128 << 20

  static let walOversized = DoctorCheck(.walOversized) { examination in
    var status = stat()
    let path = examination.layout.database + "-wal"
    guard stat(path, &status) == 0, Int64(status.st_size) > bytesMax else { return [] }
    let size = status.st_size >> 20
    guard !examination.isEngineLive else {
      return [
        Finding(
          .walOversized, .warning, path, "it has \(size) MB, and the engine cannot empty it",
          .byHand, "leave the dashboards and commands that read the store without end")
      ]
    }
    return [
      Finding(
        .walOversized, .notice, path, "it has \(size) MB", .safe,
        "writes it into the store's file")
    ]
  } fix: { _, session in
    try session.backup.saveStore()
    try session.withStore { store, _ in try store.checkpoint() }
    return ["the log is written into the store's file"]
  }
}
