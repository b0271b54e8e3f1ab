// What the palette could mean, over the line that it is typed on.

import Canvas

enum PaletteView {
  /// So many lines at most, and more where the screen is high.
  private static func rowsMax(_ canvas: Canvas) -> Int { max(10, canvas.size.rows / 2) }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ palette: Palette) {
    let text = palette.editor.text
    let suggestions = PaletteTable.suggestions(for: text, scene.model)
    guard !suggestions.isEmpty else { return }
    let bottom = scene.layout.notice.row
    let rows = min(suggestions.count, rowsMax(canvas), max(0, bottom - 2))
    guard rows > 0 else { return }
    let names = nameColumns(suggestions, canvas.size.columns)
    let title = PaletteTable.usage(of: text) ?? "Commands"
    let columns = max(width(suggestions, names), SafeText(title).columns + 6)
    let box = Rect(
      row: bottom - rows - 2, rows: rows + 2, columns: min(columns, canvas.size.columns))
    Box.draw(scene, &canvas, box, title: title)
    let body = box.inset(top: 1, left: 2, bottom: 1, right: 2)
    for (index, suggestion) in suggestions.prefix(rows).enumerated() {
      let isMore = index == rows - 1 && suggestions.count > rows
      let line = body.line(index)
      if isMore {
        let more = suggestions.count - rows + 1
        canvas.write([Span("and \(more) more", .muted)], in: line, scene)
      } else {
        draw(suggestion, names, scene, &canvas, line)
      }
    }
  }

  private static func draw(
    _ suggestion: PaletteTable.Suggestion, _ names: Int, _ scene: Scene, _ canvas: inout Canvas,
    _ line: Rect
  ) {
    let isOff = suggestion.reason != nil
    let name = SafeText(suggestion.label)
    let used = max(names, name.columns) + 2
    canvas.write(name, in: line, style: scene[isOff ? .muted : .key])
    canvas.write(
      SafeText(suggestion.reason ?? suggestion.about), in: line.inset(left: used),
      style: scene[isOff ? .muted : .text])
  }

  /// Names in a column, except for the few that are very long.
  private static func nameColumns(
    _ suggestions: [PaletteTable.Suggestion], _ columns: Int
  ) -> Int {
    min(26, columns / 3, suggestions.map { SafeText($0.label).columns }.max() ?? 0)
  }

  private static func width(_ suggestions: [PaletteTable.Suggestion], _ names: Int) -> Int {
    let widest = suggestions.map { suggestion in
      let about = SafeText(suggestion.reason ?? suggestion.about).columns
      return max(names, SafeText(suggestion.label).columns) + 2 + about
    }
    return min(96, (widest.max() ?? 0) + 4)
  }
}
