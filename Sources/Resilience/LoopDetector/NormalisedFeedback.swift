// Feedback without what changes from run to run, so that the same complaint reads the same.

/// A reviewer's text in which only what it says is left.
///
/// Terminal codes go; timestamps, UUIDs, temporary paths, hexadecimal addresses and durations become
/// `<time>`, `<uuid>`, `<path>`, `<hex>` and `<duration>`; runs of white space become one space. Plain
/// numbers stay: another line number is another complaint. Linear in the text's length, whatever is
/// in it.
public struct NormalisedFeedback: Hashable, Sendable {
  /// What is left; digest it, with the step's key, for a ``LoopDetector``.
  public let text: String

  /// Normalises a text; of a longer one than `bytesMax` only the beginning counts.
  public init(_ feedback: String, step: String = "", bytesMax: Int = 1 << 20) {
    var words: [String] = step.isEmpty ? [] : ["[\(step)]"]
    let bytes = TerminalCodes.removed(from: Array(feedback.utf8.prefix(max(0, bytesMax))))
    for word in bytes.split(whereSeparator: { $0 <= 0x20 }) {
      words.append(FeedbackWord.normalised(word))
    }
    text = FeedbackWord.joiningTimes(words).joined(separator: " ")
  }
}

/// One word of feedback, and which of its parts say nothing.
enum FeedbackWord {
  private static let marks = Array(#""'`()[]{}<>,;!?="#.utf8)

  /// The word with its changing parts replaced; punctuation around them stays.
  static func normalised(_ word: ArraySlice<UInt8>) -> String {
    var out = ""
    var part: [UInt8] = []
    func flush() {
      out += kind(of: part) ?? String(decoding: part, as: UTF8.self)
      part = []
    }
    for byte in word {
      if marks.contains(byte) {
        flush()
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        part.append(byte)
      }
    }
    flush()
    return out
  }

  /// A date and a time of day, written as two words, are one time.
  static func joiningTimes(_ words: [String]) -> [String] {
    var joined: [String] = []
    for word in words where !(word == "<time>" && joined.last == "<time>") { joined.append(word) }
    return joined
  }

  private static func kind(of part: [UInt8]) -> String? {
    var core = part[...]
    var tail = ""
    while let last = core.last, last == UInt8(ascii: ".") || last == UInt8(ascii: ":") {
      tail = String(decoding: [last], as: UTF8.self) + tail
      core = core.dropLast()
    }
    if isTemporaryPath(core) { return "<path>" + tail }
    guard core.contains(where: isDigit) else { return nil }
    if isUUID(core) { return "<uuid>" + tail }
    if isAddress(core) { return "<hex>" + tail }
    if isDateOrTime(core) { return "<time>" + tail }
    if isDuration(core) { return "<duration>" + tail }
    return nil
  }

  private static func isTemporaryPath(_ part: ArraySlice<UInt8>) -> Bool {
    ["/tmp/", "/var/tmp/", "/private/tmp/", "/var/folders/", "/private/var/folders/"]
      .contains { part.starts(with: $0.utf8) }
  }

  private static func isUUID(_ part: ArraySlice<UInt8>) -> Bool {
    let groups = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.allSatisfy { $0.allSatisfy(isHex) }
  }

  private static func isAddress(_ part: ArraySlice<UInt8>) -> Bool {
    let digits = part.dropFirst(2)
    return part.starts(with: "0x".utf8) && digits.count >= 4 && digits.allSatisfy(isHex)
  }

  /// `2026-01-31`, `2026-01-31T07:05:09.123Z`, `07:05:09`, `07:05:09,123+02:00`.
  private static func isDateOrTime(_ part: ArraySlice<UInt8>) -> Bool {
    let shape = part.prefix(10).map { isDigit($0) ? UInt8(ascii: "0") : $0 }
    let rest = part.dropFirst(10)
    if shape == Array("0000-00-00".utf8) || shape == Array("0000/00/00".utf8) {
      return rest.isEmpty || (rest.first == UInt8(ascii: "T") && rest.allSatisfy(isTimeByte))
    }
    return shape.starts(with: "00:00:00".utf8) && part.allSatisfy(isTimeByte)
  }

  /// `12ms`, `3.4s`, `1m30s`, `0.25sec`.
  private static func isDuration(_ part: ArraySlice<UInt8>) -> Bool {
    let units: Set<String> = ["ns", "us", "µs", "ms", "s", "sec", "secs", "m", "min", "h", "d"]
    var rest = part
    var pairs = 0
    while !rest.isEmpty {
      let number = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
      rest = rest.dropFirst(number.count)
      let unit = rest.prefix { !isDigit($0) }
      rest = rest.dropFirst(unit.count)
      guard number.first.map(isDigit) == true,
        units.contains(String(decoding: unit, as: UTF8.self))
      else { return false }
      pairs += 1
    }
    return pairs > 0
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }
  private static func isTimeByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || ":.,+-TZ".utf8.contains(byte)
  }
}

/// The escape sequences of terminals (ECMA-48), so that colour is not part of a complaint.
enum TerminalCodes {
  private static let escape: UInt8 = 0x1B

  /// The bytes without control sequences, operating-system commands and two-byte escapes.
  static func removed(from bytes: [UInt8]) -> [UInt8] {
    enum Place { case text, escape, control, command, commandEscape }
    var place = Place.text
    var kept: [UInt8] = []
    for byte in bytes {
      switch place {
      case .text: if byte == Self.escape { place = .escape } else { kept.append(byte) }
      case .escape:
        place = byte == UInt8(ascii: "[") ? .control : byte == UInt8(ascii: "]") ? .command : .text
      case .control: if (0x40...0x7E).contains(byte) { place = .text }
      case .command:
        if byte == 0x07 { place = .text } else if byte == Self.escape { place = .commandEscape }
      case .commandEscape: place = byte == UInt8(ascii: "\\") ? .text : .command
      }
    }
    return kept
  }
}
