// An open file that closes itself, and the few system calls on it that need a loop.

package import Glibc

/// A file descriptor with one owner; closed when the owner goes.
package struct Descriptor: ~Copyable, Sendable {
  package let number: Int32

  /// Takes over an open descriptor.
  package init(owning number: Int32) { self.number = number }

  deinit { close(number) }

  /// Opens `path` close-on-exec.
  package init(
    opening path: String, _ flags: Int32, mode: mode_t = 0, operation: String = "open"
  ) throws(FilesError) {
    let number = untilNotInterrupted { open(path, flags | O_CLOEXEC, mode) }
    guard number >= 0 else { throw .last(operation, path) }
    self.number = number
  }

  /// Writes all of `bytes`; `path` is for the error only.
  package func writeAll(_ bytes: [UInt8], path: String) throws(FilesError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { chunk in
        untilNotInterrupted { Glibc.write(number, chunk.baseAddress, chunk.count) }
      }
      guard count >= 0 else { throw .last("write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes all of `bytes` to a descriptor that somebody else owns.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to number: Int32, path: String
  ) throws(FilesError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = untilNotInterrupted { Glibc.write(number, rest.baseAddress, rest.count) }
      guard count >= 0 else { throw .last("write", path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, path: String
  ) throws(FilesError) -> Int {
    let count = untilNotInterrupted { Glibc.read(number, buffer.baseAddress, buffer.count) }
    guard count >= 0 else { throw .last("read", path) }
    return count
  }

  /// Returns when the file's bytes, or the folder's entries, are on the disk.
  package func sync(path: String) throws(FilesError) {
    guard untilNotInterrupted({ fsync(number) }) == 0 else { throw .last("sync", path) }
  }

  /// What fstat says.
  package func status(path: String) throws(FilesError) -> stat {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw .last("look at", path) }
    return status
  }
}

/// Repeats a system call that a signal interrupted.
package func untilNotInterrupted<Number: BinaryInteger>(_ call: () -> Number) -> Number {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

extension stat {
  /// Whether it is a regular file.
  package var isFile: Bool { st_mode & S_IFMT == S_IFREG }

  /// What it is, for a person.
  package var kind: String {
    switch st_mode & S_IFMT {
    case S_IFREG: "a file"
    case S_IFDIR: "a folder"
    case S_IFLNK: "a symbolic link"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}
