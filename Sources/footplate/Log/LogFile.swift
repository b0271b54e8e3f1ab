// The file of an engine's log: appended to, private, and never larger than it should be.

import Foundation
import Glibc
import Synchronization

/// A log's file.
///
/// At `sizeMax` it becomes `NAME.1`, which replaces an older one, and a new one begins. What cannot be
/// written is lost: a log is no reason to end a run.
final class LogFile: Sendable {
  static let sizeMax = 10_000_000
  private let path: String
  private let sizeMax: Int
  private let descriptor: Mutex<Int32>

  /// - Throws: `CommandError` when it cannot be opened.
  init(_ path: String, sizeMax: Int = sizeMax) throws {
    self.path = path
    self.sizeMax = sizeMax
    let opened = Self.open(path)
    guard opened >= 0 else {
      throw CommandError("\(path): the log cannot be written: \(String(cString: strerror(errno)))")
    }
    descriptor = Mutex(opened)
  }

  deinit { _ = descriptor.withLock { close($0) } }

  /// Appends one line, in one write.
  func append(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    descriptor.withLock { descriptor in
      _ = write(descriptor, bytes, bytes.count)
      var status = stat()
      // A guardian and its engine share the file: it may have been renamed by the other one.
      guard fstat(descriptor, &status) == 0, Int(status.st_size) >= sizeMax else { return }
      rename(path, "\(path).1")
      let next = Self.open(path)
      guard next >= 0 else { return }
      close(descriptor)
      descriptor = next
    }
  }

  private static func open(_ path: String) -> Int32 {
    Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
  }
}
