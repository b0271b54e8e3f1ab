// What the palette could mean, over the line that it is typed on.

import Canvas

enum PaletteView {
  /// What is listed, and where.
  private struct List {
    var suggestions: [PaletteTable.Suggestion]
    var title: String
    var box: Rect
    var names: Int
    var body: Rect { box.inset(top: 1, left: 2, bottom: 1, right: 2) }

    /// So many lines at most, and more where the screen is high.
    private static func rowsMax(_ model: DashboardModel) -> Int { max(10, model.size.rows / 2) }

    init?(_ palette: Palette, _ model: DashboardModel) {
      let text = palette.editor.text
      suggestions = PaletteTable.suggestions(for: text, model)
      guard !suggestions.isEmpty else { return nil }
      let bottom = model.layout.notice.row
      let rows = min(suggestions.count, Self.rowsMax(model), max(0, bottom - 2))
      guard rows > 0 else { return nil }
      names = nameColumns(suggestions, model.size.columns)
      title = PaletteTable.usage(of: text) ?? "Commands"
      let columns = max(width(suggestions, names), SafeText(title).columns + 6)
      box = Rect(
        row: bottom - rows - 2, rows: rows + 2, columns: min(columns, model.size.columns))
    }

    /// What stands on a line; the last line of a list that is too long counts the others.
    func suggestion(at line: Int) -> PaletteTable.Suggestion? {
      guard (0..<body.rows).contains(line) else { return nil }
      let isCount = line == body.rows - 1 && suggestions.count > body.rows
      return isCount ? nil : suggestions[line]
    }
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ palette: Palette) {
    guard let list = List(palette, scene.model) else { return }
    Box.draw(scene, &canvas, list.box, title: list.title)
    for row in 0..<list.body.rows {
      let line = list.body.line(row)
      if let suggestion = list.suggestion(at: row) {
        draw(suggestion, list.names, scene, &canvas, line)
      } else {
        let more = list.suggestions.count - list.body.rows + 1
        canvas.write([Span("and \(more) more", .muted)], in: line, scene)
      }
    }
  }

  /// The line that the completion under a cell makes.
  static func completion(
    row: Int, column: Int, _ palette: Palette, _ model: DashboardModel
  ) -> String? {
    guard let list = List(palette, model), (list.box.column..<list.box.endColumn).contains(column)
    else { return nil }
    return list.suggestion(at: row - list.body.row)?.line
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
