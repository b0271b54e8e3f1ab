// A question over the panels: in a small window its words and its answers take several lines.

import Canvas

enum SheetView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ sheet: Sheet) {
    let place = SheetPlace(sheet, on: canvas.bounds)
    let body = place.body
    Box.draw(scene, &canvas, place.box, title: "")
    for (index, line) in place.question.enumerated() {
      canvas.write([Span(line, .title)], in: body.line(index), scene)
    }
    for (index, line) in sheet.lines.prefix(place.free).enumerated() {
      let row = body.line(place.question.count + place.gap + index)
      canvas.write(SafeText(line), in: row, style: scene[.text], cut: .middle)
    }
    for (index, answers) in place.answers.enumerated() {
      canvas.write(
        answers.flatMap(\.spans), in: body.line(place.firstAnswer + index), scene)
    }
  }

  /// The key of the answer that stands under a cell.
  static func key(row: Int, column: Int, _ sheet: Sheet, on screen: Rect) -> Key? {
    let place = SheetPlace(sheet, on: screen)
    let index = row - place.body.row - place.firstAnswer
    guard place.answers.indices.contains(index), column < place.body.endColumn else { return nil }
    var start = place.body.column
    for answer in place.answers[index] {
      let end = start + ItemTabNames.width(answer.spans)
      if (start..<end).contains(column) { return answer.key }
      start = end
    }
    return nil
  }
}

/// Where the parts of a question stand.
private struct SheetPlace {
  typealias Answer = (spans: [Span], key: Key?)

  let box: Rect
  let body: Rect
  /// The lines of what is asked, and those of how it is answered: never left out for what it is about.
  let question: [String]
  let answers: [[Answer]]
  /// Blank lines between these parts.
  let gap: Int

  init(_ sheet: Sheet, on screen: Rect) {
    let answers = Self.answers(sheet)
    let widest = (sheet.lines + [sheet.question]).map { SafeText($0).columns }.max() ?? 0
    let wanted = max(
      46, widest + 6, answers.reduce(6) { $0 + ItemTabNames.width($1.spans) })
    let isNarrow = wanted > screen.columns && screen.columns < 60
    let margin = isNarrow ? 2 : 3
    let columns = min(wanted, screen.columns)
    let room = columns - 2 * margin
    let question = isNarrow ? Wording.wrapped(sheet.question, columns: room) : [sheet.question]
    self.answers = Self.rows(answers, columns: room)
    gap = isNarrow ? 0 : 1
    box = screen.centered(
      rows: sheet.lines.count + question.count + self.answers.count + 2 + 2 * gap,
      columns: columns)
    body = box.inset(top: 1, left: margin, bottom: 1, right: margin)
    self.question = Array(question.prefix(max(1, body.rows - self.answers.count)))
  }

  /// So many lines are left for what it is about.
  var free: Int { max(0, body.rows - question.count - answers.count - 2 * gap) }

  var firstAnswer: Int { body.rows - answers.count }

  /// The answers in one line, or in as many as they need.
  private static func rows(_ answers: [Answer], columns: Int) -> [[Answer]] {
    var rows: [[Answer]] = []
    var used = 0
    for answer in answers {
      let width = ItemTabNames.width(answer.spans)
      if rows.isEmpty || used + width > columns {
        rows.append([answer])
        used = width
      } else {
        rows[rows.count - 1].append(answer)
        used += width
      }
    }
    return rows
  }

  /// What the last lines say, and the key that each part of them stands for.
  private static func answers(_ sheet: Sheet) -> [Answer] {
    if let count = sheet.countToType {
      let typing = [
        Span("type "), Span(String(count), .key), Span(" and enter: "),
        Span(sheet.typed.text, .title), Span(" ", .cursor), Span("   "),
      ]
      return [(typing, nil)] + sheet.choices.dropFirst().map(answer)
        + [([Span("esc No", .muted)], .escape)]
    }
    guard !sheet.choices.isEmpty else { return [([Span("[any key closes]", .title)], .escape)] }
    return sheet.choices.map(answer) + [([Span("[any other key: No]", .title)], .escape)]
  }

  private static func answer(_ choice: Sheet.Choice) -> Answer {
    (
      [Span(String(Character(choice.key)), .key), Span(" \(choice.label)   ")],
      .character(choice.key)
    )
  }
}
