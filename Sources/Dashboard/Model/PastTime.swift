// A time as a person types it: a time of day, a date, or how long ago.

internal import BatchModel
package import Resilience

/// Reads `02:14`, `02:14:07`, `2026-11-22 02:14`, `2026-11-22T02:14:07Z`, `-10m` and `+1h30m`.
package enum PastTime {
  /// Why a text is no time.
  package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    package var text: String
    package var description: String {
      "'\(text)' is no time: 02:14, 2026-11-22 02:14, 2026-11-22T02:14:07Z, -10m, +1h30m"
    }
  }

  /// - Parameters:
  ///   - now: A time of day is the last one before it.
  ///   - present: What `-10m` and `+10m` count from.
  package static func parse(
    _ text: String, now: Instant, present: Instant, zone: Zone
  ) throws(Problem) -> Instant {
    if let distance = distance(text) { return present.advanced(by: distance) }
    if let time = timeOfDay(text, now: now, zone: zone) { return time }
    if let date = date(text, zone: zone) { return date }
    throw Problem(text: text)
  }

  private static func distance(_ text: String) -> Duration? {
    guard let sign = text.first, sign == "-" || sign == "+", text.utf8.count > 1 else { return nil }
    var seconds: Int64 = 0
    var number = ""
    for character in text.dropFirst() {
      if character.isASCII, character.isNumber {
        number.append(character)
        continue
      }
      guard let count = Int64(number), count < 1_000_000, let unit = units[character] else {
        return nil
      }
      seconds += count * unit
      number = ""
    }
    guard number.isEmpty else { return nil }
    return .seconds(sign == "-" ? -seconds : seconds)
  }

  private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

  private static func timeOfDay(_ text: String, now: Instant, zone: Zone) -> Instant? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ (1...2).contains($0.utf8.count) })
    else { return nil }
    let numbers = parts.compactMap { Int64($0) }
    let second = numbers.count == 3 ? numbers[2] : 0
    guard numbers.count == parts.count, (0..<24).contains(numbers[0]),
      (0..<60).contains(numbers[1]), (0..<60).contains(second)
    else { return nil }
    let local = now.advanced(by: zone.offset).milliseconds
    let midnight = local - ((local % day) + day) % day
    let wanted = midnight + ((numbers[0] * 60 + numbers[1]) * 60 + second) * 1000
    let latest = wanted > local ? wanted - day : wanted
    return Instant(milliseconds: latest).advanced(by: .zero - zone.offset)
  }

  private static let day: Int64 = 86_400_000

  private static func date(_ text: String, zone: Zone) -> Instant? {
    if let instant = Instant(rfc3339: text) { return instant }
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "T" })
    guard parts.count == 2, !text.hasSuffix("Z") else { return nil }
    let seconds = parts[1].utf8.count <= 5 ? ":00" : ""
    let local = Instant(rfc3339: "\(parts[0])T\(parts[1])\(seconds)Z")
    return local?.advanced(by: .zero - zone.offset)
  }
}
