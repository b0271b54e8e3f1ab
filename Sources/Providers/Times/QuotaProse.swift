// "resets at 3pm": the end of a quota in the words of command-line agents and error messages, which
// give no header to read it from.

package import Resilience

/// What a text says about an exhausted quota.
package struct QuotaProse: Hashable, Sendable {
  /// When it is over; `nil` when the text does not say, or not so that it can be understood.
  package var resetsAt: Instant?

  /// A text longer than this is searched at its end, where an agent says why it stopped.
  static let searchedBytesMax = 16_384
  /// A clock time that was so recently is meant as now, not as tomorrow.
  private static let justPassed = Duration.seconds(600)

  /// Looks for an exhausted quota in `text`; `nil` when it speaks of none.
  ///
  /// Ask it only about an attempt that has failed, or ended with nothing: an answer may well talk
  /// about limits.
  ///
  /// - Parameters:
  ///   - now: When the text was written.
  ///   - offset: How far local clocks are ahead of UTC; a zone that the text names by its UTC offset
  ///     goes before it, one that it names by its place is taken for the local one.
  package init?(in text: some StringProtocol, now: Instant, offset: Duration) {
    let tail = String(decoding: text.utf8.suffix(Self.searchedBytesMax), as: UTF8.self)
    let words = tail.split(whereSeparator: \.isWhitespace)
    let line = Array(words.joined(separator: " ").lowercased().utf8)
    guard Self.subjects.contains(where: { Self.contains($0, in: line) }),
      Self.exhaustion.contains(where: { Self.contains($0, in: line) })
    else { return nil }
    resetsAt = Self.reset(in: tail, words: words, now: now, offset: offset)
  }

  /// What runs out: in command-line agents' messages a limit of some kind, or a quota.
  private static let subjects = [
    "usage limit", "rate limit", "session limit", "weekly limit", "daily limit", "monthly limit",
    "hour limit", "hourly limit", "token limit", "request limit", "spend limit", "spending limit",
    "plan limit", "your limit", "opus limit", "sonnet limit", "limit reached", "limit exceeded",
    "out of credit", "out of usage", "quota",
  ].map { Array($0.utf8) }

  /// That it has run out: a word of this kind must be there too.
  private static let exhaustion = [
    "reached", "exceeded", "exhausted", "hit your", "reset", "try again", "regain access",
    "out of", "used up",
  ].map { Array($0.utf8) }

  private static func contains(_ phrase: [UInt8], in line: [UInt8]) -> Bool {
    guard line.count >= phrase.count, let first = phrase.first else { return false }
    return line[...(line.count - phrase.count)].indices.contains { start in
      line[start] == first && line[start..<(start + phrase.count)].elementsEqual(phrase)
    }
  }

  private static func reset(
    in text: String, words: [Substring], now: Instant, offset: Duration
  ) -> Instant? {
    // "Claude AI usage limit reached|1760000400"
    if let mark = text.lastIndex(of: "|") {
      let digits = text[text.index(after: mark)...].prefix { $0.isASCII && $0.isNumber }
      if digits.count == 10, let seconds = Int64(digits) {
        return kept(Instant(nanoseconds: 0).advanced(by: .seconds(seconds)), now: now)
      }
    }
    // The last one counts: an agent that went on says the newest at its end.
    let leads = words.indices.filter { isLead(words[$0]) }.suffix(16)
    for lead in leads.reversed() {
      for index in words[(lead + 1)...].indices.prefix(3) {
        let rest = text[words[index].startIndex...].prefix(64)
        switch time(atStartOf: rest, now: now, offset: offset) {
        case .nothing: continue
        case .impossible: return nil
        case .instant(let instant): return kept(instant, now: now)
        }
      }
    }
    return nil
  }

  /// The words after which a time is said: `resets at …`, `try again in …`, `regain access on …`.
  private static func isLead(_ word: Substring) -> Bool {
    let letters = word.filter(\.isLetter).lowercased()
    return ["reset", "resets", "again", "access", "available", "renews", "until", "after"]
      .contains(letters)
  }

  private static func time(
    atStartOf text: Substring, now: Instant, offset: Duration
  ) -> ClockProse.Found {
    let rest = text.trimmingPrefix(/(?i)(?:at|on|in):?\s+/)
    if let wait = wait(in: rest) { return .instant(now.advanced(by: wait)) }
    return ClockProse.find(atStartOf: rest, now: now, offset: offset, grace: justPassed)
  }

  private static func kept(_ instant: Instant, now: Instant) -> Instant? {
    guard now.duration(to: instant) <= TimeText.waitMax else { return nil }
    return max(now, instant)
  }

  /// `3 days 1 hour 9 minutes`, `2h 15m`, `45s`.
  private static func wait(in text: Substring) -> Duration? {
    var rest = text
    var total: Duration?
    let part =
      /(?i)\s*(?:,|and)?\s*(\d{1,5})\s*(d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b/
    while let match = rest.prefixMatch(of: part), let count = Int64(match.1) {
      let seconds: Int64
      switch match.2.lowercased().first {
      case "d": seconds = 86_400
      case "h": seconds = 3600
      case "m": seconds = 60
      default: seconds = 1
      }
      total = (total ?? .zero) + .seconds(count * seconds)
      rest = rest[match.range.upperBound...]
    }
    return total
  }
}
