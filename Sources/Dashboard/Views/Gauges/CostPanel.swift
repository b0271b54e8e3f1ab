// The money: spent, in flight and free of the cap; how fast it goes, and what it went to.

import BatchModel
import Canvas
import Resilience

extension GaugePanel {
  static let cost = GaugePanel(
    id: .cost, name: "Cost", shortName: "Cost", badge: CostPanel.badge, rows: CostPanel.rows,
    emptiness: CostPanel.emptiness)
}

private enum CostPanel {
  static func badge(_ model: DashboardModel) -> String? {
    guard let budget = model.snapshot?.budget else { return nil }
    if budget.isLatched { return "!" }
    guard let cap = budget.cap, cap > .zero else { return nil }
    return "\(Int(min(999, budget.spent.share(of: cap) * 100)))%"
  }

  static func rows(_ model: DashboardModel, _ room: GaugeRoom) -> [GaugeRow] {
    guard let snapshot = model.snapshot, let budget = snapshot.budget else { return [] }
    var rows = [GaugeRow("cap", barLine(budget, model, room)), GaugeRow(nil, sumLine(budget))]
    if snapshot.summary.state != .finished {
      rows.append(GaugeRow("rate", rateLine(model, snapshot, budget)))
    }
    if budget.isLatched {
      let key = model.key(.raiseCap)
      rows.append(
        GaugeRow(
          "latch", [Span("a bill exceeded its bound: \(key) sets the cap, and calls go on", .fail)])
      )
    }
    rows += lines(model.gauges.spending?.models ?? [], "model ")
    rows += lines(model.gauges.spending?.steps ?? [], "step ")
    return rows
  }

  /// `██████████▒▒░░░░░░░░░ 43%`: spent, held by calls in flight, free.
  private static func barLine(
    _ budget: BudgetFigures, _ model: DashboardModel, _ room: GaugeRoom
  ) -> [Span] {
    guard let cap = budget.cap, cap > .zero else {
      return [
        Span(budget.spent.dollars),
        Span(" spent, and no cap: \(model.key(.raiseCap)) sets one", .muted),
      ]
    }
    let columns = max(6, room.columns - 6)
    let spent = Int((budget.spent.share(of: cap) * Double(columns)).rounded(.down))
    let held = Int((budget.reserved.share(of: cap) * Double(columns)).rounded(.up))
    let spentColumns = min(columns, spent)
    let heldColumns = min(columns - spentColumns, held)
    let role = Self.role(budget, cap)
    let percent = Int(min(999, budget.spent.share(of: cap) * 100))
    func bar(_ scalar: Unicode.Scalar, _ count: Int) -> String {
      String(repeating: String(Character(scalar)), count: count)
    }
    return [
      Span(bar(room.glyphs.barLevels.last ?? "#", spentColumns), role),
      Span(bar(room.glyphs.isASCII ? "+" : "▒", heldColumns), .wait),
      Span(bar(room.glyphs.barEmpty, columns - spentColumns - heldColumns), .border),
      Span(" \(percent)%", role),
    ]
  }

  /// `$214 spent  $6 held  $280 free of $500`.
  private static func sumLine(_ budget: BudgetFigures) -> [Span] {
    var spans = [Span(budget.spent.dollars), Span(" spent", .muted)]
    if budget.reserved > .zero {
      spans += [Span("  \(budget.reserved.dollars)"), Span(" held", .muted)]
    }
    guard let cap = budget.cap, cap > .zero else { return spans }
    let used = budget.spent.picodollars + budget.reserved.picodollars
    let free = Money(picodollars: max(0, cap.picodollars - used))
    return spans + [Span("  \(free.dollars)"), Span(" free of ", .muted), Span(cap.dollars)]
  }

  private static func role(_ budget: BudgetFigures, _ cap: Money) -> Role {
    let share = (budget.spent + budget.reserved).share(of: cap)
    return share >= 1 ? .costOver : share >= 0.9 ? .costNear : .costOK
  }

  /// `$71/h, cap reached ~06:10, ends ~$518`.
  private static func rateLine(
    _ model: DashboardModel, _ snapshot: RunSnapshot, _ budget: BudgetFigures
  ) -> [Span] {
    guard let perHour = model.history.spentPerHour, perHour > .zero else {
      return [Span("nothing was spent in the last minutes", .muted)]
    }
    var spans = [Span(Wording.sum(perHour)), Span("/h", .muted)]
    if let reached = model.capReachedAt {
      let time = Wording.clock(reached, zone: model.zone, seconds: false)
      spans.append(Span(", cap reached ~\(time)", .wait))
    }
    if let projected = snapshot.projectedCost {
      spans.append(Span(", ends ~\(Wording.sum(projected))", .muted))
    }
    return spans
  }

  private static func lines(_ rows: [SpendingRow], _ what: String) -> [GaugeRow] {
    rows.prefix(6).map { row in
      let tokens = Int(clamping: row.inputTokens + row.outputTokens)
      let cost = row.billing == .metered ? row.cost.dollars : "~" + row.cost.dollars
      return GaugeRow(
        what + row.name, [Span(what, .muted), Span(row.name)],
        right: [
          Span("\(Wording.count(Int(clamping: row.calls))) calls  ", .muted),
          Span(tokens > 0 ? "\(Wording.short(tokens)) tok  " : "", .muted), Span(cost),
        ])
    }
  }

  static func emptiness(_ model: DashboardModel) -> String {
    "nothing costs anything here: llm and agent steps do, and budget: cap: holds them"
  }
}

extension Money {
  /// How much of a sum this is; 0 of nothing.
  func share(of whole: Money) -> Double {
    whole > .zero ? Double(picodollars) / Double(whole.picodollars) : 0
  }
}
