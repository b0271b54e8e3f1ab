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
