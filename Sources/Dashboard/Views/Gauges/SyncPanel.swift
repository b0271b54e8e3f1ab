// The outbox: what waits for the sink, what was delivered, refused and lost, and when it goes on.

import BatchModel
import Canvas
import Resilience

extension GaugePanel {
  static let sync = GaugePanel(
    id: .sync, name: "Sync", shortName: "Sync", badge: SyncPanel.badge, rows: SyncPanel.rows,
    emptiness: SyncPanel.emptiness)
}

private enum SyncPanel {
  static func badge(_ model: DashboardModel) -> String? {
    guard let outbox = model.snapshot?.outbox else { return nil }
    let mark = outbox.lost > 0 || isTroubled(outbox.health) ? "!" : ""
    return outbox.pending > 0 ? Wording.count(outbox.pending) + mark : mark.isEmpty ? nil : mark
  }

  private static func isTroubled(_ health: SinkHealth) -> Bool {
    switch health {
    case .unknown, .well: false
    case .failing, .open, .unwilling: true
    }
  }

  static func rows(_ model: DashboardModel, _ room: GaugeRoom) -> [GaugeRow] {
    guard let outbox = model.snapshot?.outbox else { return [] }
    var rows = [
      GaugeRow("cached", cached(outbox, model)),
      GaugeRow(
        "sink",
        [
          Span("sink ", .muted), Span(health(outbox, model), role(outbox.health)),
          Span("  " + outbox.sink, .muted),
        ]),
      GaugeRow(
        "size",
        [
          Span("size ", .muted),
          Span(
            room.bar(share(outbox), columns: 8), share(outbox) < 0.8 ? .spark1 : .wait),
          Span(" \(Wording.bytes(Int64(outbox.sizeBytes)))"),
          Span(" of \(Wording.bytes(Int64(outbox.sizeBytesMax)))", .muted),
        ]),
      GaugeRow(
        "delivered",
        [
          Span("\(Wording.count(Int(clamping: outbox.delivered)))"), Span(" delivered  ", .muted),
          Span(
            "\(Wording.count(Int(clamping: outbox.failed)))", outbox.failed > 0 ? .wait : .muted),
          Span(" refused  ", .muted),
          Span("\(Wording.count(Int(clamping: outbox.lost)))", outbox.lost > 0 ? .fail : .muted),
          Span(" lost", .muted),
        ]),
    ]
    if !outbox.trouble.isEmpty { rows.append(GaugeRow("trouble", [Span(outbox.trouble, .wait)])) }
    return rows
  }

  /// `12 cached, 0:03 behind, next try in 0:12`.
  private static func cached(_ outbox: OutboxFigures, _ model: DashboardModel) -> [Span] {
    guard outbox.pending > 0 else { return [Span("everything is delivered", .ok)] }
    var spans = [Span("\(Wording.count(outbox.pending)) cached", .wait)]
    if let oldest = outbox.oldest {
      spans.append(Span(", \(Wording.duration(oldest.duration(to: model.shownAt))) behind"))
    }
    if let next = outbox.nextTry {
      let left = model.shownAt.duration(to: next)
      spans.append(Span(left > .zero ? ", next try in \(Wording.left(left))" : ", trying now"))
    } else if !model.hasEngine {
      spans.append(Span(", nothing delivers them without an engine", .muted))
    }
    return spans
  }

  /// What the sink is like is its engine's knowledge.
  private static func health(_ outbox: OutboxFigures, _ model: DashboardModel) -> String {
    outbox.health == .unknown && !model.hasEngine && model.past == nil
      ? "no engine delivers now" : Wording.sink(outbox.health)
  }

  private static func share(_ outbox: OutboxFigures) -> Double {
    Double(outbox.sizeBytes) / Double(max(1, outbox.sizeBytesMax))
  }

  private static func role(_ health: SinkHealth) -> Role {
    switch health {
    case .unknown: .muted
    case .well: .ok
    case .failing: .wait
    case .open, .unwilling: .fail
    }
  }

  static func emptiness(_ model: DashboardModel) -> String {
    "no sink: events: {sink: URL} sends every change of this batch there"
  }
}
