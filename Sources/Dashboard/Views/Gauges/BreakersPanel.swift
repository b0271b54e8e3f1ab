// The breakers: which providers are answered for, which are left alone and until when.

import BatchModel
import Canvas
import Resilience

extension GaugePanel {
  static let breakers = GaugePanel(
    id: .breakers, name: "Breakers", shortName: "Brk", badge: BreakersPanel.badge,
    rows: BreakersPanel.rows, emptiness: BreakersPanel.emptiness)
}

private enum BreakersPanel {
  /// `1!`: so many are not closed.
  static func badge(_ model: DashboardModel) -> String? {
    let open = model.gates.count { $0.breaker != "closed" }
    return open > 0 ? "\(open)!" : nil
  }

  static func rows(_ model: DashboardModel, _ room: GaugeRoom) -> [GaugeRow] {
    let width = model.gates.map { SafeText($0.provider).columns }.max() ?? 0
    return model.gates.map { row($0, model, nameColumns: min(width, 16)) }
  }

  private static func row(
    _ gate: GateGauge, _ model: DashboardModel, nameColumns: Int
  ) -> GaugeRow {
    var spans = [
      Span(Wording.padded(gate.provider, columns: nameColumns) + " ", .text),
      Span(Wording.padded(Wording.breaker(gate.breaker), columns: 9), role(gate.breaker)),
    ]
    if let probe = probe(gate, model) { spans.append(probe) }
    if gate.breaker == "isolated" { spans.append(Span(" open by hand", .wait)) }
    if gate.breaker == "disabled" { spans.append(Span(" closed by hand", .wait)) }
    if gate.isHeld { spans.append(Span(" held back by hand", .paused)) }
    if gate.breaker != "closed", gate.waiting > 0 {
      spans.append(Span("  \(Wording.count(gate.waiting)) held", .wait))
    }
    return GaugeRow(gate.provider, spans, right: figures(gate, isPast: model.past != nil))
  }

  /// ` probe 0:41`.
  private static func probe(_ gate: GateGauge, _ model: DashboardModel) -> Span? {
    guard let at = gate.probeAt ?? (gate.waitReason == .breaker ? gate.until : nil) else {
      return nil
    }
    let left = model.shownAt.duration(to: at)
    return Span(left > .zero ? " probe \(Wording.left(left))" : " probe due", .breakerHalf)
  }

  /// `3 trips  62% err`.
  private static func figures(_ gate: GateGauge, isPast: Bool) -> [Span] {
    var spans: [Span] = []
    if gate.trips > 0 {
      spans.append(Span(gate.trips == 1 ? "1 trip" : "\(Wording.count(gate.trips)) trips", .wait))
    }
    if let rate = gate.errorRate {
      let percent = Int((min(1, max(0, rate)) * 100).rounded())
      spans.append(Span("  \(percent)% err", percent == 0 ? .muted : .wait))
    } else if gate.calls == 0, !isPast {
      // The ledger's breakers know of no calls, whether or not there were some.
      spans.append(Span("  no calls yet", .muted))
    }
    return spans
  }

  private static func role(_ breaker: String) -> Role {
    switch breaker {
    case "closed", "disabled", "shadow": .breakerClosed
    case "open", "isolated": .breakerOpen
    default: .breakerHalf
    }
  }

  static func emptiness(_ model: DashboardModel) -> String {
    model.withoutGates(
      ofEngine: "no provider: steps that name one have a breaker (llm, agent, run with provider:)",
      otherwise: "no engine runs: it has the breakers of the providers that steps name")
  }
}

extension DashboardModel {
  /// The providers as the engine tells them; none without an engine.
  var gates: [GateGauge] { snapshot?.gauges?.gates ?? [] }

  /// Why no provider is shown, with advice that can be followed.
  func withoutGates(ofEngine engine: String, otherwise: String) -> String {
    if past != nil { return "the ledger tells of no provider until then" }
    if hasEngine { return engine }
    if snapshot?.summary.state == .finished, snapshot?.itemsLeft == 0 {
      return "the run is finished: no provider is called, and nothing is waited for"
    }
    if reasonAgainst(.pauseOrResume) != nil { return otherwise }
    return "\(otherwise); \(key(.pauseOrResume)) starts one"
  }
}
