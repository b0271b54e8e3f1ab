// The selected item: one sentence, and under it its log, tries, receipts, or why.

import BatchModel
import Canvas

extension PanelDescriptor {
  static let item = PanelDescriptor(
    id: .item, name: "Item", shortName: "Item", count: { _ in nil }, status: ItemPanel.status,
    minimum: Size(columns: 20, rows: 2), draw: ItemPanel.draw)
}

private enum ItemPanel {
  /// `following · [log] tries receipts why`; a log with a place of its own says so there.
  static func status(_ scene: Scene) -> [Span] {
    let isDivided = scene.layout.itemDivider != nil
    let tab = scene.model.item.tab
    let columns = statusColumns(scene)
    let names = ItemTabNames.spans(
      ItemTab.allCases.filter { !isDivided || $0 != .log }, shown: tab, columns: columns)
    let state = tab != .log ? shownLines(scene) : isDivided ? [] : LogView.state(scene)
    // What is said beside the names gives way to them.
    for kept in [state, start(of: state)] where !kept.isEmpty {
      let whole = kept + [Span("  ")] + names
      if ItemTabNames.width(whole) <= columns { return whole }
    }
    return names
  }

  /// `following`, without what is dropped.
  private static func start(of state: [Span]) -> [Span] {
    guard state.count > 1, let first = state.first else { return [] }
    return [Span(String(first.text.prefix { $0 != "," }), first.role)]
  }

  /// What the title's names leave: those of the panels that share the place, or this one's alone.
  private static func statusColumns(_ scene: Scene) -> Int {
    let columns = scene.layout.panels[.item]?.columns ?? 0
    let isShared = scene.model.isZoomed || scene.layout.form == .single
    return isShared ? max(columns / 3 - 2, columns - 12 * scene.layout.telling.count) : columns - 12
  }

  /// `line 12 of 340`, where there is more than the panel shows.
  private static func shownLines(_ scene: Scene) -> [Span] {
    guard let text = scene.model.shownText, text.lines.count > scene.layout.itemRows else {
      return []
    }
    let line = Wording.count(scene.model.item.top + 1)
    return [Span("line \(line) of \(Wording.count(text.lines.count))", .muted)]
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    guard let row = scene.model.selectedItem else {
      canvas.write([Span(" no item is selected", .muted)], in: rect.line(0), scene)
      return
    }
    drawSentence(row, scene, &canvas, rect.line(0).inset(left: 1))
    let layout = scene.layout
    let tab = scene.model.item.tab
    if let divider = layout.itemDivider {
      drawFacts(tab, scene, &canvas, layout.itemText.inset(left: 1))
      drawLogTitle(scene, &canvas, divider)
      LogView.draw(scene, &canvas, layout.itemLog.inset(left: 1))
    } else if tab == .log {
      LogView.draw(scene, &canvas, layout.itemLog.inset(left: 1))
    } else {
      drawFacts(tab, scene, &canvas, layout.itemText.inset(left: 1))
    }
  }

  /// The key gives way in the middle, the sentence at its end.
  private static func drawSentence(
    _ row: ItemRow, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect
  ) {
    let sentence = ItemFacts.sentence(row, scene.model)
    let width = sentence.reduce(0) { $0 + SafeText($1.text).columns }
    let name = SafeText(ItemFacts.name(row))
    let nameRoom = max(min(name.columns, line.columns * 11 / 20), line.columns - width - 1)
    let used = canvas.write(
      name, in: line.inset(right: line.columns - nameRoom), style: scene[.title], cut: .middle)
    canvas.write(sentence, in: line.inset(left: used + 1), scene)
  }

  private static func drawFacts(
    _ tab: ItemTab, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let lines = ItemFacts.lines(of: scene.model, tab: tab, glyphs: scene.glyphs)
    let needle = Array(scene.model.log.search.lowercased().utf8)
    let top = max(0, min(scene.model.item.top, lines.count - rect.rows))
    for (index, line) in lines.dropFirst(top).prefix(rect.rows).enumerated() {
      let isMatch =
        !needle.isEmpty && LogTail.contains(Array(line.map(\.text).joined().utf8), needle)
      canvas.write(isMatch ? line.map { Span($0.text, .match) } : line, in: rect.line(index), scene)
    }
  }

  private static func drawLogTitle(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    canvas.fill(line, with: scene.glyphs.horizontal, style: scene[.border])
    // The brackets say that the keys which scroll scroll the log.
    let isTab = scene.model.item.tab == .log
    canvas.write(
      [Span(isTab ? "[log]" : " log ", isTab ? .key : .title)], in: line.inset(left: 1), scene)
    let state = [Span(" ")] + LogView.state(scene) + [Span(" ")]
    let width = state.reduce(0) { $0 + SafeText($1.text).columns }
    canvas.write(state, in: line.inset(left: line.columns - width - 1, right: 1), scene)
  }
}

/// The end of the log.
enum LogView {
  /// `following, 0 dropped`; `line 120 of 4,000`.
  static func state(_ scene: Scene) -> [Span] {
    let log = scene.model.log
    guard log.item != nil, !log.lines.isEmpty else { return [] }
    let dropped = Span(
      "\(Wording.count(log.dropped)) dropped", log.dropped > 0 ? .wait : .muted)
    if log.isFollowing { return [Span("following, ", .muted), dropped] }
    let number = log.dropped + log.topIndex(visible: scene.layout.logRows) + 1
    let total = log.dropped + log.lines.count
    return [
      Span("line \(Wording.count(number)) of \(Wording.count(total)), ", .match), dropped,
    ]
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let log = scene.model.log
    guard !log.lines.isEmpty else {
      canvas.write([Span(emptiness(scene.model), .muted)], in: rect.line(0), scene)
      return
    }
    let needle = Array(log.search.lowercased().utf8)
    let top = log.topIndex(visible: rect.rows)
    for (index, line) in log.lines.dropFirst(top).prefix(rect.rows).enumerated() {
      let isMatch = LogTail.contains(line, needle)
      canvas.write(
        SafeText(log: line, columnsMax: rect.columns + 1), in: rect.line(index),
        style: scene[isMatch ? .match : LogLevel.role(of: line)])
    }
  }

  private static func emptiness(_ model: DashboardModel) -> String {
    guard let attempt = model.item.detail?.attempts.last else { return "no log: it has not run" }
    return attempt.endedAt == nil ? "no output yet" : "it printed nothing"
  }
}
