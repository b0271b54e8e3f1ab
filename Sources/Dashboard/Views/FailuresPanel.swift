// The failures by signature: how many, since when, whether it goes on, and what it is.

import BatchModel
import Canvas
import Resilience

extension PanelDescriptor {
  static let failures = PanelDescriptor(
    id: .failures, name: "Failures", shortName: "Fail", count: FailuresPanel.count,
    status: FailuresPanel.status,
    minimum: Size(columns: 20, rows: 2), draw: FailuresPanel.draw)
}

private enum FailuresPanel {
  static func count(_ scene: Scene) -> String? {
    guard let failed = scene.model.snapshot?.summary.counts.failed, failed > 0 else { return nil }
    return Wording.count(failed)
  }

  static func status(_ scene: Scene) -> [Span] {
    let count = scene.model.groups.count
    guard count > 0 else { return [] }
    return [Span(count == 1 ? "1 group" : "\(Wording.count(count)) groups", .text)]
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let groups = scene.model.groups
    let body = rect.inset(top: 1)
    guard !groups.isEmpty else {
      canvas.write([Span("   nothing has failed", .muted)], in: rect.line(0), scene)
      return
    }
    drawNames(scene, &canvas, cells(in: rect.line(0)))
    let selected = scene.model.selectedGroup?.signature
    let index = groups.firstIndex { $0.signature == selected } ?? 0
    let top = max(0, min(index - body.rows + 1, groups.count - body.rows))
    for (offset, group) in groups.dropFirst(top).prefix(body.rows).enumerated() {
      draw(group, scene, &canvas, body.line(offset), isSelected: group.signature == selected)
    }
  }

  private static func drawNames(_ scene: Scene, _ canvas: inout Canvas, _ cells: [Rect]) {
    let style = scene[.muted]
    canvas.write("GROUP", in: cells[1], style: style)
    canvas.write("COUNT", in: cells[2], style: style, align: .right)
    canvas.write("LAST", in: cells[3], style: style, align: .right)
    canvas.write("TREND", in: cells[4].inset(left: 2), style: style)
    canvas.write("WHAT", in: cells[5], style: style)
    canvas.write("FOR EXAMPLE", in: cells[7], style: style)
  }

  private static func draw(
    _ group: FailureGroup, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect, isSelected: Bool
  ) {
    let cells = cells(in: line)
    if isSelected {
      canvas.put(
        Glyph(scene.glyphs.cursor), row: line.row, column: line.column + 1, style: scene[.key])
    }
    let age = group.lastAt.duration(to: scene.model.shownAt)
    let trend = trend(group, age: age)
    canvas.write(SafeText(group.name), in: cells[1], style: scene[.fail])
    canvas.write(
      SafeText(Wording.count(group.count)), in: cells[2], style: scene[.text], align: .right)
    canvas.write(
      SafeText(Wording.duration(age)), in: cells[3], style: scene[.muted], align: .right)
    canvas.write([trend], in: cells[4].inset(left: 2), scene)
    canvas.write(SafeText(group.signature.text), in: cells[5], style: scene[.text])
    canvas.write(SafeText(group.sampleKey), in: cells[7], style: scene[.muted], cut: .middle)
    // The name keeps its colour outside the band: reversed, not every red can be read.
    if isSelected, scene.model.focus == .failures {
      canvas.restyle(line.from(cells[2].column), scene[.cursor])
    }
  }

  /// A group that grew within the last minute is rising; one that did not for ten is over.
  private static func trend(_ group: FailureGroup, age: Duration) -> Span {
    if age < .seconds(60) { return Span(group.count > 1 ? "rising" : "new", .fail) }
    return age < .seconds(600) ? Span("steady", .wait) : Span("quiet", .muted)
  }

  private static func cells(in line: Rect) -> [Rect] {
    let isWide = line.columns >= 90
    return line.split(columns: [
      .fixed(3), .fixed(6), .fixed(7), .fixed(6), .fixed(10), .share(3), .fixed(isWide ? 2 : 0),
      .share(isWide ? 2 : 0),
    ])
  }
}
