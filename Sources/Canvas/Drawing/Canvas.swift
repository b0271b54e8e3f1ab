// A screen as a value: cells that views fill and that a terminal compares with what it shows.

/// One cell: what stands there and how it looks.
package struct Cell: Hashable, Sendable {
  package var glyph: Glyph
  package var style: CellStyle
}

/// Columns × rows of cells.
///
/// Whatever is drawn outside is cut off.
package struct Canvas: Hashable, Sendable {
  package let size: Size
  package let glyphs: GlyphSet
  /// How the visible form of a neutralised character looks.
  package let escapeStyle: CellStyle
  private var cells: [Cell]

  package init(
    size: Size, glyphs: GlyphSet = .unicode, base: CellStyle = .plain,
    escapeStyle: CellStyle = .plain
  ) {
    self.size = size
    self.glyphs = glyphs
    self.escapeStyle = escapeStyle
    cells = Array(repeating: Cell(glyph: .blank, style: base), count: size.columns * size.rows)
  }

  /// The whole canvas.
  package var bounds: Rect { Rect(size) }

  /// The cell there; the position must lie inside.
  package subscript(row: Int, column: Int) -> Cell { cells[row * size.columns + column] }

  /// The cells row by row, for a terminal.
  package func withCells<Result>(_ body: (UnsafeBufferPointer<Cell>) -> Result) -> Result {
    cells.withUnsafeBufferPointer(body)
  }

  /// A row as text, without the blanks at its end.
  package func line(_ row: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for column in 0..<size.columns { self[row, column].glyph.append(to: &scalars) }
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }

  /// All rows as text.
  package var lines: [String] { (0..<size.rows).map(line) }
}

/// Where a text stands in the room that it is given.
package enum Alignment: Hashable, Sendable { case left, right, center }

extension Canvas {
  /// Writes into the first row of `rect`, fitted to it.
  ///
  /// - Returns: the columns that were written.
  @discardableResult
  package mutating func write(
    _ text: SafeText, in rect: Rect, style: CellStyle = .plain, cut: Cut = .end,
    align: Alignment = .left
  ) -> Int {
    guard rect.rows > 0, rect.columns > 0 else { return 0 }
    let fitted = text.fitted(to: rect.columns, cut: cut, ellipsis: glyphs.ellipsis)
    let room = rect.columns - fitted.columns
    let start = align == .left ? 0 : align == .right ? room : room / 2
    var column = rect.column + start
    for glyph in fitted.glyphs {
      put(glyph, row: rect.row, column: column, style: style)
      column += Int(glyph.width)
    }
    return fitted.columns
  }

  /// Puts one glyph; half a wide character is never left behind.
  package mutating func put(_ glyph: Glyph, row: Int, column: Int, style: CellStyle) {
    let width = Int(glyph.width)
    guard row >= 0, row < size.rows, column >= 0, width > 0, column + width <= size.columns else {
      return
    }
    var own = glyph.paint.over(style)
    if glyph.paint != .plain, !own.isLegible { own = style }
    if glyph.isEscape { own = escapeStyle.over(own) }
    for offset in 0..<width { blankPartner(row: row, column: column + offset) }
    let index = row * size.columns + column
    cells[index] = Cell(glyph: glyph, style: own)
    if width == 2 { cells[index + 1] = Cell(glyph: .rightHalf, style: own) }
  }

  private mutating func blankPartner(row: Int, column: Int) {
    let index = row * size.columns + column
    if cells[index].glyph.width == 2, column + 1 < size.columns {
      cells[index + 1].glyph = .blank
    } else if cells[index].glyph.width == 0, column > 0 {
      cells[index - 1].glyph = .blank
    }
  }

  /// Fills a rectangle with one character.
  package mutating func fill(
    _ rect: Rect, with scalar: Unicode.Scalar = " ", style: CellStyle = .plain
  ) {
    let rows = max(0, rect.row)..<max(0, rect.row, min(size.rows, rect.endRow))
    let columns = max(0, rect.column)..<max(0, rect.column, min(size.columns, rect.endColumn))
    for row in rows {
      for column in columns {
        put(Glyph(scalar), row: row, column: column, style: style)
      }
    }
  }

  /// Gives what stands in a rectangle another style: a cursor.
  package mutating func restyle(_ rect: Rect, _ style: CellStyle) {
    let rows = max(0, rect.row)..<max(0, rect.row, min(size.rows, rect.endRow))
    let columns = max(0, rect.column)..<max(0, rect.column, min(size.columns, rect.endColumn))
    for row in rows {
      for column in columns {
        cells[row * size.columns + column].style = style
      }
    }
  }

  /// A line between two columns of panels, hanging from the line above them.
  package mutating func divider(_ rect: Rect, style: CellStyle = .plain) {
    fill(rect.line(0), with: glyphs.joints[0], style: style)
    fill(rect.inset(top: 1), with: glyphs.vertical, style: style)
  }

  /// A box's four sides.
  package mutating func frame(_ rect: Rect, style: CellStyle = .plain) {
    guard rect.rows >= 2, rect.columns >= 2 else { return }
    let (bottom, right) = (rect.endRow - 1, rect.endColumn - 1)
    for row in [rect.row, bottom] {
      fill(
        Rect(row: row, column: rect.column, rows: 1, columns: rect.columns),
        with: glyphs.horizontal, style: style)
    }
    for column in [rect.column, right] {
      fill(
        Rect(row: rect.row, column: column, rows: rect.rows, columns: 1), with: glyphs.vertical,
        style: style)
    }
    let places = [
      (rect.row, rect.column), (rect.row, right), (bottom, rect.column), (bottom, right),
    ]
    for (corner, place) in zip(glyphs.corners, places) {
      put(Glyph(corner), row: place.0, column: place.1, style: style)
    }
  }
}
