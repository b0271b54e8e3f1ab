// What the suites draw, and what they draw it with.

import Canvas
import NcursesTerminal
import Testing

enum Screens {
  /// Every cell full and unlike its neighbour, in changing colours.
  static func dense(_ size: Size) -> Canvas {
    var canvas = Canvas(size: size)
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let letter = Unicode.Scalar(UInt8(97 + (row + column * 7) % 26))
        let style = CellStyle(foreground: .index(UInt8(1 + (column / 10) % 6)))
        canvas.put(Glyph(letter), row: row, column: column, style: style)
      }
    }
    return canvas
  }

  static func lines(_ texts: [SafeText], _ size: Size) -> Canvas {
    var canvas = Canvas(size: size)
    for (row, text) in texts.enumerated() { canvas.write(text, in: canvas.bounds.line(row)) }
    return canvas
  }
}

/// A terminal that everybody's terminfo knows, and what it is told at the start and at the end.
struct KnownType: Codable, Sendable, CustomTestStringConvertible {
  var name: String
  /// Each is sent at the start, and its opposite at the end.
  var pairs: [[String]]
  var testDescription: String { name }

  private static let screen = ["\u{1B}[?1049h", "\u{1B}[?1049l"]
  private static let cursor = ["\u{1B}[?25l", "\u{1B}[?25h"]
  private static let paste = ["\u{1B}[?2004h", "\u{1B}[?2004l"]
  private static let focus = ["\u{1B}[?1004h", "\u{1B}[?1004l"]
  private static let keypad = ["\u{1B}=", "\u{1B}>"]

  static let xterm = KnownType(
    name: "xterm-256color", pairs: [screen, cursor, paste, focus, keypad])

  /// The VT100 has one screen and a cursor that cannot be hidden; the console has one screen.
  static let all = [
    xterm,
    KnownType(name: "tmux-256color", pairs: [screen, cursor, paste, focus, keypad]),
    KnownType(name: "screen", pairs: [screen, cursor, paste, focus, keypad]),
    KnownType(name: "linux", pairs: [cursor]),
    KnownType(name: "vt100", pairs: [["\u{1B}=", "\u{1B}>"]]),
  ]

  /// Each mode was entered, and the last that was said of it is that it is left.
  func expectPairs(on opening: String, off closing: String) {
    for pair in pairs {
      #expect(opening.contains(pair[0]), "\(name): \(pair[0].debugDescription)")
      let off = closing.ranges(of: pair[1]).last
      #expect(off != nil, "\(name): \(pair[1].debugDescription)")
      if let off {
        #expect(!closing[off.upperBound...].contains(pair[0]), "\(name): it is on again")
      }
    }
  }
}

/// The same numbers for the same seed (SplitMix64, Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
