// A single flipped bit in a ledger, found again: the next line says which digest the damaged one had, so
// the right bytes are those among the neighbours that have it.

import BatchModel

/// Damaged lines between two that are whole.
struct LineMending {
  /// A longer stretch takes longer than it is worth: the work grows with its square.
  private static let bytesMax = 8_192
  private static let newline = UInt8(ascii: "\n")

  /// The digest of the line before them; `nil` when nothing is known of it.
  let previous: Digest?
  /// Whether they begin the file.
  let isFirst: Bool
  /// The digest that the line behind them says its predecessor has.
  let target: Digest

  /// The lines as they were; `nil` when more than one bit is wrong.
  func mend(_ damaged: [[UInt8]]) -> [MirrorLine]? {
    var bytes = Array(damaged.joined(separator: [Self.newline]))
    guard !bytes.isEmpty, bytes.count <= Self.bytesMax else { return nil }
    for index in bytes.indices.reversed() {
      for bit in 0..<8 {
        bytes[index] ^= 1 << bit
        if let lines = lines(of: bytes) { return lines }
        bytes[index] ^= 1 << bit
      }
    }
    return nil
  }

  /// The lines, if each one is proven by the next, and the last one by the target.
  private func lines(of bytes: [UInt8]) -> [MirrorLine]? {
    let last = bytes.lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
    guard Digest(of: bytes[last...]) == target else { return nil }
    let lines = bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
      .map { MirrorLine(number: 0, bytes: Array($0), isWhole: true) }
    for (line, next) in zip(lines, lines.dropFirst()) where next.parsed?.previous != line.digest {
      return nil
    }
    guard let first = lines.first?.parsed else { return nil }
    // A first line has no line before it; of others it may not be known.
    if isFirst { return first.previous == nil ? lines : nil }
    return previous == nil || first.previous == previous ? lines : nil
  }
}
