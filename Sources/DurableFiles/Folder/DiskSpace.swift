// How much room a disk has left, as far as it matters: some, or none.

import Glibc

/// The room on a disk.
package enum DiskSpace {
  /// What is left of a full disk for its writers is never a whole file.
  private static let bytesMin: UInt = 128 << 10

  /// Whether the disk that holds `path` is as good as full.
  package static func isExhausted(at path: String) -> Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    return UInt(status.f_bavail) * UInt(status.f_frsize) < bytesMin
      || status.f_favail == 0
        && status.f_files > 0
  }
}
