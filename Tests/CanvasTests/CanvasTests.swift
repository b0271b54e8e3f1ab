// Drawing: what is outside is cut, and half a wide character is never left behind.

import Canvas
import Testing

@Suite struct CanvasTests {
  @Test func `text is cut at its rectangle and at the canvas`() {
    var canvas = Canvas(size: Size(columns: 10, rows: 2))
    canvas.write("abcdefgh", in: Rect(row: 0, column: 1, rows: 1, columns: 5))
    canvas.write("outside", in: Rect(row: 1, column: 7, rows: 1, columns: 20))
    canvas.write("nowhere", in: Rect(row: 5, column: 0, rows: 1, columns: 9))
    canvas.write("left", in: Rect(row: 1, column: -2, rows: 1, columns: 9))
    #expect(canvas.lines == [" abcd…", "ft     out"])
  }

  @Test func `alignment puts a text to either side or between`() {
    var canvas = Canvas(size: Size(columns: 9, rows: 3))
    canvas.write("abc", in: canvas.bounds.line(0), align: .right)
    canvas.write("abc", in: canvas.bounds.line(1), align: .center)
    canvas.write("abc", in: canvas.bounds.line(2))
    #expect(canvas.lines == ["      abc", "   abc", "abc"])
  }

  @Test func `writing over half of a wide character blanks the other half`() {
    var canvas = Canvas(size: Size(columns: 6, rows: 2))
    canvas.write("日本語", in: canvas.bounds.line(0))
    canvas.write("x", in: Rect(row: 0, column: 1, rows: 1, columns: 1))
    canvas.write("y", in: Rect(row: 0, column: 4, rows: 1, columns: 1))
    #expect(canvas.lines[0] == " x本y")
    // A wide character that would end outside is not begun.
    canvas.write("日", in: Rect(row: 1, column: 5, rows: 1, columns: 4))
    #expect(canvas.lines[1] == "")
  }

  @Test func `neutralised characters have a look of their own`() {
    let escape = CellStyle(foreground: .index(5))
    var canvas = Canvas(size: Size(columns: 10, rows: 1), escapeStyle: escape)
    canvas.write("a\u{1B}", in: canvas.bounds, style: CellStyle(foreground: .index(2)))
    #expect(canvas[0, 0].style.foreground == .index(2))
    #expect(canvas[0, 1].style.foreground == .index(5))
  }

  @Test func `the same drawing gives an equal canvas, another one does not`() {
    func drawn(_ text: SafeText) -> Canvas {
      var canvas = Canvas(size: Size(columns: 8, rows: 1))
      canvas.write(text, in: canvas.bounds)
      return canvas
    }
    #expect(drawn("same") == drawn("same"))
    #expect(drawn("same") != drawn("sane"))
  }

  @Test func `a log's colours give way where they could not be read`() {
    let paper = CellStyle(foreground: .rgb(36, 41, 47), background: .rgb(251, 251, 248))
    let ink = CellStyle(foreground: .rgb(213, 217, 224), background: .rgb(22, 24, 29))
    for (code, style, isKept) in [
      ("97", paper, false), ("93", paper, false), ("31", paper, true), ("30", ink, false),
      ("37", ink, true), ("30", CellStyle.plain, true), ("37;40", paper, true),
      ("38;5;232;48;5;233", paper, false),
    ] {
      var canvas = Canvas(size: Size(columns: 1, rows: 1))
      let text = SafeText(log: Array("\u{1B}[\(code)mx".utf8))
      canvas.write(text, in: canvas.bounds, style: style)
      let wanted = isKept ? text.glyphs[0].paint.over(style) : style
      #expect(canvas[0, 0].style == wanted, "\(code)")
    }
  }

  @Test func `a row's change is as narrow as it is, and cuts no wide character`() {
    var old = Canvas(size: Size(columns: 20, rows: 2))
    old.write("run  0:12  日本語", in: old.bounds)
    #expect(old.change(inRow: 0, since: old) == nil)
    var same = Canvas(size: old.size)
    same.write("run  0:12  日本語", in: same.bounds)
    #expect(same.change(inRow: 0, since: old) == nil)
    var new = old
    new.write("3", in: Rect(row: 0, column: 8, rows: 1, columns: 1))
    #expect(new.change(inRow: 0, since: old) == 8..<9)
    #expect(new.change(inRow: 1, since: old) == nil)
    new.write("0", in: Rect(row: 0, column: 5, rows: 1, columns: 1))
    #expect(new.change(inRow: 0, since: old) == 8..<9)
    new.write("x", in: Rect(row: 0, column: 12, rows: 1, columns: 1))
    #expect(new.change(inRow: 0, since: old) == 8..<13)
    // The other way, the new row has the wide character that the old one lacks half of.
    #expect(old.change(inRow: 0, since: new) == 8..<13)
    new = old
    new.write("Ü", in: Rect(row: 0, column: 16, rows: 1, columns: 1))
    #expect(new.change(inRow: 0, since: old) == 15..<17)
    new = old
    new.restyle(Rect(row: 1, column: 19, rows: 1, columns: 1), CellStyle(attributes: .bold))
    #expect(new.change(inRow: 1, since: old) == 19..<20)
  }

  @Test func `a frame has its corners in either set of glyphs`() {
    var canvas = Canvas(size: Size(columns: 4, rows: 3))
    canvas.frame(canvas.bounds)
    #expect(canvas.lines == ["┌──┐", "│  │", "└──┘"])
    var ascii = Canvas(size: Size(columns: 4, rows: 3), glyphs: .ascii)
    ascii.frame(ascii.bounds)
    #expect(ascii.lines == ["+--+", "|  |", "+--+"])
  }

  @Test(arguments: [
    (0.0, "..........", "░░░░░░░░░░"), (0.000001, "#.........", "▏░░░░░░░░░"),
    (0.5, "#####.....", "█████░░░░░"), (0.999999, "#########.", "█████████▉"),
    (1.0, "##########", "██████████"), (7.0, "##########", "██████████"),
    (-1.0, "..........", "░░░░░░░░░░"), (Double.nan, "..........", "░░░░░░░░░░"),
  ])
  func `a bar is full only at the end and empty only at the beginning`(
    fraction: Double, ascii: String, unicode: String
  ) {
    for (glyphs, expected) in [(GlyphSet.ascii, ascii), (.unicode, unicode)] {
      var canvas = Canvas(size: Size(columns: 10, rows: 1), glyphs: glyphs)
      canvas.bar(fraction, in: canvas.bounds, style: .plain, emptyStyle: .plain)
      #expect(canvas.lines == [expected])
    }
  }

  @Test func `a chart shows the newest values at the right, and zero as nothing`() {
    var canvas = Canvas(size: Size(columns: 4, rows: 2))
    canvas.chart(
      [9, 0, 1, 8, 16], ceiling: 16, in: canvas.bounds, style: .plain)
    #expect(canvas.lines == ["   █", " ▁██"])
    var empty = Canvas(size: Size(columns: 4, rows: 1))
    empty.chart([.nan, .infinity, -3], ceiling: 1, in: empty.bounds, style: .plain)
    #expect(empty.lines == [""])
  }
}

@Suite struct RectTests {
  @Test func `parts cover the whole, shares divide what fixed parts leave`() {
    let parts = Rect(rows: 10, columns: 7).split(rows: [
      .fixed(2), .share(1), .share(2), .fixed(1),
    ])
    #expect(parts.map(\.row) == [0, 2, 4, 9])
    #expect(parts.map(\.rows) == [2, 2, 5, 1])
    #expect(parts.allSatisfy { $0.columns == 7 })
  }

  @Test func `too little room takes from the last parts and never goes negative`() {
    let parts = Rect(rows: 3, columns: 4).split(columns: [.fixed(3), .share(1), .fixed(3)])
    #expect(parts.map(\.columns) == [3, 0, 1])
    #expect(Rect(rows: -3, columns: 2).isEmpty)
    #expect(Rect(rows: 2, columns: 2).inset(top: 5, left: 5).isEmpty)
  }

  @Test func `a box in the middle is as large as fits`() {
    let box = Rect(rows: 10, columns: 20).centered(rows: 4, columns: 100)
    #expect(box == Rect(row: 3, column: 0, rows: 4, columns: 20))
  }
}

@Suite struct ColorDepthTests {
  @Test(
    arguments: [
      (Color.terminal, ColorDepth.indexed, nil),
      (.rgb(255, 0, 0), .mono, nil),
      (.rgb(255, 0, 0), .indexed, 196),
      (.rgb(8, 8, 8), .indexed, 232),
      (.rgb(250, 10, 10), .sixteen, 9),
      (.rgb(200, 5, 5), .eight, 1),
      (.index(12), .eight, 4),
      (.index(12), .sixteen, 12),
      (.index(208), .indexed, 208),
      (.index(196), .eight, 1),
    ] as [(Color, ColorDepth, Int?)])
  func `a colour becomes the nearest one that the terminal has`(
    color: Color, depth: ColorDepth, index: Int?
  ) {
    #expect(color.index(at: depth) == index)
  }

  @Test func `every colour fits every depth`() {
    var random = Seeded(state: 3)
    for _ in 0..<500 {
      let bits = random.next()
      let color = Color.rgb(
        UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
        UInt8(truncatingIfNeeded: bits >> 16))
      for depth in [ColorDepth.eight, .sixteen, .indexed] {
        let index = color.index(at: depth) ?? -1
        #expect((0..<depth.rawValue).contains(index))
      }
    }
  }
}
