// The only text that a canvas accepts: whatever it was made from, it holds printable cells only.
// Names, logs and answers are hostile (CVE-2021-25743, CVE-2021-42574).

/// Text with everything that a terminal would obey, reorder or hide made visible.
///
/// C0 controls are shown as `^X`; C1 controls, bidi and zero-width characters, tags, soft hyphens
/// and bad UTF-8 as `<U+…>`. Combining marks and the length are capped.
///
/// *Cost*: linear in what is kept, however long the source is.
package struct SafeText: Hashable, Sendable {
  package private(set) var glyphs: [Glyph]
  /// The columns that the glyphs take.
  package private(set) var columns: Int
  /// The source was longer than the cap.
  package private(set) var isCut: Bool

  /// No text is kept beyond so many columns.
  package static let columnsMax = 1024

  package init() {
    glyphs = []
    columns = 0
    isCut = false
  }

  /// Makes any string safe for one line of a screen.
  package init(_ string: some StringProtocol, columnsMax: Int = SafeText.columnsMax) {
    self.init(String(string).unicodeScalars, columnsMax: columnsMax, readsColors: false)
  }

  /// Makes a line of output safe: bytes in any encoding, its colours parsed into paint.
  package init(log bytes: some Collection<UInt8>, columnsMax: Int = SafeText.columnsMax) {
    // A column takes at most 4 bytes and 2 marks; what colours take is bounded by the factor.
    let head = bytes.prefix(columnsMax * 16)
    var text = String(decoding: head, as: UTF8.self).unicodeScalars
    while text.last == "\r" || text.last == "\n" { text.removeLast() }
    self.init(text, columnsMax: columnsMax, readsColors: true)
    isCut = isCut || head.count < bytes.count
  }

  private init(_ text: String.UnicodeScalarView, columnsMax: Int, readsColors: Bool) {
    self.init()
    glyphs.reserveCapacity(min(columnsMax, text.underestimatedCount))
    var paint = CellStyle.plain
    var rest = text.makeIterator()
    while let scalar = rest.next() {
      guard columns < columnsMax else {
        isCut = true
        return
      }
      if readsColors, scalar == "\u{1B}", let next = ColorSequence.read(&rest) {
        paint = next.applied(to: paint)
      } else if readsColors, scalar == "\t" {
        for _ in 0..<(8 - columns % 8) { append(Glyph(" ", paint: paint)) }
      } else {
        append(scalar, paint: paint)
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, paint: CellStyle) {
    let value = scalar.value
    if value < 0x20 || value == 0x7F {
      appendEscape("^", paint)
      appendEscape(Unicode.Scalar(UInt8(value ^ 0x40)), paint)
      return
    }
    switch ScalarClass(scalar) {
    case .printable(let width): append(Glyph(scalar, width: width, paint: paint))
    case .presentation: break
    case .hidden: appendCode(value, paint)
    case .mark:
      guard let last = glyphs.last, !last.isEscape else { return appendCode(value, paint) }
      glyphs[glyphs.count - 1].marks.add(scalar)
    }
  }

  private mutating func append(_ glyph: Glyph) {
    glyphs.append(glyph)
    columns += Int(glyph.width)
  }

  private mutating func appendEscape(_ scalar: Unicode.Scalar, _ paint: CellStyle) {
    append(Glyph(scalar, isEscape: true, paint: paint))
  }

  private mutating func appendCode(_ value: UInt32, _ paint: CellStyle) {
    let digits = String(value, radix: 16, uppercase: true)
    let padding = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
    for scalar in "<U+\(padding)\(digits)>".unicodeScalars { appendEscape(scalar, paint) }
  }
}

extension SafeText: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(value) }
}

extension SafeText {
  /// The two texts in a row.
  package static func + (left: SafeText, right: SafeText) -> SafeText {
    var sum = left
    sum.glyphs += right.glyphs
    sum.columns += right.columns
    sum.isCut = right.isCut || left.isCut
    return sum
  }

  package var isEmpty: Bool { glyphs.isEmpty }

  /// The glyphs as a string, marks included.
  package var plain: String {
    var scalars = String.UnicodeScalarView()
    for glyph in glyphs { glyph.append(to: &scalars) }
    return String(scalars)
  }

  /// The first glyphs that fit into so many columns.
  package func prefix(columns room: Int) -> SafeText {
    guard columns > room else { return self }
    var part = SafeText()
    for glyph in glyphs {
      guard part.columns + Int(glyph.width) <= room else { break }
      part.append(glyph)
    }
    part.isCut = true
    return part
  }

  /// The last glyphs that fit into so many columns.
  package func suffix(columns room: Int) -> SafeText {
    guard columns > room else { return self }
    var kept = 0
    var count = 0
    for glyph in glyphs.reversed() {
      guard kept + Int(glyph.width) <= room else { break }
      kept += Int(glyph.width)
      count += 1
    }
    var part = SafeText()
    part.glyphs = Array(glyphs.suffix(count))
    part.columns = kept
    part.isCut = true
    return part
  }

  /// The text in at most so many columns, `ellipsis` where something was left out.
  package func fitted(to room: Int, cut: Cut, ellipsis: Unicode.Scalar) -> SafeText {
    guard columns > room || isCut && columns == room else { return self }
    guard room > 0 else { return SafeText() }
    let mark = SafeText(String(Character(ellipsis)))
    switch cut {
    case .end: return prefix(columns: room - 1) + mark
    case .middle:
      // A path's end says more than its beginning.
      let head = (room - 1) / 3
      return prefix(columns: head) + mark + suffix(columns: room - 1 - head)
    }
  }
}

extension SafeText {
  /// The text as a string, with its marks and without its colours.
  package var string: String {
    var text = String.UnicodeScalarView()
    for glyph in glyphs { glyph.append(to: &text) }
    return String(text)
  }
}

/// Where a text that is too long loses its glyphs.
package enum Cut: Hashable, Sendable {
  case end
  /// In the middle: for paths.
  case middle
}

extension Glyph {
  /// Appends the character and its marks; the right half of a wide one has nothing to add.
  package func append(to scalars: inout String.UnicodeScalarView) {
    guard width > 0 else { return }
    scalars.append(scalar)
    for mark in [marks.first, marks.second] where mark != 0 {
      if let scalar = Unicode.Scalar(mark) { scalars.append(scalar) }
    }
  }
}
