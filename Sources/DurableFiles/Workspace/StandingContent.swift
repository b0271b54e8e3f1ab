// What stands at a target right now, without following a link.

package import BatchModel
import Glibc

/// What was found at a path of the workspace.
struct StandingContent {
  var content: TargetContent
  /// `nil` when nothing stands there.
  var status: stat?
}

extension Workspace {
  /// What stands at `path`.
  ///
  /// A symbolic link counts as a file whose bytes are its target's name: publishing replaces the
  /// link, and one that a person put there is noticed like any other change.
  package func currentContent(of path: WorkspacePath) throws(FilesError) -> TargetContent {
    guard let folder = try folder(of: path) else { return .absent }
    return try standing(path, in: folder).content
  }

  /// The bytes of what stands at `path`, a link's target's name for a link.
  ///
  /// `nil` for a file of more than `bytesMax`, none for a file that is not there.
  package func standingBytes(
    of path: WorkspacePath, bytesMax: Int64
  ) throws(FilesError) -> [UInt8]? {
    guard let folder = try folder(of: path) else { return [] }
    let found = try standing(path, in: folder)
    guard let status = found.status else { return [] }
    guard status.isFile else { return try linkTarget(path, in: folder) }
    guard status.st_size <= bytesMax else { return nil }
    var bytes: [UInt8] = []
    let file = try openFile(path, in: folder)
    let read = try FileHasher.eachChunk(of: file, path: fullPath(path.text)) { chunk in
      // It may have grown since.
      if Int64(bytes.count) <= bytesMax { bytes.append(contentsOf: chunk) }
    }
    return read.sizeBytes <= bytesMax ? bytes : nil
  }

  func standing(
    _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> StandingContent {
    var status = stat()
    guard fstatat(folder.number, path.name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
      if errno == ENOENT { return StandingContent(content: .absent, status: nil) }
      throw .last("look at", fullPath(path.text))
    }
    if status.st_mode & S_IFMT == S_IFLNK {
      let digest = try linkDigest(path, in: folder)
      return StandingContent(content: .file(digest), status: status)
    }
    guard status.isFile else { throw .notAFile(fullPath(path.text), kind: status.kind) }
    let file = try openFile(path, in: folder)
    status = try file.status(path: fullPath(path.text))
    let digest = try FileHasher.object(in: file, path: fullPath(path.text)).digest
    return StandingContent(content: .file(digest), status: status)
  }

  /// Opens the file itself for reading; a link is an error.
  func openFile(
    _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> Descriptor {
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let number = untilNotInterrupted { openat(folder.number, path.name, flags) }
    guard number >= 0 else { throw .last("open", fullPath(path.text)) }
    return Descriptor(owning: number)
  }

  /// The target's name of the symbolic link at `path`.
  func linkTarget(
    _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> [UInt8] {
    var characters = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(folder.number, path.name, &characters, characters.count)
    guard count >= 0 else { throw .last("read the link", fullPath(path.text)) }
    return characters.prefix(count).map { UInt8(bitPattern: $0) }
  }

  private func linkDigest(
    _ path: WorkspacePath, in folder: borrowing Descriptor
  ) throws(FilesError) -> Digest {
    Digest(of: Array("symbolic link\0".utf8) + (try linkTarget(path, in: folder)))
  }
}
