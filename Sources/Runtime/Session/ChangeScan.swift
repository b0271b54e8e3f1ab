// Files that changed since their digests were taken, and the finished items that rest on them.

import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// Compares the remembered stamps with what is on disk.
struct ChangeScan {
  private static let chunk = 5_000
  let layout: WorkspaceLayout
  let reader: any StoreReading
  let queue: WriteQueue
  let clock: @Sendable () -> Instant

  /// Queues finished items again whose files changed, for their keys to be compared.
  ///
  /// - Returns: how many items were queued again.
  func recheckChanged(in run: RunID) async throws -> Int {
    let digests = FileDigests(root: layout.root)
    var known: [FileDigest] = []
    try reader.forEachFileDigest { known.append($0) }
    let changed = digests.changedPaths(among: known, at: clock())
    var rechecked = 0
    for start in stride(from: 0, to: changed.count, by: Self.chunk) {
      let paths = Array(changed[start..<min(start + Self.chunk, changed.count)])
      let now = clock()
      rechecked += try await queue.perform { store throws(StoreError) in
        try store.recheck(paths: paths, of: run, at: now)
      }
    }
    return rechecked
  }
}
