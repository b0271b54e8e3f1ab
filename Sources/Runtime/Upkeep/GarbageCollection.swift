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
  private let logAge: Duration?
  private let bytesMax: Int64?
  private let isDryRun: Bool
  private let now: Instant

  /// - Parameters:
  ///   - logAge: Logs of ended attempts that are older go; `nil` keeps them.
  ///   - bytesMax: While `.footplate` is larger, logs of ended attempts go and then objects within
  ///     their grace, the oldest first; `nil` is no bound.
  package init(
    layout: WorkspaceLayout, grace: Duration = standardGrace, logAge: Duration? = nil,
    bytesMax: Int64? = nil, isDryRun: Bool = false, now: Instant = .wallClock
  ) {
    self.layout = layout
    self.grace = grace
    self.logAge = logAge
    self.bytesMax = bytesMax
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
    let needed = try NeededObjects(layout: layout, store: store)
    var removals = [
      try removeObjects(workspace.objects, keeping: needed),
      try remove(
        "staging folders", StagingLeftovers(layout: layout).find(keeping: open).map(\.path)),
      try remove("logs and folders of superseded runs", remains(of: runs)),
      try remove("backups of fixes", oldBackups()), try remove("leftovers", leftovers()),
    ]
    var logs = logs(of: runs.map { $0.0 }, keeping: open)
    if let logAge {
      let young = logs.partition { $0.changed.duration(to: now) < logAge }
      removals.append(try remove("old logs", logs[..<young].map(\.path)))
      logs.removeFirst(young)
    }
    guard let bytesMax else { return removals }
    let size = Self.size(of: layout) - (isDryRun ? removals.reduce(0) { $0 + $1.bytes } : 0)
    let objects = try garbage(workspace.objects, keeping: needed)
      .compactMap { StoredFile(workspace.objects.path(of: $0)) }
    return try removals + makeRoom(size - bytesMax, from: logs, then: objects)
  }

  /// Removes what is the least missed, the oldest first, until so many bytes are free.
  private func makeRoom(
    _ bytes: Int64, from logs: [StoredFile], then objects: [StoredFile]
  ) throws -> [Removal] {
    var left = bytes
    return try [("logs, for room", logs), ("young objects, for room", objects)].map { what, files in
      var chosen: [StoredFile] = []
      for file in files.sorted(by: { $0.changed < $1.changed }) where left > 0 {
        chosen.append(file)
        left -= file.bytes
      }
      return try remove(what, chosen.map(\.path))
    }
  }

  /// The size of everything that the batch keeps, in bytes.
  package static func size(of layout: WorkspaceLayout) -> Int64 { bytes(below: layout.state) }

  /// The logs of attempts that have ended.
  private func logs(of runs: [RunID], keeping open: [AttemptID]) -> [StoredFile] {
    let open = Set(open.map { String($0.number) })
    return runs.flatMap { run in
      let folder = layout.logs(of: run)
      return Self.names(in: folder)
        .filter { name in !open.contains(String(name.prefix { $0.isNumber })) }
        .compactMap { StoredFile("\(folder)/\($0)") }
    }
  }

  /// Objects that nothing rests on, whatever their age.
  private func garbage(
    _ objects: ObjectStore, keeping needed: NeededObjects
  ) throws -> [Digest] {
    var found: [Digest] = []
    try objects.eachDigest { if !needed.digests.contains($0) { found.append($0) } }
    return found
  }

  private func removeObjects(
    _ objects: ObjectStore, keeping needed: NeededObjects
  ) throws -> Removal {
    var removal = Removal(what: "objects")
    for digest in try garbage(objects, keeping: needed) {
      guard let size = sizeOfOld(objects.path(of: digest)) else { continue }
      removal.count += 1
      removal.bytes += size
      if !isDryRun { try objects.remove(digest) }
    }
    guard !isDryRun else { return removal }
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
    guard let file = StoredFile(path), file.changed.duration(to: now) >= grace else { return nil }
    return file.bytes
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

/// A file of the state, when it was changed, and its size.
private struct StoredFile {
  let path: String
  let changed: Instant
  let bytes: Int64

  /// `nil` when there is none any more.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.path = path
    changed = Instant(nanoseconds: FileStamp(status).changedNanoseconds)
    bytes = Int64(status.st_size)
  }
}
