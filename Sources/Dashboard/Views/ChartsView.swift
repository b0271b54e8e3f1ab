// The strip along the bottom of a large screen: how fast it went, and when things failed.

import BatchModel
import Canvas
import Resilience

enum ChartsView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let history = scene.model.frozenHistory ?? scene.model.history
    let charts = charts(scene, history, columns: rect.columns / 3)
    var lengths: [Length] = []
    for index in charts.indices { lengths += index > 0 ? [.fixed(1), .share(1)] : [.share(1)] }
    let parts = rect.split(columns: lengths)
    for (index, chart) in charts.enumerated() {
      draw(chart, scene, &canvas, parts[index * 2])
      if index > 0 { canvas.divider(parts[index * 2 - 1], style: scene[.border]) }
    }
  }

  private struct Chart {
    var name: String
    var status: String
    var values: [Double]
    var ceiling: Double
    var role: Role
  }

  private static func charts(_ scene: Scene, _ history: History, columns: Int) -> [Chart] {
    let now = scene.model.snapshot?.rate ?? 0
    let fastest = max(now, history.rates.suffix(columns).max() ?? 0)
    let failures = history.failures.suffix(columns)
    let sum = Int(failures.reduce(0, +))
    let span = Wording.duration(History.spacing * failures.count)
    var charts = [
      Chart(
        name: "Speed", status: "\(Wording.rate(now)) now, \(Wording.rate(fastest)) at most",
        values: history.rates, ceiling: fastest, role: .spark1),
      Chart(
        name: "Failures",
        status: failures.count < drawnMin ? "" : "\(Wording.count(sum)) in the last \(span)",
        values: history.failures, ceiling: max(4, failures.max() ?? 0), role: .spark2),
    ]
    guard scene.model.snapshot?.budget != nil else { return charts }
    let costs = history.costs
    let perHour = history.spentPerHour.map { $0.dollars + " an hour" } ?? ""
    charts.append(
      Chart(
        name: "Cost", status: perHour, values: costs,
        ceiling: costs.suffix(columns).max() ?? 0, role: .spark3))
    return charts
  }

  /// Fewer samples than these are no chart.
  private static let drawnMin = 2

  private static func draw(
    _ chart: Chart, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let line = rect.line(0)
    canvas.fill(line, with: scene.glyphs.horizontal, style: scene[.border])
    canvas.write([Span(" \(chart.name) ", .title)], in: line.inset(left: 1), scene)
    if !chart.status.isEmpty {
      canvas.write(
        SafeText(" \(chart.status) "), in: line.inset(left: 12, right: 1), style: scene[.muted],
        align: .right)
    }
    if let why = emptiness(of: chart.values, scene) {
      canvas.write([Span(why, .muted)], in: rect.inset(left: 1).line(1), scene)
      return
    }
    canvas.chart(
      chart.values, ceiling: chart.ceiling, in: rect.inset(top: 1), style: scene[chart.role])
  }

  /// Why there is nothing to be seen, where the person cannot know it.
  private static func emptiness(of values: [Double], _ scene: Scene) -> String? {
    if values.count < drawnMin {
      let spacing = History.spacing.components.seconds
      return "nothing to draw yet: it is measured every \(spacing) s while this screen is open"
    }
    let isStill = !values.contains { $0 > 0 }
    return isStill && !scene.model.hasEngine ? "no engine works on this run" : nil
  }
}
