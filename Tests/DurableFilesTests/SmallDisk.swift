// A disk of a megabyte or two, to be filled.

import Foundation
import Glibc

@testable import DurableFiles

/// A tmpfs of a test's own; it needs the right to mount, which a test may lack.
final class SmallDisk {
  let path = "\(NSTemporaryDirectory())/footplate-disk-\(UUID().uuidString)"
  private let isMounted: Bool

  /// Whether this test process may mount one.
  static let canMount: Bool = {
    // A folder that cannot be made is reported by the tests themselves.
    guard let disk = try? SmallDisk(megabytes: 1) else { return true }
    return disk.isMounted
  }()

  init(megabytes: Int) throws {
    try PrivateFolder.create(path)
    isMounted = mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0
  }

  deinit {
    if isMounted { umount2(path, Int32(MNT_DETACH)) }
    rmdir(path)
  }
}
