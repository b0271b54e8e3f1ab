// Times of day and dates as people write them: `3pm`, `Oct 12th, 2026 2:14 PM`, `2026-11-21 at 00:00
// UTC`. The day or the year that is not said is the next one that fits.

import Resilience

enum ClockProse {
  /// What a text begins with.
  enum Found: Hashable {
    case nothing
    /// A time that does not exist, such as the 31st of February.
    case impossible
    case instant(Instant)

    init(_ instant: Instant?) { self = instant.map { .instant($0) } ?? .impossible }
  }

  /// The time with which `text` begins; a clock time less than `grace` ago is today's.
  static func find(
    atStartOf text: Substring, now: Instant, offset: Duration, grace: Duration
  ) -> Found {
    var rest = text
    let iso = /\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:[Zz]|UTC|[+-]\d\d:?\d\d)/
    if let match = rest.prefixMatch(of: iso) { return Found(TimeText.rfc3339(match.output)) }
    let date = takeDate(from: &rest)
    rest = rest.trimmingPrefix(/(?i)[\s,]*(?:at\s+)?/)
    let time = takeTime(from: &rest)
    guard date != nil || time != nil else { return .nothing }
    let zone = offsetNamed(atStartOf: rest) ?? offset
    var civil = CivilTime(dayOf: now, offset: zone)
    (civil.hour, civil.minute) = time ?? (0, 0)
    guard let date else { return Found(next(civil, now: now, zone: zone, grace: grace)) }
    (civil.month, civil.day) = (date.month, date.day)
    if let year = date.year {
      civil.year = year
      return Found(civil.instant(offset: zone))
    }
    guard let thisYear = civil.instant(offset: zone) else { return .impossible }
    guard thisYear.advanced(by: .seconds(86_400)) < now else { return .instant(thisYear) }
    civil.year += 1
    return Found(civil.instant(offset: zone))
  }

  /// Today at that time, or tomorrow when it has passed.
  private static func next(
    _ today: CivilTime, now: Instant, zone: Duration, grace: Duration
  ) -> Instant? {
    guard let instant = today.instant(offset: zone) else { return nil }
    return instant.advanced(by: grace) < now ? instant.advanced(by: .seconds(86_400)) : instant
  }

  private static func takeDate(
    from rest: inout Substring
  ) -> (year: Int64?, month: Int64, day: Int64)? {
    if let match = rest.prefixMatch(of: /(\d{4})-(\d\d)-(\d\d)\b/),
      let month = Int64(match.2), let day = Int64(match.3)
    {
      rest = rest[match.range.upperBound...]
      return (Int64(match.1), month, day)
    }
    let named =
      /(?i)(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\b(?!:|\s*[ap]m)/
    guard let match = rest.prefixMatch(of: named), let month = CivilTime.month(named: match.1),
      let day = Int64(match.2)
    else { return nil }
    rest = rest[match.range.upperBound...]
    return (match.3.flatMap { Int64($0) }, month, day)
  }

  /// `3pm`, `3:30 pm`, `15:30`; a bare number is no time.
  private static func takeTime(from rest: inout Substring) -> (Int64, Int64)? {
    if let match = rest.prefixMatch(of: /(?i)(\d{1,2})(?::(\d\d))?\s*([ap])\.?m\b\.?/),
      let hour = Int64(match.1), (1...12).contains(hour)
    {
      rest = rest[match.range.upperBound...]
      let isAfternoon = match.3.lowercased() == "p"
      return (hour % 12 + (isAfternoon ? 12 : 0), match.2.flatMap { Int64($0) } ?? 0)
    }
    guard let match = rest.prefixMatch(of: /(\d{1,2}):(\d\d)(?::\d\d)?\b/),
      let hour = Int64(match.1), let minute = Int64(match.2)
    else { return nil }
    rest = rest[match.range.upperBound...]
    return (hour, minute)
  }

  /// `(UTC)`, `GMT`, `Z`, `UTC+2`, `+02:00`; `nil` where the text names no offset.
  private static func offsetNamed(atStartOf rest: Substring) -> Duration? {
    let pattern = /(?i)\s*\(?(?:(utc|gmt|z)\b)?([+-]\d{1,2}(?::?\d\d)?)?/
    guard let match = rest.prefixMatch(of: pattern), match.1 != nil || match.2 != nil else {
      return nil
    }
    guard let text = match.2 else { return .zero }
    let digits = text.compactMap(\.wholeNumberValue)
    let number = digits.reduce(0) { $0 * 10 + Int64($1) }
    let (hours, minutes) = digits.count > 2 ? (number / 100, number % 100) : (number, 0)
    return .seconds((hours * 3600 + minutes * 60) * (text.first == "-" ? -1 : 1))
  }
}
