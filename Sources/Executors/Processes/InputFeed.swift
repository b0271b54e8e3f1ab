// The bytes for a child's standard input, written as the child reads them and never waited for.

import CSpawn
import Glibc

/// The writing end of a child's standard input.
struct InputFeed {
  private var bytes: [UInt8]
  private var written = 0
  private let staysOpen: Bool
  /// -1 when everything is written, or nobody reads any more.
  private(set) var descriptor: Int32

  init(_ bytes: [UInt8], to descriptor: Int32, staysOpen: Bool = false) {
    self.bytes = bytes
    self.descriptor = descriptor
    self.staysOpen = staysOpen
  }

  /// Whether there is something to write, so that the pipe's room is news.
  var isPending: Bool { descriptor >= 0 && written < bytes.count }

  /// How much the child has not read: in the pipe, and before it.
  var unreadBytes: Int {
    guard descriptor >= 0 else { return bytes.count - written }
    return bytes.count - written + max(0, Int(cs_unread_bytes(descriptor)))
  }

  /// Adds bytes to a feed that stays open; `pump` writes them.
  mutating func append(_ more: [UInt8]) {
    if written == bytes.count {
      bytes = more
      written = 0
    } else {
      bytes += more
    }
  }

  /// Writes what the pipe takes.
  ///
  /// A child that closed its end is no error: it may ignore its input.
  mutating func pump() {
    while descriptor >= 0, written < bytes.count || !staysOpen {
      let count = bytes.withUnsafeBytes { all in
        write(descriptor, all.baseAddress?.advanced(by: written), all.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { close() }
        return
      }
      written += count
      if written == bytes.count, !staysOpen { close() }
    }
  }

  /// Closes the pipe.
  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
