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

  /// A line for what is waited for, and one for each limit.
  private static func rows(
    _ gate: GateGauge, _ model: DashboardModel, _ room: GaugeRoom, nameColumns: Int
  ) -> [GaugeRow] {
    var rows: [GaugeRow] = []
    func name() -> Span {
      let text = rows.isEmpty ? gate.provider : ""
      return Span(Wording.padded(text, columns: nameColumns) + " ", .text)
    }
    if gate.waiting > 0, let reason = gate.waitReason {
      var spans = [name(), Span(Wording.wait(reason), .wait)]
      if let until = gate.until, model.shownAt < until {
        spans.append(Span(" \(Wording.left(model.shownAt.duration(to: until)))", .wait))
      }
      rows.append(
        GaugeRow(
          gate.provider, spans, right: [Span("\(Wording.count(gate.waiting)) wait", .wait)]))
    }
    for limit in gate.limits {
      let id = rows.isEmpty ? gate.provider : "\(gate.provider) \(limit.dimension)"
      rows.append(row(limit, id, name(), gate, model, room))
    }
    if let spark = spark(gate, model, room), !rows.isEmpty {
      rows[0].right.insert(spark, at: 0)
    }
    return rows
  }

  /// How many waited before it over the last minute, where there is room and something did.
  private static func spark(
    _ gate: GateGauge, _ model: DashboardModel, _ room: GaugeRoom
  ) -> Span? {
    guard room.columns >= 56 else { return nil }
    let history = model.frozenHistory ?? model.history
    let values = (history.waiting[gate.provider] ?? []).suffix(sparkColumns)
    guard let most = values.max(), most > 0, values.count > 1, model.past == nil else { return nil }
    return Span(room.spark(Array(values), ceiling: max(4, most)) + "  ", .spark2)
  }

  private static let sparkColumns = 16

  /// `input tokens  ██████░░ 76%   in 0:18, 229 wait`.
  private static func row(
    _ limit: LimitGauge, _ id: String, _ name: Span, _ gate: GateGauge, _ model: DashboardModel,
    _ room: GaugeRoom
  ) -> GaugeRow {
    let percent = Int((min(1, max(0, limit.used)) * 100).rounded(.down))
    let role: Role = limit.used < 0.8 ? .spark1 : .wait
    let spans = [
      name, Span(Wording.padded(limit.dimension, columns: 13) + " ", .muted),
      Span(room.bar(limit.used, columns: room.columns >= 56 ? 12 : 6), role),
      Span(" \(percent)%", role),
    ]
    var right: [Span] = []
    if let until = limit.until, model.shownAt < until {
      right.append(Span("in \(Wording.left(model.shownAt.duration(to: until)))", .wait))
    }
    if limit.waiting > 0 { right.append(Span("  \(Wording.count(limit.waiting)) wait", .wait)) }
    if right.isEmpty, let perMinute = limit.limitPerMinute {
      right.append(Span("\(Wording.short(Int(min(perMinute, 1e15)))) a minute", .muted))
    } else if right.isEmpty, let most = gate.concurrencyLimit {
      right.append(Span("\(gate.inFlight) of \(most)", .muted))
    }
    return GaugeRow(id, spans, right: right)
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
      let left = model.agesAt(of: .waiting).duration(to: due)
      spans.append(
        Span(left > .zero ? ", the next \(Wording.left(left))" : ", the next is due", .wait))
    }
    return GaugeRow("retries", spans)
  }

  static func emptiness(_ model: DashboardModel) -> String {
    model.withoutGates(
      ofEngine: "nothing waits, and no provider has limits: limits: under providers: gives it some",
      otherwise: "no engine runs, so nothing is waited for")
  }
}
