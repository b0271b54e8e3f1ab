// How the run went while the screen was open: what the charts are drawn from.

package import BatchModel
internal import Resilience

/// One sample every two seconds, the newest 600.
package struct History: Hashable, Sendable {
  package private(set) var rates: [Double] = []
  package private(set) var failures: [Double] = []
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
    if rates.count > Self.samplesMax {
      rates.removeFirst(rates.count - Self.samplesMax)
      failures.removeFirst(failures.count - Self.samplesMax)
    }
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
