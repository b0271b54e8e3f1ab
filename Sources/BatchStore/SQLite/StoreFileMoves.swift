// A store's file with its companions, moved and removed as one.

import Foundation

extension StoreFile {
  /// The log and its index belong to the file: neither is ever left to another one.
  private static let companions = ["-wal", "-shm", "-journal"]

  /// Removes the file and its companions, if they are there.
  func remove() {
    for suffix in [""] + Self.companions { unlink(path + suffix) }
  }

  /// Makes the file's bytes survive a loss of power.
  func sync() throws(StoreError) {
    try Self.sync(path, O_RDWR)
  }

  /// Renames the file and its companions.
  ///
  /// - Returns: the new path; `nil` when there was no file.
  func moveAside(suffix: String) throws(StoreError) -> String? {
    let target = path + suffix
    for companion in Self.companions {
      if rename(path + companion, target + companion) != 0, errno != ENOENT { throw failure() }
    }
    if rename(path, target) != 0 {
      guard errno == ENOENT else { throw failure() }
      return nil
    }
    return target
  }

  /// Puts the file into its place, durably.
  ///
  /// It must have no companions any more.
  func rename(to target: String) throws(StoreError) {
    for companion in Self.companions { unlink(path + companion) }
    guard rename(path, target) == 0 else { throw failure() }
    try Self.sync((target as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY)
  }

  private func rename(_ old: String, _ new: String) -> Int32 { Foundation.rename(old, new) }

  private func failure() -> StoreError {
    .unavailable(path: path, reason: String(cString: strerror(errno)))
  }

  /// Opens a file or a folder and syncs it.
  static func sync(_ path: String, _ flags: Int32) throws(StoreError) {
    let descriptor = open(path.isEmpty ? "." : path, flags | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unavailable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw .ioFailed(reason: "\(path): \(String(cString: strerror(errno)))")
    }
  }
}
