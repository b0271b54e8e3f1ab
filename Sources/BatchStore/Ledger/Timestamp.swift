// Times in the ledger's text: RFC 3339, UTC, milliseconds; written by hand because every line has one.

/// A time as `2025-11-21T08:15:30.123Z`.
enum Timestamp {
  static let size = 24

  /// Appends the text of milliseconds since 1970.
  static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
    let (days, rest) = split(milliseconds, 86_400_000)
    let (year, month, day) = civil(days)
    digits(year, 4, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(month, 2, &bytes)
    bytes.append(UInt8(ascii: "-"))
    digits(day, 2, &bytes)
    bytes.append(UInt8(ascii: "T"))
    digits(rest / 3_600_000, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(rest / 60_000 % 60, 2, &bytes)
    bytes.append(UInt8(ascii: ":"))
    digits(rest / 1_000 % 60, 2, &bytes)
    bytes.append(UInt8(ascii: "."))
    digits(rest % 1_000, 3, &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  /// Milliseconds since 1970; `nil` for anything but the text that `append` writes.
  static func parse(_ bytes: ArraySlice<UInt8>) -> Int64? {
    guard bytes.count == size else { return nil }
    let text = Array(bytes)
    func number(_ start: Int, _ count: Int) -> Int64? {
      text[start..<start + count].reduce(Int64?(0)) { sum, byte in
        guard let sum, (48...57).contains(byte) else { return nil }
        return sum * 10 + Int64(byte - 48)
      }
    }
    guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      let milliseconds = number(20, 3)
    else { return nil }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    var again: [UInt8] = []
    append(seconds * 1_000 + milliseconds, to: &again)
    return again == text ? seconds * 1_000 + milliseconds : nil
  }

  private static func split(_ value: Int64, _ unit: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
    return remainder < 0 ? (quotient - 1, remainder + unit) : (quotient, remainder)
  }

  private static func digits(_ value: Int64, _ count: Int, _ bytes: inout [UInt8]) {
    var divisor: Int64 = count == 4 ? 1_000 : count == 3 ? 100 : 10
    while divisor > 0 {
      bytes.append(UInt8(48 + value / divisor % 10))
      divisor /= 10
    }
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": `civil_from_days`.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = split(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }

  /// The same source: `days_from_civil`.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let (era, yearOfEra) = split(month <= 2 ? year - 1 : year, 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
