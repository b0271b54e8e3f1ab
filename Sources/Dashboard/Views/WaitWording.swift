// Why a row waits and until when: also where its own time is over and something else holds it up.

import BatchModel
import Canvas
import Resilience

enum WaitWording {
  static func spans(_ row: ItemRow, _ model: DashboardModel) -> [Span] {
    let reason = row.waitReason.map(Wording.wait) ?? "waits"
    guard let until = row.waitUntil else {
      return [Span(reason, .wait), Span(" " + row.note, .muted)]
    }
    let left = model.agesAt(of: .waiting).duration(to: until)
    let words = left > .zero ? "\(reason) in \(Wording.left(left))" : overdue(row, model)
    return [Span(words, .wait), Span(row.note.isEmpty ? "" : "  " + row.note, .muted)]
  }

  /// What it waits for now that its time has come.
  private static func overdue(_ row: ItemRow, _ model: DashboardModel) -> String {
    if model.isDeserted { return "due, no engine" }
    let gates = model.gates
    let shut = gates.filter(\.isShut)
    // A row does not tell its provider: it is known where there is one, or where one is shut.
    if !shut.isEmpty, gates.count == 1 || row.waitReason == .breaker {
      return breaker(shut, model)
    }
    if let gauges = model.snapshot?.gauges, gauges.slots > 0, gauges.slotsUsed >= gauges.slots {
      return row.waitReason == .retry ? "retry: for a slot" : "due: for a slot"
    }
    let limits = gates.filter { $0.waitReason == .rateLimit }.compactMap(\.until)
    if let until = limits.min() {
      let left = model.shownAt.duration(to: until)
      if left > .zero { return "rate limit in \(Wording.left(left))" }
    }
    return "due"
  }

  /// `after the breaker 1:35`, `breaker OPEN, by hand`.
  private static func breaker(_ shut: [GateGauge], _ model: DashboardModel) -> String {
    if shut.allSatisfy({ $0.breaker == "isolated" }) { return "breaker OPEN, by hand" }
    guard let probe = shut.compactMap(\.probeAt).min() else { return "after the breaker's probe" }
    let left = model.shownAt.duration(to: probe)
    return left > .zero ? "after the breaker \(Wording.left(left))" : "after the breaker's probe"
  }
}

extension GateGauge {
  /// Its breaker lets no call through, or only a probe.
  var isShut: Bool { breaker == "open" || breaker == "isolated" || breaker == "half-open" }

  /// Calls wait for more than their turn: a full house is no trouble.
  var isHeldUp: Bool {
    guard waiting > 0, let waitReason else { return false }
    return waitReason != .rateLimit || until != nil
  }
}

extension DashboardModel {
  /// The run should go on, and nobody works on it.
  var isDeserted: Bool {
    past == nil && snapshot?.summary.state == .running && !hasEngine
  }

  /// The moment that ages of rows in that state are shown for: without an engine what runs and what
  /// waits stands still where it was left.
  func agesAt(of state: ItemState) -> Instant {
    guard isDeserted, state == .running || state == .waiting, let snapshot else { return shownAt }
    return min(shownAt, snapshot.summary.updatedAt)
  }
}
