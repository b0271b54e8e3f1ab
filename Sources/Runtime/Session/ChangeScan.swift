// Files that changed since their digests were taken, and the finished items that rest on them.

import BatchDefinition
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

  /// What a scan found.
  struct Changes: Sendable {
    /// Files whose content is not what is remembered of them.
    var paths: [String] = []
    /// What globs match now that matched something else before.
    var listings: [FileListing] = []
  }

  /// Queues finished items again that rest on what changed, for their keys to be compared.
  ///
  /// - Returns: how many items were queued again.
  func recheck(_ changes: Changes, in run: RunID) async throws -> Int {
    try await files.remember(in: queue)
    if !changes.listings.isEmpty {
      try await queue.perform { store throws(StoreError) in try store.remember(changes.listings) }
    }
    var rechecked = 0
    for start in stride(from: 0, to: changes.paths.count, by: Self.chunk) {
      let paths = Array(changes.paths[start..<min(start + Self.chunk, changes.paths.count)])
      let now = clock()
      rechecked += try await queue.perform { store throws(StoreError) in
        try store.recheck(paths: paths, of: run, at: now)
      }
    }
    let now = clock()
    return try await rechecked
      + queue.perform { store throws(StoreError) in try store.recheckStale(of: run, at: now) }
  }

  /// Compares the files and what globs match with what is remembered of them.
  ///
  /// A file whose stamp changed and whose content did not is no change: it is only read once more.
  /// It reads nothing of the run, so it can go on beside the comparison with the source.
  @concurrent func changes() async throws -> Changes {
    let digests = FileDigests(root: root)
    let now = clock()
    var suspects: [String] = []
    try reader.forEachStampedFiles { suspects += digests.changedPaths(among: $0, at: now) }
    var changes = Changes()
    for start in stride(from: 0, to: suspects.count, by: Self.chunk) {
      let chunk = suspects[start..<min(start + Self.chunk, suspects.count)]
      changes.paths += try chunk.filter { path in
        try files.digest(of: path) != reader.fileDigest(of: path)?.digest
      }
      // A fresh checkout makes every file a suspect: what was read is not read again next time.
      if chunk.endIndex < suspects.count { try await files.remember(in: queue) }
    }
    // A file that is new has no digest yet: it is found by the list that it joins.
    let globs = GlobFiles(below: root, renderer: TemplateRenderer())
    try reader.forEachListings { listings in
      for known in listings {
        var found = FileListing(glob: known.glob, paths: try globs.paths(matching: known.glob))
        // Of many files none is noted by itself: the glob stands for each of them.
        if found.isLong || known.isLong {
          let pattern = try GlobPattern(known.glob)
          found.isChanged = changes.paths.contains { pattern.matchesPath($0) }
        }
        if found != known { changes.listings.append(found) }
      }
    }
    return changes
  }
}

extension WorkspaceFiles {
  /// Has the store remember what was learned since the last call.
  func remember(in queue: WriteQueue) async throws(StoreError) {
    let digests = takeLearned()
    let listings = takeLearnedListings()
    guard !digests.isEmpty || !listings.isEmpty else { return }
    try await queue.perform { store throws(StoreError) in
      if !digests.isEmpty { try store.remember(digests) }
      if !listings.isEmpty { try store.remember(listings) }
    }
  }
}
