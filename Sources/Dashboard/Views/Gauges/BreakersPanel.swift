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
    if gate.waitReason == .breaker {
      if let until = gate.until {
        let left = model.shownAt.duration(to: until)
        spans.append(
          Span(left > .zero ? " probe in \(Wording.duration(left))" : " probe is due", .wait))
      }
      spans.append(Span("  \(Wording.count(gate.waiting)) held", .wait))
    } else if gate.breaker == "isolated" {
      spans.append(Span("  forced open by hand", .wait))
    } else if gate.breaker == "disabled" {
      spans.append(Span("  forced closed by hand", .wait))
    }
    return GaugeRow(
      gate.provider, spans,
      right: [Span("\(Wording.count(Int(clamping: gate.calls))) calls", .muted)])
  }

  private static func role(_ breaker: String) -> Role {
    switch breaker {
    case "closed": .ok
    case "open", "isolated": .fail
    default: .wait
    }
  }

  static func emptiness(_ model: DashboardModel) -> String {
    model.hasEngine
      ? "no breaker: steps that name a provider have one (llm, agent, or run with provider:)"
      : "no engine runs: a breaker is its engine's; P starts one"
  }
}

extension DashboardModel {
  /// The providers as the engine tells them; none without an engine.
  var gates: [GateGauge] { snapshot?.gauges?.gates ?? [] }
}
