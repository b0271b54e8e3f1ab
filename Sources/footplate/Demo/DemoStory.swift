// What happened in a demo, told from its ledger and its costs.

import BatchModel
import BatchStore
import Dashboard
import Resilience

/// The ledger of a run, added up.
struct DemoStory {
  private var openings = 0
  private var closings = 0
  private var waits: [WaitReason: Int] = [:]
  private var sentBack = 0
  /// Spent and reserved together, now and at most.
  private var committedPicodollars: Int64 = 0
  private var committedMax: Int64 = 0
  private var reservations: [AttemptID: Int64] = [:]
  private let summary: RunSummary
  private let models: [SpendingRow]
  private let groups: [FailureGroup]
  private let cap: Money?
  private let sink: OutboxCursor?

  init(of run: RunID, from store: any StoreReading, summary: RunSummary) throws {
    self.summary = summary
    models = try store.spending(of: run, by: .model, limit: 10)
    groups = try store.failureGroups(of: run)
    sink = try store.outboxCursors().first
    cap = try store.budgetState(of: run).cap ?? store.batch(of: run)?.budget.cap
    var last: Int64 = 0
    while true {
      let entries = try store.entries(of: run, after: last, limit: 1000)
      guard let newest = entries.last else { break }
      for entry in entries { take(entry.change) }
      last = newest.sequence
    }
  }

  var lines: [String] {
    var lines = [
      "breaker: opened \(openings)×, closed again \(closings)×; what waited for it failed nothing",
      "waits: "
        + WaitReason.allCases.compactMap { reason in
          waits[reason].map { "\($0) \(Wording.wait(reason))" }
        }.joined(separator: ", "),
      "reviews: \(sentBack) replies sent back",
    ]
    lines += models.map { "model \($0.name): \($0.calls) calls, \($0.cost.dollars)" }
    if let cap {
      let most = Money(picodollars: committedMax)
      lines.append("cap: \(cap.dollars); spent and reserved together were \(most.dollars) at most")
    }
    lines += groups.map { "failed: \($0.count)× \($0.signature.text)" }
    if let sink {
      lines.append("events: \(sink.delivered) delivered to the sink, \(sink.lost) lost")
    }
    lines.append("items: \(StatusText.counts(summary.counts)), of \(summary.counts.total)")
    return lines
  }

  private mutating func take(_ change: Change) {
    switch change {
    case .attemptStarted(let start):
      guard let worst = start.reservation?.worstCase.picodollars else { return }
      reservations[start.attempt] = worst
      committedPicodollars += worst
      committedMax = max(committedMax, committedPicodollars)
    case .attemptEnded(let end): settle(end.attempt, end.consumption)
    case .resultRecorded(let result): settle(result.attempt, result.consumption)
    case .resultHeld(let held): settle(held.attempt, held.result?.consumption)
    case .stepDone(let done): settle(done.attempt, done.result?.consumption)
    case .sentBack: sentBack += 1
    case .itemMoved(let move):
      if move.to == .waiting, let reason = move.waitReason { waits[reason, default: 0] += 1 }
    case .providerMoved(let move):
      if move.to == "breaker-open" { openings += 1 }
      if move.to == "breaker-closed" { closings += 1 }
    default: break
    }
  }

  /// A reservation becomes its bill; one without a bill is given back.
  private mutating func settle(_ attempt: AttemptID, _ consumption: Consumption?) {
    guard let worst = reservations.removeValue(forKey: attempt) else { return }
    committedPicodollars += (consumption?.cost.picodollars ?? 0) - worst
  }
}
