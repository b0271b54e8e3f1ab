// 64-bit numbers for texts, so that an index holds integers instead of long keys.

import BatchModel

/// FNV-1a (Fowler, Noll, Vo 1991): stable over processes and machines, unlike Swift's `Hasher`.
///
/// Whoever finds a row by it compares the real text afterwards.
enum Fingerprint {
  static func of(_ text: String) -> Int64 { Int64(bitPattern: fold(text, into: basis)) }

  /// Of an item over all runs.
  static func identity(key: String, occurrence: Int) -> Int64 {
    var hash = fold(key, into: basis)
    withUnsafeBytes(of: Int64(occurrence).littleEndian) { bytes in
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* prime }
    }
    return Int64(bitPattern: hash)
  }

  /// The first 64 bits of an idempotency key.
  static func of(_ key: IdempotencyKey) -> Int64 {
    Int64(bitPattern: UInt64(key.digest.hex.prefix(16), radix: 16) ?? 0)
  }

  private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01b3

  private static func fold(_ text: String, into start: UInt64) -> UInt64 {
    var hash = start
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* prime }
    return hash
  }
}
