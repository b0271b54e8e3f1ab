// Step 7 of "From dispatch to done": a sealed object appears at its target, whole or not at all.

package import BatchModel
import CSpawn
import Glibc

/// How a publication went.
package enum PublishOutcome: Hashable, Sendable {
  /// The artifact stands; `kept` is the old form of a file that was overwritten by request.
  case published(FileStamp, kept: SealedObject?)
  /// The artifact stood there already, as it does when step 7 is repeated after a crash.
  case alreadyPublished(FileStamp)
  /// Neither what the intent replaces nor the new content stands there: nothing was written.
  case targetChanged(found: TargetContent)
}

/// Publishes sealed objects in a workspace.
///
/// Threads may publish at the same time, also to one path: then one wins whole and the others find
/// the target changed.
package struct ArtifactPublisher: Sendable {
  package let workspace: Workspace
  package let objects: ObjectStore

  package init(workspace: Workspace, objects: ObjectStore) {
    self.workspace = workspace
    self.objects = objects
  }

  /// What stands at `path` now: the `replaces` of the next intent.
  package func currentContent(of path: String) throws(FilesError) -> TargetContent {
    try workspace.currentContent(of: WorkspacePath(path))
  }

  /// Keeps what stands at `path` as an object; `nil` when nothing does.
  package func keepStanding(at path: String) throws(FilesError) -> SealedObject? {
    let path = try WorkspacePath(path)
    guard let folder = try workspace.folder(of: path) else { return nil }
    return try keep(path, in: folder, workspace.standing(path, in: folder))
  }

  /// Publishes one intent, durably; it may be repeated any number of times.
  ///
  /// - Parameter overwriting: A target that changed is overwritten too, its old form kept as an
  ///   object.
  package func publish(
    _ intent: PublishIntent, overwriting: Bool = false
  ) throws(FilesError) -> PublishOutcome {
    let path = try WorkspacePath(intent.path)
    let folder = try workspace.makeFolder(of: path)
    // Each round loses against another writer of the same path; five in a row is a quarrel.
    for _ in 1...5 {
      let found = try workspace.standing(path, in: folder)
      if found.content == .file(intent.object.digest), let status = found.status {
        try syncStanding(path, in: folder)
        return .alreadyPublished(FileStamp(status))
      }
      let isExpected = found.content == intent.replaces
      guard isExpected || overwriting else { return .targetChanged(found: found.content) }
      let kept = isExpected ? nil : try keep(path, in: folder, found)
      if let stamp = try replace(path, in: folder, found, with: intent.object) {
        return .published(stamp, kept: kept)
      }
    }
    return .targetChanged(found: try workspace.standing(path, in: folder).content)
  }

  /// Removes the temporary files of publications to this target that a crash cut short, and keeps
  /// each as an object: between an exchange and its undoing it is a person's version.
  ///
  /// Only for recovery, while nothing publishes: a living publication's file looks the same.
  package func removeLeftovers(of intent: PublishIntent) throws(FilesError) {
    let path = try WorkspacePath(intent.path)
    let prefix = Self.temporaryPrefix(path)
    guard let folder = try workspace.folder(of: path) else { return }
    let folderPath = "/proc/self/fd/\(folder.number)"
    try FolderListing.eachName(in: folderPath) { name throws(FilesError) in
      guard name.hasPrefix(prefix) else { return }
      _ = try objects.seal("\(folderPath)/\(name)")
      guard unlinkat(folder.number, name, 0) == 0 || errno == ENOENT else {
        throw .last("remove", name)
      }
    }
  }

  /// A crash may have come after the rename and before the folder's sync.
  private func syncStanding(
    _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) {
    try workspace.openFile(path, in: folder).sync(path: path.text)
    try folder.sync(path: path.text)
  }

  /// The old form as an object; a link is kept as its target's name.
  private func keep(
    _ path: WorkspacePath, in folder: borrowing Descriptor, _ found: StandingContent
  ) throws(FilesError) -> SealedObject? {
    guard let status = found.status else { return nil }
    guard status.isFile else { return try objects.put(workspace.linkTarget(path, in: folder)) }
    return try objects.seal(workspace.openFile(path, in: folder), path: path.text)
  }
}

extension ArtifactPublisher {
  /// Writes the object beside the target and renames it; `nil` when the target changed meanwhile.
  private func replace(
    _ path: WorkspacePath, in folder: borrowing Descriptor, _ found: StandingContent,
    with object: SealedObject
  ) throws(FilesError) -> FileStamp? {
    let name = TemporaryName.fresh(Self.temporaryPrefix(path))
    defer { unlinkat(folder.number, name, 0) }
    let file = try newFile(name, for: path, in: folder)
    try objects.copy(object.digest, to: file, at: path.text)
    if let old = found.status, old.isFile {
      // The person's choice of permissions outlives the content.
      guard fchmod(file.number, old.st_mode & 0o777) == 0 else { throw .last("chmod", path.text) }
    }
    try file.sync(path: path.text)
    guard try swap(name, path, in: folder, found) else { return nil }
    try folder.sync(path: path.text)
    return FileStamp(try file.status(path: path.text))
  }

  private func newFile(
    _ name: String, for path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> Descriptor {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
    let number = untilNotInterrupted { openat(folder.number, name, flags, 0o644) }
    guard number >= 0 else { throw .last("create a file for", path.text) }
    return Descriptor(owning: number)
  }

  /// Gives the temporary file its name; `false` when something else stands there by now.
  ///
  /// The kernel decides, not an earlier look: a new target must be absent, and an old one is
  /// exchanged, so that what came out can be compared and put back.
  private func swap(
    _ name: String, _ path: WorkspacePath, in folder: borrowing Descriptor, _ found: StandingContent
  ) throws(FilesError) -> Bool {
    let number = folder.number
    guard let expected = found.status else {
      if cs_rename_exclusive(number, name, number, path.name) == 0 { return true }
      if errno == EEXIST { return false }
      return try renamePlainly(name, path, in: folder)
    }
    if cs_rename_exchange(number, name, number, path.name) != 0 {
      if errno == ENOENT { return false }
      return try renamePlainly(name, path, in: folder)
    }
    var old = stat()
    guard fstatat(number, name, &old, AT_SYMLINK_NOFOLLOW) == 0 else {
      throw .last("look at the old form of", path.text)
    }
    if old.isSameVersion(as: expected) { return true }
    guard cs_rename_exchange(number, name, number, path.name) == 0 else {
      throw .last("put back", path.text)
    }
    return false
  }

  /// For file systems without RENAME_NOREPLACE and RENAME_EXCHANGE (EINVAL): NFS, old FUSE.
  private func renamePlainly(
    _ name: String, _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> Bool {
    let isUnsupported = errno == EINVAL || errno == ENOSYS
    guard isUnsupported, renameat(folder.number, name, folder.number, path.name) == 0 else {
      throw .last("publish", path.text)
    }
    return true
  }

  /// `.footplate-<12 hex of the path's digest>-`.
  private static func temporaryPrefix(_ path: WorkspacePath) -> String {
    ".footplate-\(Digest(of: path.text).hex.prefix(12))-"
  }
}

extension stat {
  /// Whether nobody wrote to the file in between; ctime is left out, since a rename changes it.
  fileprivate func isSameVersion(as other: stat) -> Bool {
    st_ino == other.st_ino && st_dev == other.st_dev && st_size == other.st_size
      && st_mtim.tv_sec == other.st_mtim.tv_sec && st_mtim.tv_nsec == other.st_mtim.tv_nsec
  }
}
