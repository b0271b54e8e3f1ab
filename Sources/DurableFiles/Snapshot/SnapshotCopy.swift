// A workspace of an attempt's own: the snapshot's files copied, and nothing that leads out.

package import BatchModel
import CSpawn
import Glibc

/// Makes copies.
package enum SnapshotCopy {
  /// What differs from the snapshot.
  package struct Outcome: Hashable, Sendable {
    /// Files whose bytes are not the snapshot's any more; they were copied as they are.
    package var changed: [String] = []
    /// Files that are gone, or are no files any more.
    package var missing: [String] = []
    /// Links that lead out of the workspace, or could: left out.
    package var leftOut: [String] = []
  }

  /// Copies what `manifest` lists from `root` into `target`, a folder that is made (0700).
  ///
  /// Every file gets an inode of its own, whose blocks are shared where the file system can
  /// (FICLONE): nothing that is done in the copy touches the workspace. Blocks on the disk.
  package static func make(
    of manifest: SnapshotManifest, from root: String, to target: String
  ) throws(FilesError) -> Outcome {
    let source = try Descriptor(opening: root, O_RDONLY | O_DIRECTORY)
    try PrivateFolder.create(target)
    let copy = try Descriptor(opening: target, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    var outcome = Outcome()
    var folders: Set<String> = []
    // Links come last: no folder is ever made through one.
    for entry in manifest.entries {
      guard case .file(let digest, _, let isExecutable) = entry.content else { continue }
      try makeFolders(of: entry.path, in: copy.number, at: target, known: &folders)
      guard
        let object = try copyFile(
          entry.path, from: source.number, to: copy.number, isExecutable: isExecutable)
      else {
        outcome.missing.append(entry.path)
        continue
      }
      if object.digest != digest { outcome.changed.append(entry.path) }
    }
    for entry in manifest.entries {
      guard case .link(let link) = entry.content else { continue }
      guard SnapshotLink.staysInside(target: link, at: entry.path) else {
        outcome.leftOut.append(entry.path)
        continue
      }
      try makeFolders(of: entry.path, in: copy.number, at: target, known: &folders)
      guard symlinkat(link, copy.number, entry.path) == 0 else {
        throw .last("link", "\(target)/\(entry.path)")
      }
    }
    return outcome
  }

  /// Returns `nil` when there is no such file.
  private static func copyFile(
    _ path: String, from source: Int32, to copy: Int32, isExecutable: Bool
  ) throws(FilesError) -> SealedObject? {
    let number = cs_open_beneath(source, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard number >= 0 else {
      if [ENOENT, ENOTDIR, ELOOP, EXDEV].contains(errno) { return nil }
      throw .last("open", path)
    }
    let file = Descriptor(owning: number)
    guard try file.status(path: path).isFile else { return nil }
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    let made = cs_open_beneath(copy, path, flags, isExecutable ? 0o700 : 0o600)
    guard made >= 0 else { throw .last("create", path) }
    return try FileHasher.copy(file, path: path, to: Descriptor(owning: made), at: path)
  }

  private static func makeFolders(
    of path: String, in folder: Int32, at target: String, known: inout Set<String>
  ) throws(FilesError) {
    // A manifest is a file that somebody could have written.
    let components = try WorkspacePath(path).folderComponents
    var prefix = ""
    for component in components {
      prefix += prefix.isEmpty ? component : "/" + component
      guard known.insert(prefix).inserted else { continue }
      guard mkdirat(folder, prefix, 0o700) == 0 || errno == EEXIST else {
        throw .last("create", "\(target)/\(prefix)")
      }
    }
  }
}
