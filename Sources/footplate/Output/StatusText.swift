// A run's status in a few lines, and the sentence that says what to do next.

import BatchModel
import Dashboard
import Resilience

enum StatusText {
  /// - Parameter hasReviews: whether candidates wait for a person's word.
  static func lines(
    _ snapshot: RunSnapshot, running: [ItemRow], hasReviews: Bool
  ) -> [String] {
    let summary = snapshot.summary
    var lines = [
      "\(summary.batch)  \(word(for: snapshot))  \(summary.run)", counts(summary.counts),
    ]
    if case .live(let gauges?) = snapshot.engine {
      lines.append(
        "engine \(gauges.pid): \(gauges.slotsUsed) of \(gauges.slots) slots, "
          + "\(Int(gauges.itemsPerSecond.rounded())) items/s")
    }
    if let budget = snapshot.budget {
      let projected = snapshot.projectedCost.map { ", about \($0.dollars) at the end" } ?? ""
      lines.append(money(budget) + projected)
    }
    if case .live(let gauges?) = snapshot.engine {
      lines += gauges.gates.map { gate(in: $0, at: snapshot.at) }
    }
    lines += levers(of: snapshot)
    if let outbox = snapshot.outbox { lines.append("  events: \(OutboxText.line(outbox))") }
    for row in running.prefix(10) {
      lines.append("  runs \(row.key), for \(row.since.duration(to: snapshot.at).brief)")
    }
    for group in snapshot.groups.prefix(10) {
      lines.append("  \(group.name)  \(group.count)  \(group.signature.text)")
    }
    if let due = snapshot.nextDue {
      lines.append("  the next retry is due in \(snapshot.at.duration(to: due).brief)")
    }
    if summary.unknownAttempts > 0 {
      lines.append("  \(summary.unknownAttempts) attempts of a dead engine: outcome unknown")
    }
    if hasReviews { lines.append("  \(review)") }
    lines.append(next(summary, engine: snapshot.engine))
    return lines
  }

  /// What is held back, and retries of groups that are still at their first items.
  private static func levers(of snapshot: RunSnapshot) -> [String] {
    let holds = snapshot.holds.map { hold in
      let option =
        switch hold {
        case .provider(let name): "--provider \"\(name)\""
        case .step(let id): "--step \(id)"
        }
      return "  \(hold) is held: footplate resume \(option)"
    }
    return holds
      + snapshot.canaries.map { canary in
        "  retry of \(canary.name): \(canary.passed) of \(canary.of) first items done, "
          + "\(canary.failed) failed; \(canary.rest) others wait for them"
      }
  }

  /// `spent $12.40 of $40.00, up to $0.80 in flight`.
  static func money(_ budget: BudgetFigures) -> String {
    var text = "spent \(budget.spent.dollars)"
    if let cap = budget.cap { text += " of \(cap.dollars)" }
    if budget.reserved > .zero { text += ", up to \(budget.reserved.dollars) in flight" }
    if budget.isLatched { text += ", latched: a bill exceeded its bound" }
    return text
  }

  private static func gate(in gauge: GateGauge, at now: Instant) -> String {
    var text = "  \(gauge.provider): \(gauge.inFlight) in flight"
    if let limit = gauge.concurrencyLimit { text += " of \(limit)" }
    text += ", breaker \(gauge.breaker), \(gauge.calls) calls"
    let tokens = Int(clamping: gauge.outputTokens + gauge.streamedTokens)
    if tokens > 0 { text += ", \(Wording.count(tokens)) tokens out" }
    guard gauge.waiting > 0, let reason = gauge.waitReason else { return text }
    text += ", \(gauge.waiting) wait (\(Wording.wait(reason)))"
    if let until = gauge.until { text += " for \(now.duration(to: until).brief)" }
    return text
  }

  static func counts(_ counts: ItemCounts) -> String {
    ItemState.allCases.compactMap { state in
      let count = counts[state]
      return count > 0 || state == .done ? "\(state.rawValue) \(count)" : nil
    }.joined(separator: "  ")
  }

  private static func word(for snapshot: RunSnapshot) -> String {
    let state = snapshot.summary.state
    guard state == .running, snapshot.engine == .absent else { return state.rawValue }
    return "interrupted (no engine)"
  }

  /// Said where failures are told of which some left a candidate.
  static let review = "rejected candidates wait for a review: footplate review"

  /// What to do next, in one sentence.
  static func next(_ summary: RunSummary, engine: EngineLiveness) -> String {
    switch summary.state {
    case .finished where summary.counts.queued > 0:
      "finished before, and \(summary.counts.queued) queued since: footplate run goes on"
    case .finished where summary.counts.failed > 0:
      "finished, \(summary.counts.failed) failed: footplate run --retry-failed"
    case .finished: "finished, nothing failed"
    case .paused: "paused (\(summary.why)): footplate resume"
    case .stopped: "stopped (\(summary.why)): footplate run goes on"
    case .superseded: "superseded by a run of a changed definition"
    case .running where engine == .absent: "its engine is gone: footplate run goes on"
    case .running: "running: footplate attach to watch, footplate pause to hold"
    }
  }

  static func status(of summary: RunSummary) -> ExitStatus {
    switch summary.state {
    case .finished: summary.counts.failed > 0 ? .someFailed : .done
    case .running, .paused, .stopped: .resumable
    case .superseded: .done
    }
  }
}
