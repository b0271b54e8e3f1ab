// Files as tests look at them: also those in /proc, which say that they are empty.

import Foundation
import Glibc

enum Files {
  /// The bytes of a file; none when there is no such file.
  static func bytes(_ path: String) -> [UInt8] {
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { return [] }
    defer { close(number) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(number, &piece, piece.count)
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }

  static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// The permission bits; `nil` when there is no such file.
  static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  /// Every path below a folder, relative to it, sorted.
  static func tree(_ path: String) -> [String] {
    var found: [String] = []
    for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
      found.append(name)
    }
    return found.sorted()
  }
}
