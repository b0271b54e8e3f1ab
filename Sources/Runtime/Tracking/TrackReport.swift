// `footplate track stats`.

import BatchModel
import BatchStore
import Foundation
import Tracking

/// What was tracked, and what waits to be taken up.
package struct TrackReport: Codable {
  package let schemaVersion: Int
  package let recorded: Int
  package let repeated: Int
  package let files: Int
  package let waiting: Int
  package let refused: Int
  package let dropped: Int
  package let byAction: [String: Int]
  package let byLanguage: [String: Int]
  package let bySource: [String: Int]

  /// - Throws: `StoreError` when there is a store and it cannot be read.
  package init(_ layout: WorkspaceLayout) throws {
    schemaVersion = 1
    var figures = TrackFigures()
    if FileManager.default.fileExists(atPath: layout.database) {
      figures = try SQLiteReader(path: layout.database).trackFigures()
    }
    let spool = try TrackSpool(layout.tracking).figures()
    recorded = figures.recorded
    repeated = figures.repeated
    files = figures.files
    waiting = spool.waiting
    refused = spool.refused
    dropped = spool.dropped
    byAction = figures.byAction
    byLanguage = figures.byLanguage
    bySource = figures.bySource
  }
}
