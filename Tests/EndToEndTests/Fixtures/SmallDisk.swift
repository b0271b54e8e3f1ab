// A disk of a few megabytes, to be filled and then enlarged.

import Foundation
import Glibc

/// A tmpfs of a test's own; it needs the right to mount, which a test may lack.
final class SmallDisk: Sendable {
  let path: String

  /// Whether this test process may mount one.
  static let canMount: Bool = {
    // A folder that cannot be made is reported by the tests themselves.
    (try? SmallDisk(megabytes: 1)) != nil
  }()

  struct NotMounted: Error {}

  init(megabytes: Int) throws {
    path = "\(NSTemporaryDirectory())/footplate-disk-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      rmdir(path)
      throw NotMounted()
    }
  }

  /// Makes room.
  func grow(toMegabytes megabytes: Int) throws {
    guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(megabytes)m") == 0 else {
      throw NotMounted()
    }
  }

  deinit {
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }
}
