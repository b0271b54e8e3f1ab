// Reads a log that still grows, line by line.

import Foundation

/// Follows one log file.
package struct LogFollower {
  /// A line longer than this is given in pieces.
  private static let lineBytesMax = 64 * 1024
  private let path: String
  private var offset: UInt64 = 0
  private var rest: [UInt8] = []

  package init(path: String) { self.path = path }

  /// The whole lines that came since the last call; none when there is no log yet.
  package mutating func nextLines() throws -> [[UInt8]] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    try file.seek(toOffset: offset)
    var lines: [[UInt8]] = []
    while let piece = try file.read(upToCount: 1 << 16), !piece.isEmpty {
      offset += UInt64(piece.count)
      rest += piece
      while let end = rest.firstIndex(of: 10) {
        lines.append(Array(rest[..<end]))
        rest.removeSubrange(...end)
      }
      if rest.count > Self.lineBytesMax {
        lines.append(rest)
        rest = []
      }
    }
    try file.close()
    return lines
  }

  /// The rest, also what has no end of line.
  package mutating func lastLines() throws -> [[UInt8]] {
    var lines = try nextLines()
    if !rest.isEmpty { lines.append(rest) }
    rest = []
    return lines
  }
}
