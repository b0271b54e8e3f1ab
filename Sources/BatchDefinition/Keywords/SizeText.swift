// Sizes as people write them: 50MB, 512KiB.

/// Reads sizes.
package enum SizeText {
  private static let units: [(name: String, bytes: Int)] = [
    ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
  ]
  /// Less holds no batch of events, more is a slip.
  private static let range = 1_000_000...1_000_000_000_000

  /// The bytes of a whole number with its unit; `nil` for anything else, and out of range.
  package static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits),
      let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
    return !overflow && range.contains(bytes) ? bytes : nil
  }
}
