// Reads a log that still grows, line by line.

import Executors

/// Follows one log file; `LogReader` knows about the middle that a long log loses.
package final class LogFollower {
  /// A line longer than this is given in pieces.
  private static let lineBytesMax = 64 * 1024
  private let path: String
  private var reader: LogReader?
  private var rest: [UInt8] = []

  package init(path: String) { self.path = path }

  /// The whole lines that came since the last call; none when there is no log yet.
  package func nextLines() throws -> [[UInt8]] {
    if reader == nil { reader = LogReader(path: path) }
    var lines: [[UInt8]] = []
    while let piece = try reader?.next(), !piece.isEmpty {
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
    return lines
  }

  /// The rest, also what has no end of line.
  package func lastLines() throws -> [[UInt8]] {
    var lines = try nextLines()
    if !rest.isEmpty { lines.append(rest) }
    rest = []
    return lines
  }
}
