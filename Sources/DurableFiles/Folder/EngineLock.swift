// The right to be a workspace's only engine: a lock that the kernel takes back when we die.

import Glibc

/// `engine.lock`, held by flock(2) until this value goes.
package struct EngineLock: ~Copyable, Sendable {
  package let path: String
  private let file: Descriptor

  /// Takes the lock, waiting for as long as `timeout`; blocks its thread.
  ///
  /// - Throws: `locked` with what the holder wrote of itself.
  package static func acquire(
    at path: String, timeout: Duration = .zero
  ) throws(FilesError) -> EngineLock {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    while true {
      let file = try Descriptor(opening: path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
      if untilNotInterrupted({ flock(file.number, LOCK_EX | LOCK_NB) }) == 0 {
        let lock = EngineLock(path: path, file: file)
        // Somebody may have removed the file between its opening and its lock.
        guard lock.isStillHeld else { continue }
        try lock.writeHolder()
        return lock
      }
      guard errno == EWOULDBLOCK else { throw .last("lock", path) }
      guard clock.now < deadline else { throw .locked(path, holder: holder(at: path)) }
      usleep(20_000)
    }
  }

  /// Whether somebody holds the lock at `path`; a missing file is held by nobody.
  ///
  /// It looks by taking a shared lock for a moment, which `acquire` with a time-out outwaits.
  package static func isHeld(at path: String) -> Bool {
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else { return false }
    let file = Descriptor(owning: number)
    return untilNotInterrupted { flock(file.number, LOCK_SH | LOCK_NB) } != 0
  }

  /// What the last holder wrote of itself, for display only: `pid 4711 on host`.
  package static func holder(at path: String) -> String {
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard number >= 0 else { return "another process" }
    let file = Descriptor(owning: number)
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = bytes.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
    guard count > 0 else { return "another process" }
    let line = bytes[..<count].prefix { $0 != 10 }
    return String(decoding: line, as: UTF8.self)
  }

  /// Whether the file at the path is still the one that is locked; when not, a second engine could
  /// hold the new one: stop.
  package var isStillHeld: Bool {
    var ours = stat()
    var standing = stat()
    return fstat(file.number, &ours) == 0 && lstat(path, &standing) == 0
      && ours.st_ino == standing.st_ino && ours.st_dev == standing.st_dev
  }

  private func writeHolder() throws(FilesError) {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let host = String(decoding: bytes, as: UTF8.self)
    guard ftruncate(file.number, 0) == 0 else { throw .last("write", path) }
    try file.writeAll(Array("pid \(getpid()) on \(host)\n".utf8), path: path)
  }
}
