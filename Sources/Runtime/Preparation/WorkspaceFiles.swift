// The workspace's files for keys and templates, with digests cached by stamp.

package import BatchDefinition
package import BatchModel
package import BatchStore
import DurableFiles
import Foundation
import Glibc
import Resilience
import Synchronization

/// Reads files below a root.
///
/// A digest is taken again only when the file's stamp changed.
package final class WorkspaceFiles: InputFiles {
  private let root: String
  private let digests: FileDigests
  private let store: any StoreReading
  private let renderer: TemplateRenderer
  private let learned = Mutex<[String: FileDigest]>([:])
  private let learnedListings = Mutex<[String: FileListing]>([:])
  /// Digests of files that many items share, so that each is not asked of the store again.
  private let recent = Mutex<[String: FileDigest]>([:])
  private static let recentMax = 4096
  private let listed = Mutex<[String: (at: Instant, paths: [String])]>([:])
  private static let listedMax = 256
  private static let listedFor = Duration.seconds(1)
  /// Texts above this are refused: they would end in a command's arguments.
  private static let textBytesMax = 16 << 20
  /// Digests that wait to be remembered; past it the oldest batch is simply recomputed one day.
  private static let learnedMax = 100_000

  package init(root: String, store: any StoreReading, renderer: TemplateRenderer) {
    self.root = root
    digests = FileDigests(root: root)
    self.store = store
    self.renderer = renderer
  }

  package func digest(of path: String) throws -> Digest? {
    let now = Instant.wallClock
    do {
      let entry = try digests.digest(
        of: path, at: now, lookup: { try known($0) }, remember: { learn($0) })
      if !FileDigests.isTrustworthy(entry.stamp, at: now) { note(path, entry.digest) }
      return entry.digest
    } catch FilesError.system(_, _, ENOENT), FilesError.system(_, _, ENOTDIR) {
      return nil
    }
  }

  /// Remembers a digest whose stamp cannot be trusted yet: the next comparison reads the file again.
  func note(_ path: String, _ digest: Digest) {
    learn(FileDigest(path: path, stamp: .unsettled, digest: digest))
  }

  package func isFile(_ path: String) -> Bool {
    guard !path.isEmpty, !path.hasPrefix("/"), !path.hasPrefix(".footplate/"),
      path.utf8.count < 4096
    else { return false }
    var status = stat()
    return lstat(absolute(path), &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  package func matches(of glob: String) throws -> [String] {
    let now = Instant.wallClock
    if let found = listed.withLock({ $0[glob] }), found.at.duration(to: now) < Self.listedFor {
      return found.paths
    }
    let paths = try GlobFiles(below: root, renderer: renderer).paths(matching: glob)
    let before = listed.withLock { listed in
      let before = listed[glob]
      if listed.count >= Self.listedMax { listed.removeAll() }
      listed[glob] = (now, paths)
      return before
    }
    learn(
      FileListing(glob: glob, paths: paths, isChanged: before.map { $0.paths != paths } ?? false))
    return paths
  }

  package func text(of path: String) throws -> String {
    let full = absolute(path)
    guard let stamp = try digests.stamp(of: path) else {
      throw PreparationError.missingInput(path: path)
    }
    guard stamp.sizeBytes <= Self.textBytesMax else {
      throw PreparationError.textTooLarge(path: path, bytes: stamp.sizeBytes)
    }
    return try String(contentsOfFile: full, encoding: .utf8)
  }

  /// The digests that were taken since the last call, for the store to remember.
  package func takeLearned() -> [FileDigest] {
    learned.withLock { learned in
      defer { learned.removeAll(keepingCapacity: true) }
      return learned.values.sorted { $0.path < $1.path }
    }
  }

  /// The same for what globs matched.
  package func takeLearnedListings() -> [FileListing] {
    learnedListings.withLock { learned in
      defer { learned.removeAll(keepingCapacity: true) }
      return learned.values.sorted { $0.glob < $1.glob }
    }
  }

  private func learn(_ listing: FileListing) {
    learnedListings.withLock { learned in
      guard learned.count < Self.learnedMax else { return }
      var listing = listing
      if let before = learned[listing.glob] {
        listing.isChanged =
          listing.isChanged || before.isChanged || before.digest != listing.digest
      }
      learned[listing.glob] = listing
    }
  }

  private func known(_ path: String) throws -> FileDigest? {
    if let fresh = learned.withLock({ $0[path] }) ?? recent.withLock({ $0[path] }) { return fresh }
    guard let stored = try store.fileDigest(of: path) else { return nil }
    recall(stored)
    return stored
  }

  private func recall(_ digest: FileDigest) {
    recent.withLock { recent in
      if recent.count >= Self.recentMax { recent.removeAll() }
      recent[digest.path] = digest
    }
  }

  /// What was remembered of the file before tells whether it changed: items that were done with its
  /// older form are compared again by the next engine.
  private func learn(_ digest: FileDigest) {
    let before = recent.withLock { $0[digest.path] }
    recall(digest)
    let isChanged = learned.withLock { learned in
      guard learned.count < Self.learnedMax else { return false }
      var digest = digest
      let waiting = learned[digest.path]
      digest.isChanged =
        waiting?.isChanged == true
        || [before, waiting].contains { known in
          known.map { $0.digest != digest.digest } ?? false
        }
      learned[digest.path] = digest
      return digest.isChanged
    }
    if isChanged { noteChange(of: digest.path) }
  }

  /// Of the many files of a long list none is noted by itself: the glob stands for each of them.
  private func noteChange(of path: String) {
    let lists = listed.withLock { listed in
      listed.filter { $0.value.paths.count > FileList.namedMax && $0.value.paths.contains(path) }
    }
    for (glob, list) in lists { learn(FileListing(glob: glob, paths: list.paths, isChanged: true)) }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(root)/\(path)"
  }
}

extension FileStamp {
  /// The stamp that no file has.
  fileprivate static let unsettled = FileStamp(
    sizeBytes: -1, modifiedNanoseconds: 0, changedNanoseconds: 0, inode: 0)
}
