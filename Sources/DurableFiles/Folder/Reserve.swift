// Disk space that is ours already, for the moment when there is none left.

import Glibc

/// A preallocated file that is given up on a full disk, so that results in flight can be recorded.
package struct Reserve: Sendable {
  package static let bytes = 16 << 20
  package let path: String

  package init(at path: String) { self.path = path }

  /// Whether the reserve stands with all its blocks.
  package var isWhole: Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.isFile && Int(status.st_size) >= Self.bytes
      && Int(status.st_blocks) * 512 >= Self.bytes
  }

  /// Makes the reserve, or completes it; on a disk that is full already it fails and leaves nothing.
  package func fill() throws(FilesError) {
    if isWhole { return }
    let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    let error = posix_fallocate(file.number, 0, off_t(Self.bytes))
    guard error == 0 else {
      unlink(path)
      throw .system(operation: "reserve space at", path: path, errno: error)
    }
  }

  /// Gives the space back; returns whether there was any.
  package func free() throws(FilesError) -> Bool {
    let number = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else {
      if errno == ENOENT { return false }
      throw .last("free", path)
    }
    let file = Descriptor(owning: number)
    let status = try file.status(path: path)
    guard ftruncate(number, 0) == 0 else { throw .last("free", path) }
    // A journal gives blocks back only when it has committed.
    try file.sync(path: path)
    return status.st_blocks > 0
  }
}
