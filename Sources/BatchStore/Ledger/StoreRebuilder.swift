// A lost or damaged database, made again from the ledgers and the objects.

package import BatchModel
import Foundation
package import Resilience

/// What a rebuild did.
package struct RebuildReport: Hashable, Sendable {
  /// Events that were replayed.
  package var events: Int
  /// Receipts that are there again.
  package var receipts: Int
  /// What could not be brought back.
  package var problems: [LedgerProblem]
  /// Whether it is known how far the sinks of events were; `nil` when there is no sink.
  package var knowsOutbox: Bool?
  /// Where the old file was put, its log beside it; `nil` when there was none.
  package var backup: String?
}

/// Rebuilds a store's file.
///
/// Needs the workspace's lock: nobody else may write.
package struct StoreRebuilder {
  private let database: String
  private let mirrorFolder: String
  private let objects: any ObjectStoring

  private let definition: Batch?

  /// - Parameter definition: The one at hand: what a run is taken to have begun with of which the
  ///   ledger has lost the beginning.
  package init(
    database: String, mirrorFolder: String, objects: any ObjectStoring, definition: Batch? = nil
  ) {
    self.definition = definition
    self.database = database
    self.mirrorFolder = mirrorFolder
    self.objects = objects
  }

  /// Replays the ledgers into a new file, puts the old one aside, and the new one in its place.
  ///
  /// Until the last step the old file stands untouched; a crash leaves it, or the new one, whole.
  /// Caches and marks are not in a ledger: file digests are read again, trial items marked again.
  package func rebuild(at now: Instant) throws(StoreError) -> RebuildReport {
    let fresh = StoreFile(path: database + ".rebuilding")
    fresh.remove()
    let store = try SQLiteStore(
      path: fresh.path, objects: objects, mirrorFolder: nil, durability: .none)
    var merge = try LedgerMerge(folder: mirrorFolder, objects: objects)
    if let definition {
      do {
        _ = try objects.put(Array(definition.canonicalText.utf8))
      } catch {
        throw .wrapping(error, path: "objects")
      }
    }
    var replay = LedgerReplay(into: store, fillsGaps: true, definition: definition)
    try replay.run(&merge)
    let known = try takeOver(store)
    let receipts = try store.receiptCount()
    try store.checkpoint()
    try store.close()
    try fresh.sync()
    let backup = try StoreFile(path: database).moveAside(suffix: ".damaged-\(now.milliseconds)")
    try fresh.rename(to: database)
    return RebuildReport(
      events: replay.events, receipts: receipts,
      problems: (merge.problems + replay.problems).filter(\.isLoss), knowsOutbox: known,
      backup: backup)
  }

  /// Keeps of the old file how far the sinks were, which no ledger tells, if that can be read.
  private func takeOver(_ store: SQLiteStore) throws(StoreError) -> Bool? {
    guard let newest = try store.runs(limit: 1).first?.run,
      try store.batch(of: newest)?.events != nil
    else { return nil }
    do throws(StoreError) {
      let old = try SQLiteReader(path: database)
      let cursors = try old.outboxCursors()
      for cursor in cursors {
        try store.adopt(cursor, refused: old.outboxRefusals(of: cursor.sink, limit: 10_000))
      }
      return !cursors.isEmpty
    } catch {
      // It is damaged: that is why there is a new one.
      return false
    }
  }
}
