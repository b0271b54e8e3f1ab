// The keys of a source that were met, in a few bytes each: a million keys as texts are a hundred
// megabytes.

/// Counts how often each key of a source was met.
///
/// Keys are told apart by 128 bits of two hashes. Two that have the same bits would make a plan count
/// wrongly, which for a million keys is less likely than a broken machine; a run compares the texts.
struct SourceKeys {
  /// A key in 16 bytes.
  struct Print: Hashable {
    private var first: UInt64
    private var second: UInt64

    /// FNV-1a, and the same with another basis and the bytes mixed further (SplitMix64's finisher).
    init(_ key: String) {
      var first: UInt64 = 0xcbf2_9ce4_8422_2325
      var second: UInt64 = 0x9e37_79b9_7f4a_7c15
      for byte in key.utf8 {
        first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        second = (second ^ UInt64(byte)) &* 0xbf58_476d_1ce4_e5b9
        second ^= second >> 29
      }
      (self.first, self.second) = (first, second)
    }
  }

  private var met: Set<Print> = []
  /// Of the keys that were met more than once.
  private var counts: [Print: Int] = [:]

  /// Notes the key; gives which one of the items with it this is, from 1.
  mutating func occurrence(of key: String) -> Int {
    let print = Print(key)
    guard !met.insert(print).inserted else { return 1 }
    let count = counts[print, default: 1] + 1
    counts[print] = count
    return count
  }
}
