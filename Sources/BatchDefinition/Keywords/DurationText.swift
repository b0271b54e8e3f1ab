// Durations as people write them: 250ms, 10s, 1h30m.

/// Reads durations and prints them.
package enum DurationText {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]
  /// A year; longer ones are mistakes.
  private static let millisecondsMax: Int64 = 366 * 86_400_000

  /// One or more numbers with their units, largest unit first, each unit at most once.
  package static func duration(_ text: String) -> Duration? {
    var rest = Substring(text)
    var total: Int64 = 0
    var nextUnit = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let letters = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(digits.count + letters.count)
      guard let number = Int64(digits), number <= millisecondsMax,
        let unit = units[nextUnit...].firstIndex(where: { $0.name == letters })
      else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
      guard !overflow, product <= millisecondsMax - total else { return nil }
      total += product
      nextUnit = unit + 1
    }
    return .milliseconds(total)
  }

  /// A share: `20%`, or a number from 0 to 1.
  package static func share(_ text: String) -> Double? {
    let isPercentage = text.hasSuffix("%")
    guard let number = Double(isPercentage ? String(text.dropLast()) : text), number.isFinite else {
      return nil
    }
    let share = isPercentage ? number / 100 : number
    return (0...1).contains(share) ? share : nil
  }
}
