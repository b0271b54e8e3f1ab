// Removes what nothing rests on any more: objects, leftovers of crashes, logs of superseded runs,
// old backups. Receipts, ledgers and whatever is young stay.

import BatchModel
import BatchStore
import DurableFiles
import Foundation
package import Resilience

/// What was, or would be, removed of one kind.
package struct Removal: Hashable, Sendable {
  package var what: String
  package var count = 0
  package var bytes: Int64 = 0
}

/// Collects the garbage of a workspace.
package struct GarbageCollection {
  /// A younger object may be the only copy of a file that was overwritten by request.
  package static let standardGrace = Duration.seconds(7 * 24 * 3600)
  private let layout: WorkspaceLayout
  private let grace: Duration
  private let isDryRun: Bool
  private let now: Instant

  package init(
    layout: WorkspaceLayout, grace: Duration = standardGrace, isDryRun: Bool = false,
    now: Instant = .wallClock
  ) {
    self.layout = layout
    self.grace = grace
    self.isDryRun = isDryRun
    self.now = now
  }

  /// - Throws: `OpenError.held` while an engine runs, `StoreError`, `FilesError`.
  package func collect() throws -> [Removal] {
    let workspace = try OpenWorkspace(layout)
    let result = Result { try collect(in: workspace) }
    try workspace.close()
    return try result.get()
  }

  private func collect(in workspace: OpenWorkspace) throws -> [Removal] {
    let store = workspace.store
    let runs = try store.runs(limit: 100_000).map { ($0.run, $0.state) }
    let open = try store.unendedAttempts(of: nil)
    return [
      try removeObjects(workspace.objects, keeping: NeededObjects(layout: layout, store: store)),
      try remove(
        "staging folders", StagingLeftovers(layout: layout).find(keeping: open).map(\.path)),
      try remove("logs and folders of superseded runs", remains(of: runs)),
      try remove("backups of fixes", oldBackups()), try remove("leftovers", leftovers()),
    ]
  }

  private func removeObjects(
    _ objects: ObjectStore, keeping needed: NeededObjects
  ) throws -> Removal {
    var removal = Removal(what: "objects")
    var garbage: [Digest] = []
    try objects.eachDigest { digest in
      guard !needed.digests.contains(digest), let size = sizeOfOld(objects.path(of: digest)) else {
        return
      }
      removal.count += 1
      removal.bytes += size
      garbage.append(digest)
    }
    guard !isDryRun else { return removal }
    for digest in garbage { try objects.remove(digest) }
    _ = try objects.removeLeftovers()
    return removal
  }

  private func remove(_ what: String, _ paths: [String]) throws -> Removal {
    var removal = Removal(what: what)
    for path in paths {
      removal.count += 1
      removal.bytes += Self.bytes(below: path)
      if !isDryRun { try FileTree.remove(path) }
    }
    return removal
  }

  /// Everything of a superseded run but its ledger, which a rebuild needs.
  private func remains(of runs: [(run: RunID, state: RunState)]) -> [String] {
    runs.filter { $0.state == .superseded }.flatMap { run, _ in
      let folder = layout.folder(of: run)
      return Self.names(in: folder).map { "\(folder)/\($0)" }
        .filter { $0 != layout.mirror(of: run) }
    }
  }

  private func oldBackups() -> [String] {
    FixManifests.all(layout).filter { _, manifest in
      let at = Instant(rfc3339: manifest.at)
      return manifest.isUndone || at.map { $0.duration(to: now) >= grace } ?? true
    }.map(\.folder)
  }

  /// Half-made files of commands that were killed, and requests that were none.
  private func leftovers() -> [String] {
    let state = Self.names(in: layout.state).filter { name in
      name.hasPrefix(PrivateFolder.temporaryPrefix) || name.hasPrefix("verify-")
        || name.hasPrefix("footplate.db.")
    }.map { "\(layout.state)/\($0)" }
    let requests = Self.names(in: layout.requests).filter { name in
      name.hasPrefix(PrivateFolder.temporaryPrefix) || name.hasSuffix(".refused")
    }.map { "\(layout.requests)/\($0)" }
    return (state + requests).filter { sizeOfOld($0) != nil }
  }

  /// The size of a file that is old enough to go.
  private func sizeOfOld(_ path: String) -> Int64? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    let changed = Instant(nanoseconds: FileStamp(status).changedNanoseconds)
    return changed.duration(to: now) >= grace ? Int64(status.st_size) : nil
  }

  private static func bytes(below path: String) -> Int64 {
    var status = stat()
    guard lstat(path, &status) == 0 else { return 0 }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Int64(status.st_size) }
    return names(in: path).reduce(0) { $0 + bytes(below: "\(path)/\($1)") }
  }

  private static func names(in folder: String) -> [String] {
    // A folder that is not there, or cannot be read, has nothing that could go.
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
