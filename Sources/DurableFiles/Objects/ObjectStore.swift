// Files by digest: what a step finished with, kept where nothing overwrites it.

package import BatchModel
import Glibc

/// The content-addressed objects of a workspace, at `objects/<2 hex>/<62 hex>`.
///
/// The fan-out keeps a folder at 4,000 entries for a million objects, so that writers do not queue
/// for one folder's lock and `gc` can list a part at a time. Objects are read-only (0400) and only
/// ever appear whole: written under a temporary name, synced, renamed, and their folder synced.
/// Any number of threads and processes may write at the same time.
package struct ObjectStore: ObjectStoring {
  package static let temporaryPrefix = "tmp-"
  /// The folder that holds the objects.
  package let folder: String

  /// Opens the store at `folder`, which is made (0700) when it is missing.
  package init(at folder: String) throws(FilesError) {
    self.folder = folder
    try PrivateFolder.create(folder)
  }

  /// The store at `folder` for reading; nothing is made, and a missing folder has no objects.
  package init(readingAt folder: String) { self.folder = folder }

  /// Where the object with that digest stands, if it does.
  package func path(of digest: Digest) -> String {
    "\(shard(of: digest))/\(digest.hex.dropFirst(2))"
  }

  func shard(of digest: Digest) -> String { "\(folder)/\(digest.hex.prefix(2))" }

  /// Stores `bytes` durably unless they are there already.
  package func put(_ bytes: [UInt8]) throws(FilesError) -> SealedObject {
    try put(contentsOf: [bytes])[0].get()
  }

  /// Copies the regular file at `path` to an inode of its own, durably.
  ///
  /// A symbolic link is refused (`ELOOP`): a process must not seal what lies outside its folder.
  package func seal(_ path: String) throws(FilesError) -> SealedObject {
    try seal(Descriptor(opening: path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK), path: path)
  }

  func seal(_ source: borrowing Descriptor, path: String) throws(FilesError) -> SealedObject {
    let copyPath = "\(folder)/\(TemporaryName.fresh(Self.temporaryPrefix))"
    do throws(FilesError) {
      let file = try Self.newFile(copyPath)
      let object = try FileHasher.copy(source, path: path, to: file, at: copyPath)
      if isIntact(object) {
        unlink(copyPath)
        try syncFolders(of: object.digest)
      } else {
        try place(file, at: copyPath, as: object.digest)
      }
      return object
    } catch {
      unlink(copyPath)
      throw error
    }
  }

  /// Whether the object stands with the right size and bytes; a damaged one is written again.
  func isIntact(_ object: SealedObject) -> Bool {
    let path = path(of: object.digest)
    var status = stat()
    guard lstat(path, &status) == 0, status.isFile, status.st_size == object.sizeBytes else {
      return false
    }
    // An unreadable object counts as damaged; writing it again reports what is really wrong.
    return (try? FileHasher.digest(of: path)) == object.digest
  }

  static func newFile(_ path: String) throws(FilesError) -> Descriptor {
    try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o400, operation: "create")
  }

  /// Syncs the temporary file and gives it its name.
  private func place(
    _ file: borrowing Descriptor, at path: String, as digest: Digest
  ) throws(FilesError) {
    try file.sync(path: path)
    try name(path, digest)
    try Self.syncFolder(shard(of: digest))
  }

  /// Gives a file its object's name; that its shard has it is for the caller to sync.
  func name(_ path: String, _ digest: Digest) throws(FilesError) {
    let target = self.path(of: digest)
    guard rename(path, target) != 0 else { return }
    guard errno == ENOENT else { throw .last("create", target) }
    try makeShard(shard(of: digest))
    guard rename(path, target) == 0 else { throw .last("create", target) }
  }

  private func makeShard(_ path: String) throws(FilesError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last("create", path) }
    try Self.syncFolder(folder)
  }

  /// Another writer may have renamed the object but not synced its folders yet.
  private func syncFolders(of digest: Digest) throws(FilesError) {
    try Self.syncFolder(shard(of: digest))
    try Self.syncFolder(folder)
  }

  static func syncFolder(_ path: String) throws(FilesError) {
    try Descriptor(opening: path, O_RDONLY | O_DIRECTORY).sync(path: path)
  }
}
