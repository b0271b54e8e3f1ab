// Where the comparison of a run's items with its source stands.

/// A comparison between `openSource` and `closeSource`.
///
/// Memory only: after a crash it starts again.
struct SourceComparison {
  enum Mode {
    /// The run has no items: everything is new.
    case fresh
    /// So far each offered item is the row at its place.
    case lockstep
    /// Something differed: items are matched by key and occurrence.
    case matching
  }

  var mode: Mode
  /// How many items were offered: the last one's place.
  var offered: Int64 = 0
  var added = 0
  var changed = 0
  /// Rows that the source still has; kept while matching.
  var seen = ItemSet()
  /// Keys that were offered more than once while matching, and how often in the whole source.
  var occurrences: [String: Int] = [:]
  /// Whether this comparison has written anything.
  var hasWritten = false
  var writer = JSONBytes()

  init(mode: Mode) { self.mode = mode }
}

/// A set of row numbers that lie close together: a bit each.
struct ItemSet {
  private var base: Int64?
  private var words: [UInt64] = []

  var isEmpty: Bool { base == nil }

  mutating func insert(_ item: Int64) {
    let start = base ?? item & ~63
    if base == nil { base = start }
    if item < start { widen(to: item & ~63, from: start) }
    let offset = Int(item - (base ?? start))
    let word = offset >> 6
    if word >= words.count {
      words += [UInt64](repeating: 0, count: max(word + 1, words.count * 2) - words.count)
    }
    words[word] |= 1 << UInt64(offset & 63)
  }

  func contains(_ item: Int64) -> Bool {
    guard let base, item >= base else { return false }
    let offset = Int(item - base)
    guard offset >> 6 < words.count else { return false }
    return words[offset >> 6] & (1 << UInt64(offset & 63)) != 0
  }

  private mutating func widen(to newBase: Int64, from oldBase: Int64) {
    words = [UInt64](repeating: 0, count: Int(oldBase - newBase) >> 6) + words
    base = newBase
  }
}
