// The forms in which servers write times and durations. Each reader takes exactly its form.

import BatchModel
package import Resilience

/// Readers of times and durations in headers and bodies.
package enum TimeText {
  /// A longer wait is taken for garbage: a mistyped unit, or a date of another century.
  static let waitMax = Duration.seconds(366 * 86_400)

  /// An HTTP date (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`, `RFC 850` and asctime
  /// forms included.
  package static func httpDate(_ text: String) -> Instant? {
    let modern =
      /[A-Za-z]{3}, (\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC|[+]0000)/
    if let match = text.wholeMatch(of: modern) {
      return instant(match.3, match.2, match.1, match.4, match.5, match.6)
    }
    let old = /[A-Za-z]{6,9}, (\d\d)-([A-Za-z]{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT/
    if let match = text.wholeMatch(of: old) {
      let century: Substring = match.3 < "70" ? "20" : "19"
      return instant(
        century + match.3, match.2, match.1, match.4, match.5, match.6)
    }
    let asctime = /[A-Za-z]{3} ([A-Za-z]{3}) [ ]?(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})/
    guard let match = text.wholeMatch(of: asctime) else { return nil }
    return instant(match.6, match.1, match.2, match.3, match.4, match.5)
  }

  /// RFC 3339 with any offset: `2026-11-21T07:00:00Z`, `2026-11-21T07:00+01:00`; seconds may be
  /// missing, a space may stand for the `T`.
  package static func rfc3339(_ text: some StringProtocol) -> Instant? {
    let pattern =
      /(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)? ?(?:([Zz]|UTC)|([+-])(\d\d):?(\d\d))/
    guard let match = String(text).wholeMatch(of: pattern) else { return nil }
    let numbers = [match.1, match.2, match.3, match.4, match.5, match.6 ?? "0"]
      .compactMap { Int64($0) }
    guard numbers.count == 6 else { return nil }
    var offset = Duration.zero
    if let hours = match.10, let minutes = match.11, let ahead = Int64(hours),
      let part = Int64(minutes), ahead < 24, part < 60
    {
      offset = .seconds((ahead * 3600 + part * 60) * (match.9 == "-" ? -1 : 1))
    }
    let time = CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers[5])
    let digits = (match.7 ?? "").prefix(3)
    let milliseconds = (Int64(digits) ?? 0) * [1, 100, 10, 1][digits.count]
    return time.instant(offset: offset)?.advanced(by: .milliseconds(milliseconds))
  }

  /// A duration as Go prints it (`6m0s`, `12ms`), which is also Google's form; longer than a year is
  /// `nil`.
  package static func goDuration(_ text: String) -> Duration? {
    guard !text.isEmpty, text.utf8.count <= 40 else { return nil }
    if text == "0" { return .zero }
    var rest = text[...]
    var total = Duration.zero
    while !rest.isEmpty {
      guard let match = rest.prefixMatch(of: /(\d+)(?:\.(\d+))?(h|ms|m|s|us|µs|μs|ns)/),
        let unit = nanoseconds(of: match.3),
        let value = DecimalText.scaled("\(match.1).\(match.2 ?? "0")", by: 9)
      else { return nil }
      let amount = Int128(value) * Int128(unit) / 1_000_000_000
      guard amount <= Int128(waitMax.nanosecondsClamped) else { return nil }
      total += .nanoseconds(Int64(amount))
      rest = rest[match.range.upperBound...]
    }
    return total <= waitMax ? total : nil
  }

  /// A number of seconds or milliseconds, perhaps with a fraction; `nil` for anything negative or
  /// longer than a year.
  package static func number(_ text: String, of unit: Duration) -> Duration? {
    guard let value = DecimalText.scaled(text, by: 6) else { return nil }
    let nanoseconds = Int128(value) * Int128(unit.nanosecondsClamped) / 1_000_000
    guard nanoseconds <= Int128(waitMax.nanosecondsClamped) else { return nil }
    return .nanoseconds(Int64(nanoseconds))
  }

  private static func nanoseconds(of unit: some StringProtocol) -> Int64? {
    switch unit {
    case "h": 3_600_000_000_000
    case "m": 60_000_000_000
    case "s": 1_000_000_000
    case "ms": 1_000_000
    case "us", "µs", "μs": 1_000
    case "ns": 1
    default: nil
    }
  }

  private static func instant(
    _ year: some StringProtocol, _ month: some StringProtocol, _ day: some StringProtocol,
    _ hour: some StringProtocol, _ minute: some StringProtocol, _ second: some StringProtocol
  ) -> Instant? {
    guard let month = CivilTime.month(named: month), let year = Int64(year), let day = Int64(day),
      let hour = Int64(hour), let minute = Int64(minute), let second = Int64(second)
    else { return nil }
    return CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second
    ).instant()
  }
}
