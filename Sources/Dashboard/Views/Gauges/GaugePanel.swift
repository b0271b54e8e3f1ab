// What the gauges have in common: a few lines, one of which can be selected, and a sentence that says
// why there are none.

import BatchModel
import Canvas

/// One line of a gauge.
package struct GaugeRow: Hashable, Sendable {
  /// By which a selection follows it; `nil` is a line that belongs to the one above it.
  package var id: String?
  package var spans: [Span]
  /// What stands at the right end, when there is room for both.
  package var right: [Span]
  init(_ id: String?, _ spans: [Span], right: [Span] = []) {
    self.id = id
    self.spans = spans
    self.right = right
  }
}

/// The place that a gauge's lines are made for.
struct GaugeRoom {
  var columns: Int
  var glyphs: GlyphSet

  /// A chart of one line as text: zero is a blank, anything above it at least the lowest level.
  func spark(_ values: [Double], ceiling: Double) -> String {
    let levels = glyphs.sparkLevels
    var text = String.UnicodeScalarView()
    for value in values {
      let share = value.isFinite && ceiling > 0 ? min(1, max(0, value / ceiling)) : 0
      let height = max(1, Int((share * Double(levels.count)).rounded()))
      text.append(share > 0 ? levels[height - 1] : " ")
    }
    return String(text)
  }

  /// A bar as text, so that it can stand in a line.
  func bar(_ fraction: Double, columns: Int) -> String {
    let held = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let full = Int((held * Double(columns)).rounded(held < 1 ? .down : .toNearestOrAwayFromZero))
    var bar = String.UnicodeScalarView()
    let level = glyphs.barLevels.last ?? "#"
    for index in 0..<columns { bar.append(index < full ? level : glyphs.barEmpty) }
    return String(bar)
  }
}

/// A gauge as a value: what it shows, and why it may have nothing to show.
struct GaugePanel: Sendable {
  let id: PanelID
  let name: String
  let shortName: String
  /// A number or a mark beside the name.
  let badge: @Sendable (DashboardModel) -> String?
  /// The right end of the title.
  var status: @Sendable (DashboardModel) -> [Span] = { _ in [] }
  let rows: @Sendable (DashboardModel, GaugeRoom) -> [GaugeRow]
  /// Why there are no lines, and what would give some.
  let emptiness: @Sendable (DashboardModel) -> String

  static let all: [GaugePanel] = [breakers, waits, cost, sync, doctor]

  static func of(_ id: PanelID) -> GaugePanel? { all.first { $0.id == id } }

  var descriptor: PanelDescriptor {
    PanelDescriptor(
      id: id, name: name, shortName: shortName, count: { badge($0.model) },
      status: { status($0.model) }, minimum: Size(columns: 16, rows: 1), draw: draw)
  }

  private func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let model = scene.model
    let rows = rows(model, GaugeRoom(columns: rect.columns - 3, glyphs: scene.glyphs))
    guard !rows.isEmpty else {
      drawText(emptiness(model), scene, &canvas, rect)
      return
    }
    let selected = model.selectedGaugeRow(of: id, among: rows)
    let top = Self.top(of: rows, selected: selected, visible: rect.rows)
    for (offset, row) in rows.dropFirst(top).prefix(rect.rows).enumerated() {
      draw(row, scene, &canvas, rect.line(offset), isSelected: row.id != nil && row.id == selected)
    }
  }

  /// The first line that is drawn: what belongs to the selected one stays in view with it.
  private static func top(of rows: [GaugeRow], selected: String?, visible: Int) -> Int {
    let index = rows.firstIndex { $0.id != nil && $0.id == selected } ?? 0
    let end = rows[index...].dropFirst().firstIndex { $0.id != nil } ?? rows.endIndex
    return max(0, min(index, min(end, index + visible) - visible))
  }

  /// The selectable line that is drawn so many lines under the title, in a panel of that size.
  func row(at offset: Int, _ model: DashboardModel, in rect: Rect, _ glyphs: GlyphSet) -> String? {
    let rows = rows(model, GaugeRoom(columns: rect.columns - 3, glyphs: glyphs))
    guard !rows.isEmpty else { return nil }
    let selected = model.selectedGaugeRow(of: id, among: rows)
    let index = Self.top(of: rows, selected: selected, visible: rect.rows) + offset
    guard rows.indices.contains(index) else { return nil }
    // A line without a name belongs to the one above it.
    return rows[...index].last { $0.id != nil }?.id
  }

  private func draw(
    _ row: GaugeRow, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect, isSelected: Bool
  ) {
    let isCursor = isSelected && scene.model.focus == id
    if isCursor {
      canvas.put(
        Glyph(scene.glyphs.cursor), row: line.row, column: line.column + 1, style: scene[.key])
    }
    let body = line.inset(left: 3)
    let used = canvas.write(row.spans, in: body, scene)
    // What stands first at the right end is the first to go.
    var right = row.right[...]
    func width() -> Int { right.reduce(0) { $0 + SafeText($1.text).columns } }
    while !right.isEmpty, used + width() + 1 > body.columns { right.removeFirst() }
    canvas.write(Array(right), in: body.inset(left: body.columns - width()), scene)
  }

  /// A sentence over as many lines as it needs.
  private func drawText(
    _ text: String, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let body = rect.inset(left: 3)
    for (index, line) in Wording.wrapped(text, columns: body.columns).prefix(body.rows).enumerated()
    {
      canvas.write([Span(line, .muted)], in: body.line(index), scene)
    }
  }
}

extension DashboardModel {
  /// The line that is selected in a gauge: the person's, or the first.
  package func selectedGaugeRow(of panel: PanelID, among rows: [GaugeRow]) -> String? {
    let ids = rows.compactMap(\.id)
    if let chosen = gauges.selected[panel], ids.contains(chosen) { return chosen }
    return ids.first
  }

  /// The lines of a gauge as a list: what can be selected does not depend on the room.
  package func gaugeRows(of panel: PanelID) -> [GaugeRow] {
    GaugePanel.of(panel)?.rows(self, GaugeRoom(columns: 60, glyphs: .unicode)) ?? []
  }

  /// The selected line of a gauge.
  package func selectedGaugeRow(of panel: PanelID) -> String? {
    selectedGaugeRow(of: panel, among: gaugeRows(of: panel))
  }
}
