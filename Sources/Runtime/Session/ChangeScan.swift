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

  /// Queues finished items again that rest on one of the files, for their keys to be compared.
  ///
  /// - Parameter changed: what `changedPaths` found.
  /// - Returns: how many items were queued again.
  func recheck(_ changed: [String], in run: RunID) async throws -> Int {
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

  /// The files whose content is not what is remembered of them.
  ///
  /// A file whose stamp changed and whose content did not is no change: it is only read once more.
  /// It reads nothing of the run, so it can go on beside the comparison with the source.
  @concurrent func changedPaths() async throws -> [String] {
    let digests = FileDigests(root: root)
    let now = clock()
    var suspects: [String] = []
    try reader.forEachStampedFiles { suspects += digests.changedPaths(among: $0, at: now) }
    return try suspects.filter { path in
      try files.digest(of: path) != reader.fileDigest(of: path)?.digest
    }
  }

  private func remember() async throws {
    let learned = files.takeLearned()
    guard !learned.isEmpty else { return }
    try await queue.perform { store throws(StoreError) in try store.remember(learned) }
  }
}
