// Lists that lie over the panels: a panel's actions, and the themes.

import Canvas

enum MenuView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ menu: Menu) {
    list(menu, scene.model).draw(scene, &canvas)
  }

  static func list(_ menu: Menu, _ model: DashboardModel) -> ListBox {
    let lines = menu.entries.map { entry -> [Span] in
      let reason = model.reasonAgainst(entry.errand)
      return [
        Span("\(Character(entry.key))  ", reason == nil ? .key : .muted),
        Span(entry.label, reason == nil ? .text : .muted),
        Span(reason.map { "  \($0)" } ?? "", .muted),
      ]
    }
    let empty = [[Span("nothing can be done here", .muted)]]
    return ListBox(
      title: menu.title, lines: lines.isEmpty ? empty : lines,
      index: lines.isEmpty ? nil : menu.index, footer: "a letter, or enter; esc leaves")
  }
}

enum ThemesView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ picker: ThemePicker) {
    list(picker).draw(scene, &canvas)
  }

  static func list(_ picker: ThemePicker) -> ListBox {
    ListBox(
      title: "Themes", lines: picker.names.map { [Span($0)] }, index: picker.index,
      footer: "j k show one, enter keeps it, esc does not")
  }
}

/// A list in a box, one of its lines chosen: drawn, and found again under the mouse.
struct ListBox {
  var title: String
  var lines: [[Span]]
  var index: Int?
  var footer: String

  func box(on screen: Rect) -> Rect {
    let widest = lines.map { $0.reduce(0) { $0 + SafeText($1.text).columns } }.max() ?? 0
    let columns = max(widest, SafeText(footer).columns, SafeText(title).columns) + 6
    return screen.inset(top: 1, bottom: 1)
      .centered(rows: lines.count + 4, columns: min(columns, screen.columns))
  }

  private func body(of box: Rect) -> Rect { box.inset(top: 1, left: 3, bottom: 2, right: 3) }

  /// The first line that is drawn: the chosen one stays in view.
  private func top(_ body: Rect) -> Int { max(0, (index ?? 0) - body.rows + 1) }

  /// Which line stands in a row of the screen.
  func line(atRow row: Int, on screen: Rect) -> Int? {
    let body = body(of: box(on: screen))
    let line = top(body) + row - body.row
    return (body.row..<body.endRow).contains(row) && lines.indices.contains(line) ? line : nil
  }

  func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let box = box(on: canvas.bounds)
    Box.draw(scene, &canvas, box, title: title)
    let body = body(of: box)
    let top = top(body)
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
