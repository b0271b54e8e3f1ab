// The waits: what is waited for, how many wait behind it, and until when.

import BatchModel
import Canvas
import Resilience

extension GaugePanel {
  static let waits = GaugePanel(
    id: .waits, name: "Waits", shortName: "Wait", badge: WaitsPanel.badge, rows: WaitsPanel.rows,
    emptiness: WaitsPanel.emptiness)
}

private enum WaitsPanel {
  static func badge(_ model: DashboardModel) -> String? {
    let waiting = model.gates.reduce(0) { $0 + $1.waiting }
    return waiting > 0 ? Wording.count(waiting) : nil
  }

  static func rows(_ model: DashboardModel, _ room: GaugeRoom) -> [GaugeRow] {
    let width = min(16, model.gates.map { SafeText($0.provider).columns }.max() ?? 0)
    var rows: [GaugeRow] = []
    for gate in model.gates { rows += self.rows(gate, model, room, nameColumns: width) }
    if let retries = retries(model) { rows.append(retries) }
    return rows
  }

  private static func rows(
    _ gate: GateGauge, _ model: DashboardModel, _ room: GaugeRoom, nameColumns: Int
  ) -> [GaugeRow] {
    let name = Span(Wording.padded(gate.provider, columns: nameColumns) + " ", .text)
    var rows: [GaugeRow] = []
    if gate.waiting > 0, let reason = gate.waitReason {
      var spans = [name, Span(Wording.wait(reason), .wait)]
      if let until = gate.until {
        spans.append(Span(" \(Wording.duration(model.shownAt.duration(to: until)))", .wait))
      }
      rows.append(
        GaugeRow(
          gate.provider, spans, right: [Span("\(Wording.count(gate.waiting)) wait", .wait)]))
    }
    if let limit = gate.concurrencyLimit, limit > 0 {
      let share = Double(gate.inFlight) / Double(limit)
      rows.append(
        GaugeRow(
          rows.isEmpty ? gate.provider : nil,
          [
            name, Span("in flight ", .muted),
            Span(room.bar(share, columns: 8), share < 1 ? .spark1 : .wait),
          ],
          right: [Span("\(gate.inFlight) of \(limit)", .muted)]))
    }
    return rows
  }

  /// Items that wait for another try, outside of any provider.
  private static func retries(_ model: DashboardModel) -> GaugeRow? {
    // Without providers the queue's rows say it all; it is repeated for who looks here.
    guard let snapshot = model.snapshot, !model.gates.isEmpty || model.focus == .waits else {
      return nil
    }
    let behind = model.gates.reduce(0) { $0 + $1.waiting }
    let others = snapshot.summary.counts.waiting - behind
    guard others > 0 else { return nil }
    var spans = [Span("later ", .muted), Span("\(Wording.items(others)) wait")]
    if let due = snapshot.nextDue {
      let left = model.shownAt.duration(to: due)
      spans.append(
        Span(left > .zero ? ", the next \(Wording.duration(left))" : ", the next is due", .wait))
    }
    return GaugeRow("retries", spans)
  }

  static func emptiness(_ model: DashboardModel) -> String {
    model.hasEngine
      ? "nothing waits, and no provider has limits: limits: under providers: gives it some"
      : "no engine runs, so nothing is waited for; P starts one"
  }
}
