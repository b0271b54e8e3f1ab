// The snapshot of a workspace: walked once, digested by all cores, in constant memory a file.

package import BatchModel
import CSpawn
import Dispatch
import FoundationEssentials
import Glibc
package import Resilience
import Synchronization

/// A workspace's manifest and what came up while it was made.
package struct WorkspaceSnapshot: Sendable {
  package var manifest: SnapshotManifest
  /// What is missing from the manifest, by path.
  package var problems: [SnapshotProblem]
  /// Digests that were computed and may be trusted for as long as their stamps stay, by path.
  package var computed: [FileDigest]

  /// Takes the snapshot of the folder at `root`; blocks, and uses all cores.
  ///
  /// - Parameters:
  ///   - lookup: The remembered digest of a path (relative to the root) under a stamp; called from
  ///     several threads at once. It must know only what was trustworthy when it was remembered.
  package static func take(
    of root: String, rules: SnapshotRules = SnapshotRules(), at now: Instant,
    lookup: @Sendable (String, FileStamp) -> Digest? = { _, _ in nil }
  ) throws(FilesError) -> WorkspaceSnapshot {
    let folder = try Descriptor(opening: root, O_RDONLY | O_DIRECTORY)
    var walk = SnapshotWalk(root: folder.number, rules: rules)
    walk.run()
    var outcome = digest(walk.found, in: folder.number, at: now, lookup)
    outcome.problems += walk.problems
    return WorkspaceSnapshot(
      manifest: SnapshotManifest(outcome.entries),
      problems: outcome.problems.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) },
      computed: outcome.computed.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
  }

  private struct Part {
    var entries: [SnapshotEntry] = []
    var problems: [SnapshotProblem] = []
    var computed: [FileDigest] = []

    mutating func add(_ other: Part) {
      entries += other.entries
      problems += other.problems
      computed += other.computed
    }
  }

  /// So many files are taken at a time: one huge file must not leave the other cores idle.
  private static let chunkFiles = 64

  private static func digest(
    _ found: [SnapshotWalk.Found], in folder: Int32, at now: Instant,
    _ lookup: @Sendable (String, FileStamp) -> Digest?
  ) -> Part {
    let whole = Mutex(Part())
    let next = Atomic(0)
    let chunkCount = (found.count + chunkFiles - 1) / chunkFiles
    let threadCount = min(ProcessInfo.processInfo.activeProcessorCount, max(1, chunkCount))
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      var part = Part()
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunkCount else { break }
        let start = chunk * chunkFiles
        for entry in found[start..<min(start + chunkFiles, found.count)] {
          take(entry, in: folder, at: now, lookup, into: &part)
        }
      }
      let done = part
      whole.withLock { $0.add(done) }
    }
    return whole.withLock { $0 }
  }

  private static func take(
    _ found: SnapshotWalk.Found, in folder: Int32, at now: Instant,
    _ lookup: (String, FileStamp) -> Digest?, into part: inout Part
  ) {
    do throws(FilesError) {
      switch found.kind {
      case .link:
        if let target = try SnapshotLink.target(of: found.path, in: folder) {
          part.entries.append(SnapshotEntry(path: found.path, content: .link(target: target)))
        }
      case .file: try takeFile(found.path, in: folder, at: now, lookup, into: &part)
      }
    } catch {
      // One that is gone meanwhile is none of the snapshot's.
      if case .system(_, _, ENOENT) = error { return }
      part.problems.append(SnapshotProblem(path: found.path, reason: "\(error)"))
    }
  }

  private static func takeFile(
    _ path: String, in folder: Int32, at now: Instant,
    _ lookup: (String, FileStamp) -> Digest?, into part: inout Part
  ) throws(FilesError) {
    var status = stat()
    guard fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw .last("look at", path)
    }
    let stamp = FileStamp(status)
    if status.isFile, FileDigests.isTrustworthy(stamp, at: now), let known = lookup(path, stamp) {
      part.entries.append(entry(path, known, status))
      return
    }
    let number = cs_open_beneath(folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard number >= 0 else { throw .last("open", path) }
    let file = Descriptor(owning: number)
    for _ in 1...3 {
      let before = try file.status(path: path)
      lseek(file.number, 0, SEEK_SET)
      let object = try FileHasher.object(in: file, path: path)
      let after = FileStamp(try file.status(path: path))
      guard after == FileStamp(before) else { continue }
      part.entries.append(entry(path, object.digest, before))
      if FileDigests.isTrustworthy(after, at: now) {
        part.computed.append(FileDigest(path: path, stamp: after, digest: object.digest))
      }
      return
    }
    throw .keepsChanging(path)
  }

  private static func entry(_ path: String, _ digest: Digest, _ status: stat) -> SnapshotEntry {
    SnapshotEntry(
      path: path,
      content: .file(
        digest: digest, sizeBytes: Int64(status.st_size),
        isExecutable: status.st_mode & S_IXUSR != 0))
  }
}
