// How the run went while the screen was open: what the charts are drawn from.

package import BatchModel
package import Resilience

/// One sample every two seconds, the newest 600.
package struct History: Hashable, Sendable {
  package private(set) var rates: [Double] = []
  package private(set) var failures: [Double] = []
  /// What had been spent; of a run that costs nothing there is none.
  private var spent: [Spent] = []
  /// How many items waited before each provider, a value a second or so, the newest 120.
  package private(set) var waiting: [String: [Double]] = [:]
  private var waitingAt: Instant?
  private var lastAt: Instant?
  private var lastFailed = 0

  private struct Spent: Hashable {
    var at: Instant
    var sum: Money
  }

  package static let spacing = Duration.seconds(2)
  package static let samplesMax = 600

  package init() {}

  /// What was before the screen was opened, as the store's samples tell it.
  ///
  /// - Parameter samples: oldest first; older ones than there is room for are left out.
  package init(_ samples: [RunSample]) {
    var before: RunSample?
    for sample in samples {
      defer { before = sample }
      guard let last = before else { continue }
      // A time without an engine is drawn as what it was: nothing.
      let gap = last.at.duration(to: sample.at) / Self.spacing
      let points = Int(max(1, min(Double(Self.samplesMax), gap.rounded())))
      let rate = gap > Self.gapMax ? 0 : sample.rate
      rates += Array(repeating: rate, count: points)
      let failed = Double(max(0, sample.counts.failed - last.counts.failed))
      failures += [failed] + Array(repeating: 0, count: points - 1)
      spent.append(Spent(at: sample.at, sum: sample.spent))
    }
    lastAt = samples.last?.at
    lastFailed = samples.last?.counts.failed ?? 0
    trim()
  }

  /// So many samples of ours between two of the store's are a time without an engine.
  private static let gapMax = 60.0

  /// The samples that a later one than the screen's first brings in front of it.
  package mutating func precede(with samples: [RunSample]) {
    var earlier = History(samples)
    earlier.rates += rates
    earlier.failures += failures
    earlier.spent += spent
    earlier.waiting = waiting
    earlier.waitingAt = waitingAt
    earlier.lastAt = lastAt ?? earlier.lastAt
    earlier.lastFailed = lastAt == nil ? earlier.lastFailed : lastFailed
    earlier.trim()
    self = earlier
  }

  private mutating func trim() {
    rates.removeFirst(max(0, rates.count - Self.samplesMax))
    failures.removeFirst(max(0, failures.count - Self.samplesMax))
    spent.removeFirst(max(0, spent.count - Self.samplesMax))
  }

  /// What was spent between one sample and the next, in dollars.
  package var costs: [Double] {
    zip(spent, spent.dropFirst()).map { earlier, later in
      Money(picodollars: later.sum.picodollars - earlier.sum.picodollars).inDollars
    }
  }

  /// Takes a sample if it is time for one.
  package mutating func note(_ snapshot: RunSnapshot) {
    noteWaiting(snapshot)
    if let lastAt, lastAt.duration(to: snapshot.at) < Self.spacing { return }
    let failed = snapshot.summary.counts.failed
    if lastAt != nil {
      rates.append(snapshot.rate ?? 0)
      failures.append(Double(max(0, failed - lastFailed)))
    }
    lastAt = snapshot.at
    lastFailed = failed
    if let budget = snapshot.budget { spent.append(Spent(at: snapshot.at, sum: budget.spent)) }
    trim()
  }

  package static let waitingSpacing = Duration.seconds(1)
  package static let waitingMax = 120
  /// More providers than anybody names are not drawn.
  package static let providersMax = 64

  private mutating func noteWaiting(_ snapshot: RunSnapshot) {
    if let waitingAt, waitingAt.duration(to: snapshot.at) < Self.waitingSpacing { return }
    guard let gates = snapshot.gauges?.gates else { return }
    waitingAt = snapshot.at
    let before = waiting
    waiting = [:]
    for gate in gates.prefix(Self.providersMax) {
      let values = (before[gate.provider] ?? []) + [Double(gate.waiting)]
      waiting[gate.provider] = values.suffix(Self.waitingMax)
    }
  }
}

extension History {
  /// Spent an hour, over the last five minutes; `nil` before there are two sums to compare.
  package var spentPerHour: Money? {
    guard let last = spent.last else { return nil }
    let first = spent.first { $0.at.duration(to: last.at) <= .seconds(300) } ?? last
    let hours = first.at.duration(to: last.at) / .seconds(3600)
    guard hours > 0 else { return nil }
    let perHour = Double(last.sum.picodollars - first.sum.picodollars) / hours
    return perHour < 9e18 ? Money(picodollars: Int64(max(0, perHour))) : nil
  }
}

extension DashboardModel {
  /// When the cap is reached at the present speed; `nil` without a cap, without speed, and when the run
  /// ends before.
  package var capReachedAt: Instant? {
    guard let snapshot, snapshot.summary.state == .running, snapshot.itemsLeft > 0,
      let budget = snapshot.budget, let cap = budget.cap, let perHour = history.spentPerHour,
      perHour > .zero
    else { return nil }
    let left = cap.picodollars - budget.spent.picodollars
    guard left > 0 else { return nil }
    // The speed of the last minutes says nothing about a run whose items cost less than is left.
    if let projected = snapshot.projectedCost, projected <= cap { return nil }
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
    guard let meanCost, worked >= 10, itemsLeft > 0 else { return nil }
    let cost = meanCost * Double(worked + itemsLeft)
    return cost < 9e18 ? Money(picodollars: Int64(cost)) : nil
  }
}
