// Housekeeping of the SQLite form between transactions.

import Foundation

extension SQLiteStore {
  /// Past this a checkpoint is made even while work waits.
  private static let busyWALBytes = 64 << 20
  /// Past this it is made as soon as nothing waits.
  private static let idleWALBytes = 4 << 20

  package func maintain(isIdle: Bool) throws(StoreError) {
    // In the connection's queue: an engine that begins writes without the queue's thread.
    try exclusive { _ throws(StoreError) in try mirror?.syncWhenDue(isIdle: isIdle) }
    guard path != ":memory:" else { return }
    var status = stat()
    guard stat(path + "-wal", &status) == 0 else { return }
    if status.st_size > (isIdle ? Self.idleWALBytes : Self.busyWALBytes) { try checkpoint() }
  }
}
