// The failures by signature: how many, since when, whether it goes on, what it cost and what to do;
// or the samples of one of them.

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

  /// `3 groups, $0.71 wasted`.
  static func status(_ scene: Scene) -> [Span] {
    if let browsing = scene.model.failures.browsing {
      return SamplesView.status(browsing, scene.model)
    }
    let groups = scene.model.groups
    guard !groups.isEmpty else { return [] }
    let count = groups.count == 1 ? "1 group" : "\(Wording.count(groups.count)) groups"
    let wasted = groups.reduce(Money.zero) { $0 + $1.cost }
    guard wasted > .zero else { return [Span(count, .text)] }
    return [Span(count, .text), Span(", \(Wording.sum(wasted)) wasted", .muted)]
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    if let browsing = scene.model.failures.browsing {
      SamplesView.draw(browsing, scene, &canvas, rect)
      return
    }
    let groups = scene.model.groups
    guard !groups.isEmpty else {
      canvas.write([Span("   nothing has failed", .muted)], in: rect.line(0), scene)
      return
    }
    let columns = GroupColumns(width: rect.columns)
    GroupRow.drawNames(scene, &canvas, columns.cells(in: rect.line(0)))
    let feet = scene.model.selectedGroup.map { GroupFoot.lines($0, scene, columns) } ?? []
    // What there is to say of the selected group gets the room that the list leaves, and one line of
    // a long list.
    let body = rect.inset(top: 1)
    let model = scene.model
    let hasWord = model.selectedGroup.map { $0.note != nil || model.endedCanary(of: $0) != nil }
    let least = body.rows >= (hasWord == true ? 2 : 4) ? 1 : 0
    let free = max(body.rows - groups.count, least)
    let footRows = min(feet.count, free)
    drawList(scene, &canvas, body.inset(bottom: footRows), columns)
    GroupFoot.draw(feet, scene, &canvas, body.inset(top: body.rows - footRows, left: 3))
  }

  private static func drawList(
    _ scene: Scene, _ canvas: inout Canvas, _ body: Rect, _ columns: GroupColumns
  ) {
    let groups = scene.model.groups
    let selected = scene.model.selectedGroup?.signature
    let index = groups.firstIndex { $0.signature == selected } ?? 0
    let top = max(0, min(index - body.rows + 1, groups.count - body.rows))
    for (offset, group) in groups.dropFirst(top).prefix(body.rows).enumerated() {
      GroupRow(group: group, isSelected: group.signature == selected)
        .draw(scene, &canvas, body.line(offset), columns)
    }
  }
}
