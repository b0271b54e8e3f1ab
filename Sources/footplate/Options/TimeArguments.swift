// Times, durations and sizes on the command line.

import ArgumentParser
import BatchDefinition
import BatchModel
import Foundation
import Resilience

/// A time of day in the local zone: `07:00`.
struct ClockTime: ExpressibleByArgument {
  let hour: Int
  let minute: Int

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /(\d{1,2}):(\d\d)/), let hour = Int(match.1),
      let minute = Int(match.2), hour < 24, minute < 60
    else { return nil }
    self.hour = hour
    self.minute = minute
  }

  /// The next moment with that time of day.
  func next(after now: Instant) -> Instant {
    let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
    let next = Calendar.current.nextDate(
      after: date, matching: DateComponents(hour: hour, minute: minute),
      matchingPolicy: .nextTime)
    guard let next else { return now }
    return Instant(milliseconds: Int64(next.timeIntervalSince1970 * 1000))
  }

  /// The last moment with that time of day.
  func last(before now: Instant) -> Instant {
    let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
    let last = Calendar.current.nextDate(
      after: date, matching: DateComponents(hour: hour, minute: minute),
      matchingPolicy: .nextTime, direction: .backward)
    guard let last else { return now }
    return Instant(milliseconds: Int64(last.timeIntervalSince1970 * 1000))
  }
}

/// A moment that has passed: a time of day in the local zone, how long ago, or a date with its time.
enum SinceTime: ExpressibleByArgument {
  case clock(ClockTime)
  case ago(Duration)
  case at(Instant)

  init?(argument: String) {
    if let clock = ClockTime(argument: argument) {
      self = .clock(clock)
    } else if let ago = DurationArgument(argument: argument) {
      self = .ago(ago.duration)
    } else if let moment = Instant(rfc3339: argument) {
      self = .at(moment)
    } else {
      return nil
    }
  }

  /// The moment; a time of day is its newest that has passed.
  func moment(before now: Instant) -> Instant {
    switch self {
    case .clock(let clock): clock.last(before: now)
    case .ago(let duration): now.advanced(by: .zero - duration)
    case .at(let moment): moment
    }
  }
}

/// A duration as the definition writes it: `250ms`, `30s`, `10m`, `1h30m`, `7d`; longer than nothing.
struct DurationArgument: ExpressibleByArgument {
  let duration: Duration

  init?(argument: String) {
    guard let duration = DurationText.duration(argument), duration > .zero else { return nil }
    self.duration = duration
  }
}

/// A size as the definition writes it: `500MB`, `20GB`; from 1 MB to 1 TB.
struct SizeArgument: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    guard let bytes = SizeText.bytes(argument) else { return nil }
    self.bytes = bytes
  }
}
