// What lies over the panels: the help and the questions.

import Canvas
import Resilience

/// The help's lines: the key table and what else is worth knowing.
enum HelpText {
  static func lines(_ model: DashboardModel) -> [[Span]] {
    var lines: [[Span]] = []
    for group in BindingGroup.allCases {
      lines.append([Span(group.rawValue, .title)])
      for binding in model.keyMap.bindings where binding.group == group {
        let keys = SafeText(binding.keyNames)
        let padding = String(repeating: " ", count: max(1, 16 - keys.columns))
        lines.append([Span("  " + binding.keyNames, .key), Span(padding + binding.about)])
      }
    }
    lines.append([Span("commands", .title)])
    for command in PaletteTable.all {
      let padding = String(repeating: " ", count: max(1, 15 - command.name.utf8.count))
      lines.append([
        Span("  :" + command.name, .key), Span(padding + command.about),
        Span(command.form.isEmpty ? "" : "  " + command.form, .muted),
      ])
    }
    lines.append([])
    lines.append([
      Span("Lower case looks, upper case acts. \(model.key(.quit)) never stops the run.", .muted)
    ])
    lines.append([Span("Times are in \(model.zone.name); the store keeps UTC.", .muted)])
    return lines
  }
}

enum HelpView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, top: Int) {
    let lines = HelpText.lines(scene.model)
    let box = canvas.bounds.inset(top: 1, bottom: 1)
      .centered(rows: lines.count + 4, columns: min(100, canvas.size.columns))
    Box.draw(scene, &canvas, box, title: "Keys")
    let body = box.inset(top: 1, left: 2, bottom: 2, right: 2)
    let held = max(0, min(top, lines.count - body.rows))
    for (index, line) in lines.dropFirst(held).prefix(body.rows).enumerated() {
      canvas.write(line, in: body.line(index), scene)
    }
    let more = lines.count > body.rows ? "j k scroll, any other key closes" : "any key closes"
    canvas.write([Span(more, .muted)], in: body.line(0).moved(down: body.rows), scene)
  }
}

enum SheetView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ sheet: Sheet) {
    let box = box(sheet, on: canvas.bounds)
    Box.draw(scene, &canvas, box, title: "")
    let body = body(of: box)
    canvas.write([Span(sheet.question, .title)], in: body.line(0), scene)
    for (index, line) in sheet.lines.prefix(max(0, body.rows - 3)).enumerated() {
      canvas.write(SafeText(line), in: body.line(index + 2), style: scene[.text], cut: .middle)
    }
    canvas.write(answers(sheet).flatMap(\.spans), in: body.line(body.rows - 1), scene)
  }

  /// The key of the answer that stands under a cell.
  static func key(row: Int, column: Int, _ sheet: Sheet, on screen: Rect) -> Key? {
    let body = body(of: box(sheet, on: screen))
    guard row == body.row + body.rows - 1, column < body.endColumn else { return nil }
    var start = body.column
    for answer in answers(sheet) {
      let end = start + ItemTabNames.width(answer.spans)
      if (start..<end).contains(column) { return answer.key }
      start = end
    }
    return nil
  }

  private static func box(_ sheet: Sheet, on screen: Rect) -> Rect {
    let widest = (sheet.lines + [sheet.question]).map { SafeText($0).columns }.max() ?? 0
    let width = answers(sheet).reduce(6) { $0 + ItemTabNames.width($1.spans) }
    return screen.centered(
      rows: sheet.lines.count + 6, columns: min(max(46, widest + 6, width), screen.columns))
  }

  private static func body(of box: Rect) -> Rect {
    box.inset(top: 1, left: 3, bottom: 1, right: 3)
  }

  /// What the last line says, and the key that each part of it stands for.
  private static func answers(_ sheet: Sheet) -> [(spans: [Span], key: Key?)] {
    if let count = sheet.countToType {
      let typing = [
        Span("type "), Span(String(count), .key), Span(" and enter: "),
        Span(sheet.typed.text, .title), Span(" ", .cursor), Span("   "),
      ]
      return [(typing, nil)] + answers(sheet.choices.dropFirst())
        + [([Span("esc No", .muted)], .escape)]
    }
    guard !sheet.choices.isEmpty else { return [([Span("[any key closes]", .title)], .escape)] }
    return answers(sheet.choices[...]) + [([Span("[any other key: No]", .title)], .escape)]
  }

  private static func answers(
    _ choices: ArraySlice<Sheet.Choice>
  ) -> [(spans: [Span], key: Key?)] {
    choices.map { choice in
      (
        [Span(String(Character(choice.key)), .key), Span(" \(choice.label)   ")],
        .character(choice.key)
      )
    }
  }
}

enum Box {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect, title: String) {
    canvas.fill(rect, style: scene[.text])
    canvas.frame(rect, style: scene[.key])
    guard !title.isEmpty else { return }
    canvas.write([Span(" \(title) ", .title)], in: rect.line(0).inset(left: 2, right: 2), scene)
  }
}

extension Rect {
  fileprivate func moved(down rows: Int) -> Rect {
    Rect(row: row + rows, column: column, rows: self.rows, columns: columns)
  }
}
