// Bars and charts: numbers as lengths, in eighths of a cell where the terminal can.

extension Canvas {
  /// A bar over the first row of `rect`; `fraction` is held between 0 and 1.
  ///
  /// It is full only at 1 and empty only at 0, so that the last item of a million is seen.
  package mutating func bar(
    _ fraction: Double, in rect: Rect, style: CellStyle, emptyStyle: CellStyle
  ) {
    guard rect.rows > 0, rect.columns > 0 else { return }
    let steps = glyphs.barLevels.count
    let whole = rect.columns * steps
    let held = fraction.isFinite ? min(1, max(0, fraction)) : 0
    var filled = Int(held * Double(whole))
    if held > 0 { filled = max(1, filled) }
    if held < 1 { filled = min(whole - 1, filled) }
    for index in 0..<rect.columns {
      let level = min(steps, filled - index * steps)
      let scalar = level > 0 ? glyphs.barLevels[level - 1] : glyphs.barEmpty
      put(
        Glyph(scalar), row: rect.row, column: rect.column + index,
        style: level > 0 ? style : emptyStyle)
    }
  }

  /// A chart of the newest values, the last one at the right, as high as `rect`.
  ///
  /// Zero is a blank, anything above it at least the lowest level; `ceiling` is the full height.
  package mutating func chart(
    _ values: [Double], ceiling: Double, in rect: Rect, style: CellStyle
  ) {
    guard !rect.isEmpty, ceiling > 0 else { return }
    let shown = values.suffix(rect.columns)
    let levels = glyphs.sparkLevels.count
    for (index, value) in shown.enumerated() where value.isFinite && value > 0 {
      let share = min(1, value / ceiling)
      let height = max(1, Int((share * Double(rect.rows * levels)).rounded()))
      let column = rect.endColumn - shown.count + index
      for step in 0..<rect.rows {
        let level = min(levels, height - step * levels)
        guard level > 0 else { break }
        put(
          Glyph(glyphs.sparkLevels[level - 1]), row: rect.endRow - 1 - step, column: column,
          style: style)
      }
    }
  }
}
