// Lists that lie over the panels: a panel's actions, and the themes.

import Canvas

enum MenuView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ menu: Menu) {
    let lines = menu.entries.map { entry -> [Span] in
      let reason = scene.model.reasonAgainst(entry.errand)
      return [
        Span("\(Character(entry.key))  ", reason == nil ? .key : .muted),
        Span(entry.label, reason == nil ? .text : .muted),
        Span(reason.map { "  \($0)" } ?? "", .muted),
      ]
    }
    let empty = [[Span("nothing can be done here", .muted)]]
    ListBox.draw(
      scene, &canvas, title: menu.title, lines: lines.isEmpty ? empty : lines,
      index: lines.isEmpty ? nil : menu.index, footer: "a letter, or enter; esc leaves")
  }
}

enum ThemesView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ picker: ThemePicker) {
    ListBox.draw(
      scene, &canvas, title: "Themes", lines: picker.names.map { [Span($0)] }, index: picker.index,
      footer: "j k show one, enter keeps it, esc does not")
  }
}

private enum ListBox {
  static func draw(
    _ scene: Scene, _ canvas: inout Canvas, title: String, lines: [[Span]], index: Int?,
    footer: String
  ) {
    let widest = lines.map { $0.reduce(0) { $0 + SafeText($1.text).columns } }.max() ?? 0
    let columns = max(widest, SafeText(footer).columns, SafeText(title).columns) + 6
    let box = canvas.bounds.inset(top: 1, bottom: 1)
      .centered(rows: lines.count + 4, columns: min(columns, canvas.size.columns))
    Box.draw(scene, &canvas, box, title: title)
    let body = box.inset(top: 1, left: 3, bottom: 2, right: 3)
    let top = max(0, (index ?? 0) - body.rows + 1)
    for (offset, line) in lines.dropFirst(top).prefix(body.rows).enumerated() {
      let rect = body.line(offset)
      canvas.write(line, in: rect, scene)
      guard top + offset == index else { continue }
      canvas.put(
        Glyph(scene.glyphs.cursor), row: rect.row, column: rect.column - 2, style: scene[.key])
      canvas.restyle(rect.from(rect.column + 3), scene[.cursor])
    }
    let foot = box.inset(top: max(0, box.rows - 2), left: 3, bottom: 1, right: 3)
    canvas.write([Span(footer, .muted)], in: foot, scene)
  }
}
