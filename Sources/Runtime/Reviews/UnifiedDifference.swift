// Two files' difference for a person: diff(1) finds it, as everywhere.

import Foundation

/// What differs between what stands at a target and a candidate.
package enum UnifiedDifference: Hashable, Sendable {
  /// The bytes are equal, or there are none and nothing stood there.
  case same
  /// Unified hunks with a header, as `diff -u` writes them; hostile text.
  case text(String)
  /// One of them is no text: nothing to show but sizes and digests.
  case binary
  /// One of them is larger than what is compared.
  case tooLarge
  /// It could not be found out; a sentence for a person.
  case unavailable(String)

  /// Files above this are not compared line by line.
  package static let bytesMax: Int64 = 16 << 20
  /// Where a NUL byte makes a file binary: git's rule (xdiff-interface.c, `buffer_is_binary`).
  private static let binaryBytesMax = 8000

  /// Compares two contents; `old` is `nil` when nothing stands there.
  ///
  /// *Cost*: two temporary files and a process; blocks until it has ended.
  package init(from old: [UInt8]?, to new: [UInt8], path: String) {
    if (old ?? []) == new {
      self = .same
    } else if Self.isBinary(old ?? []) || Self.isBinary(new) {
      self = .binary
    } else {
      do {
        self = .text(try Self.compare(old, new, path))
      } catch {
        self = .unavailable("diff could not be run: \(error)")
      }
    }
  }

  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(binaryBytesMax).contains(0)
  }

  /// The files' names never reach the command: they stand in a folder of their own.
  private static func compare(_ old: [UInt8]?, _ new: [UInt8], _ path: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("footplate-review-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer {
      // What a full temporary folder keeps is swept with it.
      try? FileManager.default.removeItem(at: folder)
    }
    let files = [folder.appendingPathComponent("old"), folder.appendingPathComponent("new")]
    try Data(old ?? []).write(to: files[0])
    try Data(new).write(to: files[1])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["LC_ALL=C", "diff", "--unified", "--text"]
      + ["--label", old == nil ? "/dev/null" : "\(path) (published)"]
      + ["--label", "\(path) (candidate)", files[0].path, files[1].path]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // 0: no difference, 1: some; anything else is trouble (diff(1), "Exit status").
    guard process.terminationStatus == 1 else {
      throw DiffEnded(status: process.terminationStatus)
    }
    return String(decoding: output, as: UTF8.self)
  }

  private struct DiffEnded: Error, CustomStringConvertible {
    var status: Int32
    var description: String { "it ended with status \(status); is diffutils installed?" }
  }
}
