// The last non-empty line of a stream, in bounded memory: what a failure is told by.

import CSpawn

/// Follows a stream and remembers its last line that is not blank.
struct LastLine {
  static let bytesMax = 4096
  private var last: [UInt8] = []
  private var current: [UInt8] = []
  private var lastIsCut = false
  private var currentIsCut = false

  /// Adds what came next; costs a search from the end, however long the chunk.
  mutating func append(_ chunk: UnsafeRawBufferPointer) {
    guard let base = chunk.baseAddress, !chunk.isEmpty else { return }
    let end = cs_last_index(base, 10, chunk.count)
    guard end >= 0 else { return extend(with: chunk) }
    finishLine(with: UnsafeRawBufferPointer(rebasing: chunk[..<end]))
    extend(with: UnsafeRawBufferPointer(rebasing: chunk[(end + 1)...]))
  }

  /// The line's bytes and whether it was longer than what is kept; blank lines do not count.
  var line: (bytes: [UInt8], isCut: Bool) {
    Self.isBlank(current) ? (last, lastIsCut) : (current, currentIsCut)
  }

  /// `chunk` ends with a line; the last of its lines that is not blank counts.
  private mutating func finishLine(with chunk: UnsafeRawBufferPointer) {
    defer {
      current.removeAll(keepingCapacity: true)
      currentIsCut = false
    }
    var rest = chunk[...]
    while let newline = rest.lastIndex(of: 10) {
      let line = rest[(newline + 1)...]
      if !Self.isBlank(line) {
        last = Array(line.prefix(Self.bytesMax))
        lastIsCut = line.count > Self.bytesMax
        return
      }
      rest = rest[..<newline]
    }
    // The first piece ends the line that an earlier chunk began.
    extend(with: UnsafeRawBufferPointer(rebasing: rest))
    if !Self.isBlank(current) { (last, lastIsCut) = (current, currentIsCut) }
  }

  private mutating func extend(with bytes: UnsafeRawBufferPointer) {
    let room = Self.bytesMax - current.count
    if bytes.count > room { currentIsCut = true }
    current.append(contentsOf: bytes.prefix(room))
  }

  private static func isBlank(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { $0 == 32 || (9...13).contains($0) }
  }
}
