// The bytes for a child's standard input, written as the child reads them and never waited for.

import Glibc

/// The writing end of a child's standard input.
struct InputFeed {
  private let bytes: [UInt8]
  private var written = 0
  /// -1 when everything is written, or nobody reads any more.
  private(set) var descriptor: Int32

  init(_ bytes: [UInt8], to descriptor: Int32) {
    self.bytes = bytes
    self.descriptor = descriptor
  }

  /// Writes what the pipe takes.
  ///
  /// A child that closed its end is no error: it may ignore its input.
  mutating func pump() {
    while descriptor >= 0 {
      let count = bytes.withUnsafeBytes { all in
        write(descriptor, all.baseAddress?.advanced(by: written), all.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { close() }
        return
      }
      written += count
      if written == bytes.count { close() }
    }
  }

  /// Closes the pipe.
  mutating func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
