// The end of one item's output: a bounded ring that says what it dropped.

package import BatchModel

/// News of the log that is followed.
package struct LogPiece: Hashable, Sendable {
  package var item: ItemID
  /// The piece begins a new log: the item's next attempt, or the first look at it.
  package var isNewLog: Bool
  /// Lines without their line ends, of any bytes; a feeder caps each at a few thousand.
  package var lines: [[UInt8]]
  /// Lines before these that were left out.
  package var dropped: Int
  package init(item: ItemID, isNewLog: Bool, lines: [[UInt8]], dropped: Int = 0) {
    self.item = item
    self.isNewLog = isNewLog
    self.lines = lines
    self.dropped = dropped
  }
}

/// The lines of a log that the screen holds.
package struct LogTail: Hashable, Sendable {
  package private(set) var item: ItemID?
  package private(set) var lines: [[UInt8]] = []
  /// Lines that are no longer, or never were, in `lines`.
  package private(set) var dropped = 0
  package var isFollowing = true
  /// The first visible line's number, counted with the dropped ones; used when not following.
  package var topNumber = 0
  package var search = ""

  /// So many lines are held at least; the ring is cut when it holds a fifth more.
  package static let linesMax = 5000

  package init() {}

  /// Starts over for another item.
  package mutating func follow(_ item: ItemID?) {
    self.item = item
    lines = []
    dropped = 0
    isFollowing = true
    topNumber = 0
  }

  /// Adds what came; a piece of another item's log is old news and is ignored.
  package mutating func append(_ piece: LogPiece) {
    guard piece.item == item else { return }
    if piece.isNewLog {
      lines = []
      dropped = 0
      isFollowing = true
    }
    if piece.dropped > 0 {
      // The gap is before the new lines: nothing older is shown as if it stood next to them.
      dropped += lines.count + piece.dropped
      lines = []
    }
    lines += piece.lines.suffix(Self.linesMax)
    dropped += max(0, piece.lines.count - Self.linesMax)
    if lines.count > Self.linesMax + Self.linesMax / 5 {
      let surplus = lines.count - Self.linesMax
      lines.removeFirst(surplus)
      dropped += surplus
    }
  }

  /// The index of the first line to show in so many rows.
  package func topIndex(visible: Int) -> Int {
    let last = max(0, lines.count - visible)
    return isFollowing ? last : min(last, max(0, topNumber - dropped))
  }

  /// Scrolls by so many lines; reaching the end follows again only by `f` or `G`.
  package mutating func scroll(by count: Int, visible: Int) {
    let top = topIndex(visible: visible)
    let last = max(0, lines.count - visible)
    topNumber = dropped + min(last, max(0, top + count))
    isFollowing = false
  }

  /// The next line that contains the search text, from `topNumber` on; wraps around once.
  package mutating func find(forward: Bool, visible: Int) -> Bool {
    guard !search.isEmpty, !lines.isEmpty else { return false }
    let needle = Array(search.lowercased().utf8)
    let start = topIndex(visible: visible)
    for step in 1...lines.count {
      let offset = forward ? step : lines.count - step
      let index = (start + offset) % lines.count
      guard Self.contains(lines[index], needle) else { continue }
      topNumber = dropped + index
      isFollowing = false
      return true
    }
    return false
  }

  /// Whether a line contains a lower-case text, without regard to the case of ASCII letters.
  package static func contains(_ line: [UInt8], _ needle: [UInt8]) -> Bool {
    guard !needle.isEmpty, line.count >= needle.count else { return false }
    return (0...(line.count - needle.count)).contains { start in
      needle.indices.allSatisfy { lowercase(line[start + $0]) == needle[$0] }
    }
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }
}
