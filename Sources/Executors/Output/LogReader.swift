// Reading a log, also while it is written and while its middle goes.

import CSpawn
package import DurableFiles
import Glibc

/// Follows one log from its beginning.
package struct LogReader: ~Copyable {
  private let file: Descriptor
  private let path: String
  private var offset: Int64 = 0

  /// Opens the log; `nil` while there is none, since it is made with its first byte.
  package init?(path: String) {
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else { return nil }
    file = Descriptor(owning: number)
    self.path = path
  }

  /// What came since the last call, at most about `bytesMax`; empty when nothing did.
  ///
  /// Where bytes were left out, a line says how many. NUL bytes are dropped: they are what the edges
  /// of a hole read as.
  package mutating func next(bytesMax: Int = 64 * 1024) throws(FilesError) -> [UInt8] {
    var bytes: [UInt8] = []
    let start = cs_next_data(file.number, off_t(offset))
    if start > offset {
      bytes = Array("\n[… \(Int64(start) - offset) bytes left out …]\n".utf8)
      offset = Int64(start)
    } else if start < 0, errno == ENXIO {
      // Nothing but a hole up to the end, or the end itself: news come later.
      return []
    }
    var chunk = [UInt8](repeating: 0, count: bytesMax)
    let count = chunk.withUnsafeMutableBytes { room in
      untilNotInterrupted { pread(file.number, room.baseAddress, room.count, off_t(offset)) }
    }
    guard count >= 0 else {
      throw .system(operation: "read", path: path, errno: errno)
    }
    offset += Int64(count)
    bytes.append(contentsOf: chunk[..<count].lazy.filter { $0 != 0 })
    return bytes
  }

  /// Whether the log was brought into its final form: read on until `next` is empty, then stop.
  package var isReplaced: Bool {
    var ours = stat()
    var standing = stat()
    return fstat(file.number, &ours) == 0 && stat(path, &standing) == 0
      && ours.st_ino != standing.st_ino
  }
}
