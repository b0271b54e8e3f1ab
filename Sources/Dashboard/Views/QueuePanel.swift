// The queue: a window of rows, each with its state's word, and why and until when it waits.

import BatchModel
import Canvas
import Resilience

extension PanelDescriptor {
  static let queue = PanelDescriptor(
    id: .queue, name: "Queue", shortName: "Queue", count: { _ in nil }, status: QueuePanel.status,
    minimum: Size(columns: 20, rows: 2), draw: QueuePanel.draw)
}

private enum QueuePanel {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let columns = QueueColumns(
      width: rect.columns, steps: scene.model.steps, shown: shownColumns(scene.model))
    drawNames(scene, &canvas, columns.cells(in: rect.line(0)))
    let body = rect.inset(top: 1)
    let queue = scene.model.queue
    guard !queue.rows.isEmpty else {
      canvas.write([Span("   " + emptyText(scene.model), .muted)], in: body.line(0), scene)
      return
    }
    let inRange = Set(queue.rangeRows.map(\.id))
    let shown = queue.rows.dropFirst(queue.top).prefix(body.rows)
    for (index, row) in shown.enumerated() {
      let line = body.line(index)
      let isMarked = queue.marks[row.id] != nil || inRange.contains(row.id)
      draw(row, scene, &canvas, line, columns, isMarked: isMarked)
    }
  }

  /// A run that costs nothing needs no column for it.
  private static func shownColumns(_ model: DashboardModel) -> Set<QueueColumn> {
    let chosen = Set(model.columns)
    return model.snapshot?.budget == nil ? chosen.subtracting([.cost]) : chosen
  }

  private static func emptyText(_ model: DashboardModel) -> String {
    if model.snapshot == nil || model.queue.awaited != nil { return "reading the queue" }
    return model.queue.filterText.isEmpty
      ? "the batch has no items"
      : "nothing matches \(model.queue.filterText); \(model.key(.back)) shows all"
  }

  private static func drawNames(_ scene: Scene, _ canvas: inout Canvas, _ cells: QueueColumns.Cells)
  {
    let order = scene.model.queue.order
    func role(_ column: ItemOrder) -> Role { order == column ? .title : .muted }
    canvas.write([Span("STATE", role(.state))], in: cells.state, scene)
    canvas.write([Span("ITEM", order == .source ? .title : role(.key))], in: cells.item, scene)
    canvas.write([Span("STEP", role(.step))], in: cells.step, scene)
    canvas.write("TRY", in: cells.tries, style: scene[role(.tries)], align: .right)
    canvas.write("FOR", in: cells.age, style: scene[role(.age)], align: .right)
    canvas.write("COST", in: cells.cost, style: scene[.muted], align: .right)
    canvas.write([Span("NOTE", .muted)], in: cells.note, scene)
  }

  private static func draw(
    _ row: ItemRow, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect, _ columns: QueueColumns,
    isMarked: Bool
  ) {
    let cells = columns.cells(in: line)
    let model = scene.model
    let isSelected = row.id == model.queue.selected
    let style = scene[isMarked ? .mark : row.state == .queued ? .muted : .text]
    if isSelected {
      canvas.put(
        Glyph(scene.glyphs.cursor), row: line.row, column: line.column + 1, style: scene[.key])
    }
    if isMarked {
      canvas.put(
        Glyph(scene.glyphs.mark), row: line.row, column: line.column + 2, style: scene[.mark])
    }
    canvas.write([Span(Wording.state(row.state), .of(row.state))], in: cells.state, scene)
    canvas.write(SafeText(ItemFacts.name(row)), in: cells.item, style: style, cut: .middle)
    canvas.write(SafeText(model.stepName(row.step)), in: cells.step, style: scene[.muted])
    let tries = row.tries > 0 ? Wording.count(row.tries) : "-"
    canvas.write(SafeText(tries), in: cells.tries, style: scene[.muted], align: .right)
    let age = Wording.duration(row.since.duration(to: model.agesAt(of: row.state)))
    canvas.write(SafeText(age), in: cells.age, style: scene[.muted], align: .right)
    let cost = row.cost > .zero ? Wording.columnSum(row.cost) : "-"
    canvas.write(SafeText(cost), in: cells.cost, style: scene[.muted], align: .right)
    canvas.write(ItemFacts.note(row, model), in: cells.note, scene)
    // The state keeps its colour outside the band: reversed, half of the colours cannot be read.
    if isSelected, model.focus == .queue {
      canvas.restyle(line.from(cells.item.column), scene[.cursor])
    }
  }

  static func status(_ scene: Scene) -> [Span] {
    let queue = scene.model.queue
    var parts: [[Span]] = []
    if !queue.marks.isEmpty {
      parts.append([Span("\(Wording.count(queue.marks.count)) marked", .mark)])
    }
    if queue.rangeStart != nil { parts.append([Span("range", .mark)]) }
    if queue.selected != nil, queue.selectedIndex == nil, !queue.rows.isEmpty {
      parts.append([Span("selected one moved out of view", .wait)])
    }
    parts.append([Span(shown(scene.model), .text)])
    let order = Wording.order(queue.order) + (queue.isDescending ? ", inverted" : "")
    parts.append([Span(order, .muted)])
    let dot = [Span(" \(Character(scene.glyphs.dot)) ", .muted)]
    return Array(parts.joined(separator: dot))
  }

  /// How many the filter shows, where that is known without counting a million rows.
  private static func shown(_ model: DashboardModel) -> String {
    let filter = model.queue.filter
    guard let counts = model.snapshot?.summary.counts else { return "" }
    let filterText = model.queue.filterText
    if filter.keyContains != nil || filter.keyMatches != nil || filter.step != nil {
      return "shown: \(filterText)"
    }
    if let signature = filter.signature {
      return "\(Wording.count(model.group(of: signature)?.count ?? 0)) shown: \(filterText)"
    }
    if filter.states.isEmpty { return Wording.items(counts.total) }
    let sum = filter.states.reduce(0) { $0 + counts[$1] }
    return "\(Wording.count(sum)) shown: \(filterText)"
  }
}

/// The columns that there is room for.
struct QueueColumns {
  struct Cells {
    var state, item, step, tries, age, cost, note: Rect
  }
  private let lengths: [Length]

  /// What goes first when room is short: the cost, the step, then tries and note, then the age.
  init(width: Int, steps: [String], shown: Set<QueueColumn> = Set(QueueColumn.allCases)) {
    let longest = steps.map { SafeText($0).columns }.max() ?? 4
    func room(_ column: QueueColumn, from widthMin: Int, _ columns: Int) -> Int {
      shown.contains(column) && width >= widthMin ? columns : 0
    }
    let step = room(.step, from: 60, min(10, max(4, longest)) + 1)
    // In a narrow list names need the room more: the item's panel has the whole of a note.
    let note = room(.note, from: 56, width >= 76 ? 4 : 3)
    lengths = [
      .fixed(3), .fixed(room(.state, from: 0, 7)), .share(6), .fixed(1), .fixed(step),
      .fixed(room(.tries, from: 56, 4)), .fixed(room(.age, from: 40, 6)),
      .fixed(room(.cost, from: 72, 7)), .fixed(note > 0 ? 2 : 0), .share(note),
    ]
  }

  func cells(in line: Rect) -> Cells {
    let parts = line.split(columns: lengths)
    return Cells(
      state: parts[1].inset(right: 1), item: parts[2], step: parts[4].inset(right: 1),
      tries: parts[5].inset(left: 1), age: parts[6].inset(left: 1),
      cost: parts[7].inset(left: 1), note: parts[9])
  }
}
