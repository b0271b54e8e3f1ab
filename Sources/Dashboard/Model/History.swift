// How the run went while the screen was open: what the charts are drawn from.

package import BatchModel
package import Resilience

/// One sample every two seconds, the newest 600.
package struct History: Hashable, Sendable {
  package private(set) var rates: [Double] = []
  package private(set) var failures: [Double] = []
  /// What had been spent at each sample; shorter than `rates` by what was before the first sum.
  private var spent: [Money] = []
  private var lastAt: Instant?
  private var lastFailed = 0

  package static let spacing = Duration.seconds(2)
  package static let samplesMax = 600

  package init() {}

  /// Takes a sample if it is time for one.
  package mutating func note(_ snapshot: RunSnapshot) {
    if let lastAt, lastAt.duration(to: snapshot.at) < Self.spacing { return }
    let failed = snapshot.summary.counts.failed
    if lastAt != nil {
      rates.append(snapshot.rate ?? 0)
      failures.append(Double(max(0, failed - lastFailed)))
    }
    lastAt = snapshot.at
    lastFailed = failed
    if let budget = snapshot.budget { spent.append(budget.spent) }
    if spent.count > Self.samplesMax { spent.removeFirst(spent.count - Self.samplesMax) }
    if rates.count > Self.samplesMax {
      rates.removeFirst(rates.count - Self.samplesMax)
      failures.removeFirst(failures.count - Self.samplesMax)
    }
  }
}

extension History {
  /// Spent an hour, over the last five minutes; `nil` before there are two sums to compare.
  package var spentPerHour: Money? {
    let window = spent.suffix(151)
    guard let first = window.first, let last = window.last, window.count > 1 else { return nil }
    let seconds = Double((window.count - 1) * Int(Self.spacing.components.seconds))
    let perHour = Double(last.picodollars - first.picodollars) / seconds * 3600
    return perHour < 9e18 ? Money(picodollars: Int64(max(0, perHour))) : nil
  }
}

extension DashboardModel {
  /// When the cap is reached at the present speed; `nil` without a cap, without speed, and when the run
  /// ends before.
  package var capReachedAt: Instant? {
    guard let snapshot, let budget = snapshot.budget, let cap = budget.cap,
      let perHour = history.spentPerHour, perHour > .zero
    else { return nil }
    let left = cap.picodollars - budget.spent.picodollars
    guard left > 0 else { return nil }
    let hours = Double(left) / Double(perHour.picodollars)
    guard hours < 10_000 else { return nil }
    let time = Duration.seconds(hours * 3600)
    if let end = snapshot.timeLeft, end < time { return nil }
    return snapshot.at.advanced(by: time)
  }
}

extension RunSnapshot {
  package var gauges: Gauges? {
    guard case .live(let gauges) = engine else { return nil }
    return gauges
  }

  /// Items a second; `nil` when no engine says.
  package var rate: Double? { gauges?.itemsPerSecond }

  /// Items that are still to end.
  package var itemsLeft: Int {
    summary.counts.queued + summary.counts.waiting + summary.counts.running
  }

  /// How long it takes to the end at the present rate.
  package var timeLeft: Duration? {
    guard let rate, rate > 0.001, itemsLeft > 0 else { return nil }
    return .seconds(min(Double(itemsLeft) / rate, 3e8))
  }

  /// What the run will have cost at its end if an item goes on costing what those that ended cost;
  /// `nil` while fewer than ten say anything, and when nothing is left.
  package var projectedCost: Money? {
    let worked = summary.counts.done + summary.counts.failed
    guard let budget, budget.spent > .zero, worked >= 10, itemsLeft > 0 else { return nil }
    let cost = Double(budget.spent.picodollars) / Double(worked) * Double(worked + itemsLeft)
    return cost < 9e18 ? Money(picodollars: Int64(cost)) : nil
  }
}
