// A question over the panels: in a small window its words and its answers take several lines.

import Canvas

enum SheetView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ sheet: Sheet) {
    let answers = answers(sheet)
    let widest = (sheet.lines + [sheet.question]).map { SafeText($0).columns }.max() ?? 0
    let wanted = max(46, widest + 6, width(answers.flatMap(\.self)) + 6)
    let isNarrow = wanted > canvas.size.columns && canvas.size.columns < 60
    let margin = isNarrow ? 1 : 3
    let columns = min(wanted, canvas.size.columns)
    let room = columns - 2 * margin - (isNarrow ? 2 : 0)
    let question = isNarrow ? Wording.wrapped(sheet.question, columns: room) : [sheet.question]
    let replies = rows(answers, columns: room)
    let gap = isNarrow ? 0 : 1
    let box = canvas.bounds.centered(
      rows: sheet.lines.count + question.count + replies.count + 2 + 2 * gap, columns: columns)
    Box.draw(scene, &canvas, box, title: "")
    let inset = margin + (isNarrow ? 1 : 0)
    let body = box.inset(top: 1, left: inset, bottom: 1, right: inset)
    // What is asked and how it is answered come first; what it is about gets the lines between.
    let asked = question.prefix(max(1, body.rows - replies.count))
    for (index, line) in asked.enumerated() {
      canvas.write([Span(line, .title)], in: body.line(index), scene)
    }
    let free = body.rows - asked.count - replies.count - 2 * gap
    for (index, line) in sheet.lines.prefix(max(0, free)).enumerated() {
      canvas.write(
        SafeText(line), in: body.line(asked.count + gap + index), style: scene[.text], cut: .middle)
    }
    for (index, reply) in replies.enumerated() {
      canvas.write(reply, in: body.line(body.rows - replies.count + index), scene)
    }
  }

  private static func width(_ spans: [Span]) -> Int {
    spans.reduce(0) { $0 + SafeText($1.text).columns }
  }

  /// The answers in one line, or in as many as they need.
  private static func rows(_ answers: [[Span]], columns: Int) -> [[Span]] {
    var rows: [[Span]] = []
    for answer in answers {
      if let last = rows.last, width(last) + width(answer) <= columns {
        rows[rows.count - 1] = last + answer
      } else {
        rows.append(answer)
      }
    }
    return rows
  }

  private static func answers(_ sheet: Sheet) -> [[Span]] {
    if let count = sheet.countToType {
      return [
        [
          Span("type "), Span(String(count), .key), Span(" and enter: "),
          Span(sheet.typed.text, .title), Span(" ", .cursor), Span("   "),
        ]
      ] + sheet.choices.dropFirst().map(spans) + [[Span("esc No", .muted)]]
    }
    guard !sheet.choices.isEmpty else { return [[Span("[any key closes]", .title)]] }
    return sheet.choices.map(spans) + [[Span("[any other key: No]", .title)]]
  }

  private static func spans(_ choice: Sheet.Choice) -> [Span] {
    [Span(String(Character(choice.key)), .key), Span(" \(choice.label)   ")]
  }
}
