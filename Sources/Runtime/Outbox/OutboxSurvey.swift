// The outbox's figures from the store alone, while nobody delivers.

import BatchModel
import BatchStore
import Outbox
import Resilience

extension StoreReading {
  /// What waits for a sink; `nil` when the store knows no sink.
  ///
  /// *Cost*: reads what waits, in pages.
  ///
  /// - Parameter sink: the sink that is meant; without one the newest.
  func outboxFigures(
    of sink: EventSink?, at now: Instant
  ) throws(StoreError) -> OutboxFigures? {
    let cursors = try outboxCursors()
    guard let cursor = cursors.first(where: { $0.sink == sink?.url }) ?? cursors.first else {
      return nil
    }
    var backlog = Backlog(cursor)
    var oldest: Instant?
    try backlog.count(in: self) { page in
      oldest = oldest ?? page.first { cursor.isPending($0) }?.at
    }
    return OutboxFigures(
      cursor: cursor, pending: backlog.pending, sizeBytes: backlog.sizeBytes,
      sizeBytesMax: (sink ?? EventSink(url: cursor.sink)).spoolBytesMax, oldest: oldest, at: now)
  }
}
