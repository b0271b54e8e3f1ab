// Files that changed since their digests were taken, and the finished items that rest on them.

import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// Compares what is remembered of files with what is on disk.
struct ChangeScan {
  private static let chunk = 5_000
  let files: WorkspaceFiles
  let root: String
  let reader: any StoreReading
  let queue: WriteQueue
  let clock: @Sendable () -> Instant

  /// Queues finished items again whose files changed, for their keys to be compared.
  ///
  /// A file whose stamp changed and whose content did not is no change: it is only read once more.
  ///
  /// - Returns: how many items were queued again.
  func recheckChanged(in run: RunID) async throws -> Int {
    let changed = try changedPaths()
    try await remember()
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

  private func changedPaths() throws -> [String] {
    var known: [FileDigest] = []
    try reader.forEachFileDigest { known.append($0) }
    let suspects = FileDigests(root: root).changedPaths(among: known, at: clock())
    // Both are in the order of `known`.
    var rest = known[...]
    return try suspects.filter { path in
      rest = rest.drop { $0.path != path }
      return try files.digest(of: path) != rest.first?.digest
    }
  }

  private func remember() async throws {
    let learned = files.takeLearned()
    guard !learned.isEmpty else { return }
    try await queue.perform { store throws(StoreError) in try store.remember(learned) }
  }
}
