// Dates as people and headers write them, turned into instants: calendar arithmetic alone.

import Resilience

/// A day and a time of the Gregorian calendar, in some zone.
struct CivilTime: Hashable, Sendable {
  var year: Int64
  var month: Int64
  var day: Int64
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0

  /// `nil` for a date or a time that does not exist; second 60 is a leap second.
  func instant(offset: Duration = .zero) -> Instant? {
    guard (1970...2199).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.dayCount(year: year, month: month), (0...23).contains(hour),
      (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    let seconds = Self.days(year: year, month: month, day: day) * 86_400
    return Instant(milliseconds: (seconds + hour * 3600 + minute * 60 + second) * 1000)
      .advanced(by: .zero - offset)
  }

  /// The day on which `instant` lies where clocks are `offset` ahead of UTC.
  init(dayOf instant: Instant, offset: Duration) {
    let shifted = instant.advanced(by: offset).milliseconds
    let days = (shifted >= 0 ? shifted : shifted - 86_399_999) / 86_400_000
    (year, month, day) = Self.civil(days)
  }

  init(
    year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  static func dayCount(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The number of a month by the first three letters of its English name.
  static func month(named name: some StringProtocol) -> Int64? {
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    return names.firstIndex(of: String(name.prefix(3).lowercased())).map { Int64($0) + 1 }
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", for years from 1970.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
    let shifted = max(0, days) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
