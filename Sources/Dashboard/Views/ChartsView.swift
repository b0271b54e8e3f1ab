// The strip along the bottom of a large screen: how fast it went, and when things failed.

import Canvas
import Resilience

enum ChartsView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    let halves = rect.split(columns: [.share(1), .fixed(1), .share(1)])
    let history = scene.model.frozenHistory ?? scene.model.history
    let now = scene.model.snapshot?.rate ?? 0
    let fastest = max(now, history.rates.suffix(halves[0].columns).max() ?? 0)
    chart(
      "Speed", "\(Wording.rate(now)) now, \(Wording.rate(fastest)) at most", history.rates,
      ceiling: fastest, role: .spark1, scene, &canvas, halves[0])
    canvas.divider(halves[1], style: scene[.border])
    let failures = history.failures.suffix(halves[2].columns)
    let sum = Int(failures.reduce(0, +))
    let span = Wording.duration(History.spacing * failures.count)
    chart(
      "Failures", failures.count < drawnMin ? "" : "\(Wording.count(sum)) in the last \(span)",
      history.failures, ceiling: max(4, failures.max() ?? 0), role: .spark2, scene, &canvas,
      halves[2])
  }

  /// Fewer samples than these are no chart.
  private static let drawnMin = 2

  private static func chart(
    _ name: String, _ status: String, _ values: [Double], ceiling: Double, role: Role,
    _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect
  ) {
    let line = rect.line(0)
    canvas.fill(line, with: scene.glyphs.horizontal, style: scene[.border])
    canvas.write([Span(" \(name) ", .title)], in: line.inset(left: 1), scene)
    if !status.isEmpty {
      canvas.write(
        SafeText(" \(status) "), in: line.inset(left: 12, right: 1), style: scene[.muted],
        align: .right)
    }
    if let why = emptiness(of: values, scene) {
      canvas.write([Span(why, .muted)], in: rect.inset(left: 1).line(1), scene)
      return
    }
    canvas.chart(values, ceiling: ceiling, in: rect.inset(top: 1), style: scene[role])
  }

  /// Why there is nothing to be seen, where the person cannot know it.
  private static func emptiness(of values: [Double], _ scene: Scene) -> String? {
    if values.count < drawnMin {
      // The store keeps no samples: nothing is known of the time before this screen was opened.
      let spacing = History.spacing.components.seconds
      return "nothing to draw yet: it is measured every \(spacing) s while this screen is open"
    }
    let isStill = !values.contains { $0 > 0 }
    return isStill && !scene.model.hasEngine ? "no engine works on this run" : nil
  }
}
