// The line of a run that makes calls: what they cost, and what each provider does.

import BatchModel
import Canvas
import Resilience

enum CallsView {
  /// From this share of the cap on, the sum is no longer a matter of course.
  private static let nearCap = 0.9

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    guard let snapshot = scene.model.snapshot else { return }
    var parts: [[Span]] = []
    if let budget = snapshot.budget {
      parts.append(money(budget, projected: snapshot.projectedCost))
    }
    for gate in scene.model.gates { parts.append(provider(gate, isWide: line.columns >= 140)) }
    canvas.writeWhole(parts, gap: line.columns >= 100 ? 3 : 2, in: line, scene)
  }

  /// `spent $12.40 of $40.00, ~$31.00 at the end +$0.80 in flight`.
  private static func money(_ budget: BudgetFigures, projected: Money?) -> [Span] {
    var spans = [Span("spent ", .muted)]
    let role: Role = budget.isLatched ? .fail : isNear(budget) ? .wait : .text
    spans.append(Span(budget.spent.dollars, role))
    if let cap = budget.cap { spans.append(Span(" of \(cap.dollars)", role)) }
    if let projected {
      let isBeyond = budget.cap.map { $0 < projected } ?? false
      spans.append(Span(", ~\(projected.dollars) at the end", isBeyond ? .wait : .muted))
    }
    if budget.reserved > .zero { spans.append(Span(" +\(budget.reserved.dollars) in flight")) }
    if budget.isLatched { spans.append(Span(" a bill exceeded its bound", .fail)) }
    return spans
  }

  private static func isNear(_ budget: BudgetFigures) -> Bool {
    guard let cap = budget.cap else { return false }
    let committed = Double(budget.spent.picodollars) + Double(budget.reserved.picodollars)
    return committed >= nearCap * Double(cap.picodollars)
  }

  /// `anthropic 9/16 48,210 tok`.
  private static func provider(_ gate: GateGauge, isWide: Bool) -> [Span] {
    let limit = gate.concurrencyLimit.map { "/\($0)" } ?? ""
    var spans = [Span(gate.provider + " ", .muted), Span("\(gate.inFlight)\(limit)")]
    let tokens = Int(clamping: gate.outputTokens + gate.streamedTokens)
    if isWide, tokens > 0 { spans.append(Span(" \(Wording.count(tokens)) tok", .muted)) }
    return spans
  }
}

extension RunSnapshot {
  /// Whether there is anything to say of calls.
  var hasCalls: Bool { budget != nil || gauges?.gates.isEmpty == false }
}
