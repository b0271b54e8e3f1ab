// Text that is hostile, and what a screen makes of it.

import Canvas
import Testing

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("plain", "plain", 5),
    ("Überwachung", "Überwachung", 11),
    ("日本語", "日本語", 6),
    ("🚂x", "🚂x", 3),
    ("é", "é", 1),
    ("\u{1B}[2J", "^[[2J", 5),
    ("a\nb\tc\r", "a^Jb^Ic^M", 9),
    ("\u{0}\u{7F}", "^@^?", 4),
    ("\u{9B}31m", "<U+009B>31m", 11),
    ("\u{202E}gnp.exe", "<U+202E>gnp.exe", 15),
    ("\u{2066}x\u{2069}", "<U+2066>x<U+2069>", 17),
    ("\u{061C}\u{200E}", "<U+061C><U+200E>", 16),
    ("a\u{200B}b", "a<U+200B>b", 10),
    ("a\u{200D}b", "a<U+200D>b", 10),
    ("\u{FEFF}\u{2060}", "<U+FEFF><U+2060>", 16),
    ("soft\u{AD}hyphen", "soft<U+00AD>hyphen", 18),
    ("tag\u{E0041}", "tag<U+E0041>", 12),
    ("\u{2028}", "<U+2028>", 8),
    ("\u{E000}", "<U+E000>", 8),
    ("\u{3164}", "<U+3164>", 8),
    ("⚠\u{FE0F} care", "⚠ care", 6),
    ("\u{301}x", "<U+0301>x", 9),
  ])
  func `whatever a terminal would obey or hide is shown`(
    source: String, shown: String, columns: Int
  ) {
    let text = SafeText(source)
    #expect(text.plain.unicodeScalars.elementsEqual(shown.unicodeScalars))
    #expect(text.columns == columns)
  }

  @Test func `bytes that are no UTF-8 are shown as replaced`() {
    #expect(SafeText(log: [0x61, 0xFF, 0x62]).plain == "a<U+FFFD>b")
    // A surrogate, an overlong slash, a sequence that is cut off.
    #expect(SafeText(log: [0xED, 0xA0, 0x80]).plain.hasPrefix("<U+FFFD>"))
    #expect(!SafeText(log: [0xC0, 0xAF]).plain.contains("/"))
    #expect(SafeText(log: [0xE2, 0x82]).plain == "<U+FFFD>")
  }

  @Test func `neutralised characters are marked as such, so that a name cannot fake them`() {
    let escaped = SafeText("\u{202E}").glyphs
    let spelled = SafeText("<U+202E>").glyphs
    #expect(escaped.map(\.isEscape) == Array(repeating: true, count: 8))
    #expect(spelled.map(\.isEscape) == Array(repeating: false, count: 8))
  }

  @Test func `combining marks are capped at two`() {
    let zalgo = SafeText("a" + String(repeating: "\u{301}", count: 500))
    #expect(zalgo.columns == 1)
    #expect(zalgo.plain.unicodeScalars.count == 3)
  }

  @Test func `a line of any length costs no more than the cap`() {
    let text = SafeText(String(repeating: "x", count: 5_000_000), columnsMax: 100)
    #expect(text.columns == 100)
    #expect(text.isCut)
    #expect(text.fitted(to: 100, cut: .end, ellipsis: "…").plain.hasSuffix("x…"))
    let log = SafeText(log: [UInt8](repeating: 0x61, count: 5_000_000), columnsMax: 100)
    #expect(log.columns == 100)
  }

  @Test func `a log's colours become paint, and every other sequence is shown`() {
    let text = SafeText(log: Array("\u{1B}[31;1merr\u{1B}[0m ok\u{1B}]0;title\u{7}".utf8))
    #expect(text.plain == "err ok^[]0;title^G")
    #expect(text.glyphs[0].paint == CellStyle(foreground: .index(1), attributes: .bold))
    #expect(text.glyphs[4].paint == .plain)
  }

  @Test(arguments: [
    ("38;5;208", CellStyle(foreground: .index(208))),
    ("38;2;1;2;3", CellStyle(foreground: .rgb(1, 2, 3))),
    ("38:2::1:2:3", CellStyle(foreground: .rgb(1, 2, 3))),
    ("48;5;17;4", CellStyle(background: .index(17), attributes: .underline)),
    ("97;100", CellStyle(foreground: .index(15), background: .index(8))),
    ("8", CellStyle.plain),
    ("58;5;31;1", CellStyle(attributes: .bold)),
    ("4;4:0", CellStyle.plain),
    ("4:3", CellStyle(attributes: .underline)),
    ("31;41", CellStyle(foreground: .index(1))),
    ("38;5;999", CellStyle.plain),
    ("", CellStyle.plain),
  ])
  func `colour sequences are understood, and none hides text`(
    parameters: String, paint: CellStyle
  ) {
    let text = SafeText(log: Array("\u{1B}[\(parameters)mx".utf8))
    #expect(text.plain == "x")
    #expect(text.glyphs[0].paint == paint)
  }

  @Test func `a colour sequence that is cut off or endless is shown`() {
    #expect(SafeText(log: Array("\u{1B}[31".utf8)).plain == "^[[31")
    let endless = "\u{1B}[" + String(repeating: "1;", count: 200) + "m"
    #expect(SafeText(log: Array(endless.utf8)).plain.hasPrefix("^[[1;1;"))
  }

  @Test func `tabs in a log go to the next stop of eight`() {
    #expect(SafeText(log: Array("ab\tc".utf8)).plain == "ab      c")
    #expect(SafeText(log: Array("line\r\n".utf8)).plain == "line")
  }

  @Test func `a cut text says so, within its columns`() {
    let path = SafeText("Sources/Very/Long/Path/File.swift")
    #expect(path.fitted(to: 16, cut: .end, ellipsis: "…").plain == "Sources/Very/Lo…")
    #expect(path.fitted(to: 16, cut: .middle, ellipsis: "~").plain == "Sourc~File.swift")
    // Half of a wide character is never left.
    #expect(SafeText("日本語").fitted(to: 4, cut: .end, ellipsis: "…").plain == "日…")
    #expect(path.fitted(to: 0, cut: .end, ellipsis: "…").isEmpty)
    #expect(path.fitted(to: 1, cut: .middle, ellipsis: "…").plain == "…")
  }

  @Test func `any bytes give printable cells only, and their columns add up`() {
    var random = Seeded(state: 7)
    for round in 0..<3000 {
      let length = Int(random.next() % 80)
      var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      // Half of the rounds are biased towards what matters: escapes, bidi, zero width.
      if round % 2 == 0 {
        let seeds = [
          "\u{1B}[", "\u{202E}", "\u{200B}", "\u{301}", "31m", "\u{9B}", "日", "\u{E0001}",
        ]
        bytes += seeds[Int(random.next() % 8)].utf8
        bytes.shuffle(using: &random)
        bytes += seeds[Int(random.next() % 8)].utf8
      }
      check(SafeText(log: bytes))
      check(SafeText(String(decoding: bytes, as: UTF8.self)))
    }
  }

  private func check(_ text: SafeText) {
    #expect(text.columns == text.glyphs.reduce(0) { $0 + Int($1.width) })
    for scalar in text.plain.unicodeScalars {
      let category = scalar.properties.generalCategory
      let isHarmful =
        switch category {
        case .control, .format, .surrogate, .unassigned, .privateUse, .lineSeparator,
          .paragraphSeparator:
          true
        default: false
        }
      #expect(!isHarmful, "U+\(String(scalar.value, radix: 16)) reached a cell")
    }
  }
}

/// SplitMix64: the same bytes on every machine.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
