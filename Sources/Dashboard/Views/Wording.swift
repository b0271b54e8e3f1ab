// How numbers, times and states read on the screen.

package import BatchModel
internal import Canvas
package import Resilience

/// The screen's words for values.
package enum Wording {
  /// `586,204`.
  package static func count(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [45] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(44) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `1 item`, `31 items`.
  package static func items(_ number: Int) -> String {
    number == 1 ? "1 item" : count(number) + " items"
  }

  /// At most 5 columns: `0:18`, `42:07`, `7h52m` is 5, `3d04h`, `999d`.
  package static func duration(_ duration: Duration) -> String {
    let seconds = max(0, duration.nanosecondsClamped / 1_000_000_000)
    if seconds < 3600 { return "\(seconds / 60):\(padded(seconds % 60))" }
    let minutes = seconds / 60
    if minutes < 600 { return "\(minutes / 60)h\(padded(minutes % 60))m" }
    let hours = minutes / 60
    if hours < 100 { return "\(hours)h" }
    return "\(min(hours / 24, 9999))d"
  }

  /// What is left of a wait, rounded up to whole seconds: never `0:00` while it lasts.
  package static func left(_ duration: Duration) -> String {
    self.duration(.seconds((max(0, duration.nanosecondsClamped) + 999_999_999) / 1_000_000_000))
  }

  /// `02:14:07` or `02:14` in the person's zone.
  package static func clock(_ instant: Instant, zone: Zone, seconds: Bool = true) -> String {
    let local = instant.advanced(by: zone.offset).nanoseconds / 1_000_000_000
    let day = ((local % 86_400) + 86_400) % 86_400
    let minute = "\(padded(day / 3600)):\(padded(day / 60 % 60))"
    return seconds ? "\(minute):\(padded(day % 60))" : minute
  }

  /// Rounded down; 100 only when nothing is left.
  package static func percent(_ part: Int, of whole: Int) -> Int {
    whole > 0 ? Int(Double(part) / Double(whole) * 100 + 1e-9) : 0
  }

  /// `38/s`, `0.4/s`, `12/min`.
  package static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond > 0 else { return "0/s" }
    if perSecond >= 9.95 { return count(Int(min(perSecond, 1e12).rounded())) + "/s" }
    if perSecond >= 0.95 { return tenths(perSecond) + "/s" }
    return tenths(perSecond * 60) + "/min"
  }

  /// `14 kB`.
  package static func bytes(_ number: Int64) -> String {
    var value = Double(number)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 1000 { return (unit == "B" ? "\(number)" : tenths(value)) + " " + unit }
      value /= 1000
    }
    return tenths(value) + " TB"
  }

  /// The state's word; FAIL is the one in capitals, on purpose.
  package static func state(_ state: ItemState) -> String {
    state == .failed ? "FAIL" : FilterSyntax.word(state)
  }

  package static func runState(_ state: RunState) -> String {
    switch state {
    case .running: "RUNNING"
    case .paused: "PAUSED"
    case .stopped: "STOPPED"
    case .finished: "FINISHED"
    case .superseded: "SUPERSEDED"
    }
  }

  package static func order(_ order: ItemOrder) -> String {
    switch order {
    case .attention: "trouble first"
    case .source: "source order"
    case .key: "by key"
    case .state: "by state"
    case .step: "by step"
    case .tries: "by tries"
    case .age: "by age"
    }
  }

  package static func skip(_ reason: SkipReason) -> String {
    switch reason {
    case .unchanged: "unchanged"
    case .olderRecipe: "done with an older recipe; --refresh runs it again"
    case .dependencyFailed: "an item that it comes after did not get done"
    case .byHand: "skipped by hand"
    }
  }

  package static func wait(_ reason: WaitReason) -> String {
    switch reason {
    case .retry: "retry"
    case .rateLimit: "rate limit"
    case .breaker: "breaker"
    case .quota: "quota"
    case .budget: "budget"
    case .held: "held"
    }
  }

  package static func outcome(_ outcome: AttemptOutcome?) -> String {
    switch outcome {
    case .succeeded: "done"
    case .failed: "FAIL"
    case .interrupted: "interrupted"
    case .unknown: "unknown"
    case .neverStarted: "not started"
    case .deferred: "put off"
    case nil: "running"
    }
  }

  /// `exit 1`, `timeout`, with the status where it says something.
  package static func failure(_ failure: Failure) -> String {
    switch failure.kind {
    case .exit, .signal: "\(failure.kind.rawValue) \(failure.status)"
    default: failure.kind.rawValue
    }
  }

  /// `812`, `48k`, `1.2M`.
  package static func short(_ number: Int) -> String {
    let value = Double(number)
    if number < 10_000 { return count(number) }
    if number < 1_000_000 { return "\(number / 1000)k" }
    return tenths(value / 1_000_000) + "M"
  }

  /// A breaker's state as the gauges name it; OPEN is in capitals, as it holds everything up.
  package static func breaker(_ state: String) -> String {
    switch state {
    case "open": "OPEN"
    case "isolated": "OPEN"
    case "disabled": "closed"
    default: state
    }
  }

  package static func sink(_ health: SinkHealth) -> String {
    switch health {
    case .unknown: "not tried yet"
    case .well: "healthy"
    case .failing: "failing"
    case .open: "DOWN, left alone for a while"
    case .unwilling: "refuses us"
    }
  }

  /// A text with blanks after it up to so many columns; longer ones are cut in the middle.
  package static func padded(_ text: String, columns: Int) -> String {
    let safe = SafeText(text).fitted(to: columns, cut: .middle, ellipsis: "…")
    var scalars = String.UnicodeScalarView()
    for glyph in safe.glyphs { glyph.append(to: &scalars) }
    return String(scalars) + String(repeating: " ", count: max(0, columns - safe.columns))
  }

  /// A sentence as lines of at most so many columns; broken between words where there are some.
  package static func wrapped(_ text: String, columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      let width = SafeText(word).columns
      if used > 0, used + 1 + width > columns {
        lines.append(line)
        (line, used) = ("", 0)
      }
      line += used > 0 ? " " + word : String(word)
      used += width + (used > 0 ? 1 : 0)
    }
    return used > 0 ? lines + [line] : lines
  }

  private static func padded(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }

  private static func tenths(_ value: Double) -> String {
    let rounded = Int((value * 10).rounded())
    return rounded % 10 == 0 || rounded >= 100
      ? count((rounded + 5) / 10) : "\(rounded / 10).\(rounded % 10)"
  }
}
