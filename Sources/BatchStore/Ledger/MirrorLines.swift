// A mirror's lines as they stand, read in constant memory, some of them ahead.

import BatchModel
import Foundation

/// One line of a mirror, whole or not.
struct MirrorLine {
  /// From 1.
  var number: Int
  /// Without its newline.
  var bytes: [UInt8]
  /// Whether a newline ended it.
  var isWhole: Bool
  /// `nil` when it is no line of a ledger.
  var parsed: LedgerLine?
  var digest: Digest

  init(number: Int, bytes: [UInt8], isWhole: Bool) {
    self.number = number
    self.bytes = bytes
    self.isWhole = isWhole
    parsed = isWhole ? LedgerLine(bytes[...]) : nil
    digest = Digest(of: bytes[...])
  }
}

/// Reads a mirror from its beginning.
struct MirrorLines {
  private let run: RunID
  private let file: FileHandle
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private var number = 0
  private var ahead: [MirrorLine] = []
  private static let chunk = 256 << 10

  init(run: RunID, folder: String) throws(StoreError) {
    self.run = run
    let path = try LedgerMirror.path(of: run, in: folder)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw .unavailable(path: path, reason: "cannot be read")
    }
    self.file = file
  }

  /// The line that is `distance` lines ahead; `nil` behind the end.
  mutating func peek(_ distance: Int = 0) throws(StoreError) -> MirrorLine? {
    while ahead.count <= distance {
      guard let (bytes, isWhole) = try nextLine() else { return nil }
      number += 1
      ahead.append(MirrorLine(number: number, bytes: Array(bytes), isWhole: isWhole))
    }
    return ahead[distance]
  }

  /// Passes the next line.
  mutating func drop() { ahead.removeFirst() }

  /// The next line without its newline, and whether it had one.
  private mutating func nextLine() throws(StoreError) -> (ArraySlice<UInt8>, isWhole: Bool)? {
    var searched = start
    while true {
      if let newline = buffer[searched...].firstIndex(of: 0x0a) {
        defer { start = newline + 1 }
        return (buffer[start..<newline], true)
      }
      guard !isAtEnd else {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        return (buffer[start...], false)
      }
      searched = buffer.count - start
      try fill()
    }
  }

  private mutating func fill() throws(StoreError) {
    buffer.removeFirst(start)
    start = 0
    do {
      guard let more = try file.read(upToCount: Self.chunk), !more.isEmpty else {
        isAtEnd = true
        return
      }
      buffer += more
    } catch {
      throw .ioFailed(reason: "\(run): \(error.localizedDescription)")
    }
    // A file without newlines is no ledger; what was read of it is given up piece by piece.
    if buffer.count > 16 * Self.chunk, !buffer.contains(0x0a) { buffer.append(0x0a) }
  }
}
