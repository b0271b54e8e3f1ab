// `status --json`: the progress record of a run, in one answer.

package import BatchModel
import BatchStore
import Resilience

/// Where a run stands.
package struct StatusReport: Codable {
  package let schemaVersion: Int
  package let run: String
  package let batch: String
  package let definition: String
  package let state: String
  package let why: String
  package let startedAt: String
  package let updatedAt: String
  package let engine: EngineReport
  package let items: ItemsReport
  /// Keys of the items that run now, at most 100.
  package let current: [String]
  package let unknownAttempts: Int
  package let nextDue: String?
  package let failures: [FailureReport]
  package let pendingRequests: [String]
  package let budget: BudgetReport?
  /// While an engine works: how the providers' permits stand.
  package let providers: [ProviderReport]
  /// `nil` when no sink of events was ever named.
  package let outbox: OutboxReport?
  /// What a person holds back: `provider NAME` or `step ID`.
  package let holds: [String]
  /// Retries of groups that are still at their first items.
  package let canaries: [CanaryReport]

  /// How the retry of a group stands whose first items are tried before the rest.
  package struct CanaryReport: Codable {
    package let group: String
    package let signature: String
    package let tried: Int
    package let passed: Int
    package let failed: Int
    package let of: Int
    package let rest: Int
  }

  /// Amounts in USD.
  package struct BudgetReport: Codable {
    package let spent: Double
    package let reserved: Double
    package let cap: Double?
    package let latched: Bool
  }

  /// How a provider's permits stand.
  package struct ProviderReport: Codable {
    package let provider: String
    package let breaker: String
    package let inFlight: Int
    package let concurrencyLimit: Int?
    package let waiting: Int
    package let waitReason: String?
    package let until: String?
    package let calls: Int64
    package let inputTokens: Int64
    package let outputTokens: Int64
    package let streamedTokens: Int64
    /// Failed calls among the recent ones, 0…1; `nil` without any.
    package let errorRate: Double?
    package let trips: Int
    package let probeAt: String?
    package let held: Bool
    package let limits: [LimitReport]
  }

  /// How a limit of a provider is used.
  package struct LimitReport: Codable {
    package let dimension: String
    /// 0…1.
    package let used: Double
    package let perMinute: Double?
    package let until: String?
    package let waiting: Int
  }

  /// The slots of each kind.
  package struct SlotsReport: Codable {
    package let run: Int
    package let llm: Int
  }

  package struct EngineReport: Codable {
    package let alive: Bool
    package let pid: Int32?
    package let slotsUsed: Int?
    package let parallel: Int?
    package let slots: SlotsReport?
    package let itemsPerSecond: Double?
    package let writes: WriteFigures?
  }

  package struct ItemsReport: Codable {
    package let total: Int
    package let queued: Int
    package let waiting: Int
    package let running: Int
    package let done: Int
    package let skipped: Int
    package let failed: Int
    package let cancelled: Int
  }

  package init(_ snapshot: RunSnapshot, current: [String]) {
    let summary = snapshot.summary
    schemaVersion = 1
    run = summary.run.text
    batch = summary.batch
    definition = summary.definition.description
    state = summary.state.rawValue
    why = summary.why
    startedAt = summary.startedAt.rfc3339
    updatedAt = summary.updatedAt.rfc3339
    engine = EngineReport(snapshot.engine)
    items = ItemsReport(summary.counts)
    self.current = current
    unknownAttempts = summary.unknownAttempts
    nextDue = snapshot.nextDue?.rfc3339
    failures = snapshot.groups.map(FailureReport.init)
    pendingRequests = snapshot.pendingRequests.map(\.id)
    budget = snapshot.budget.map { figures in
      BudgetReport(
        spent: figures.spent.inDollars, reserved: figures.reserved.inDollars,
        cap: figures.cap?.inDollars, latched: figures.isLatched)
    }
    outbox = snapshot.outbox.map(OutboxReport.init)
    holds = snapshot.holds.map(\.description)
    canaries = snapshot.canaries.map { canary in
      CanaryReport(
        group: canary.name, signature: canary.signature.text, tried: canary.tried,
        passed: canary.passed, failed: canary.failed, of: canary.of, rest: canary.rest)
    }
    if case .live(let gauges?) = snapshot.engine {
      providers = gauges.gates.map(ProviderReport.init)
    } else {
      providers = []
    }
  }
}

extension StatusReport.ProviderReport {
  init(_ gauge: GateGauge) {
    self.init(
      provider: gauge.provider, breaker: gauge.breaker, inFlight: gauge.inFlight,
      concurrencyLimit: gauge.concurrencyLimit, waiting: gauge.waiting,
      waitReason: gauge.waitReason?.rawValue, until: gauge.until?.rfc3339, calls: gauge.calls,
      inputTokens: gauge.inputTokens, outputTokens: gauge.outputTokens,
      streamedTokens: gauge.streamedTokens, errorRate: gauge.errorRate, trips: gauge.trips,
      probeAt: gauge.probeAt?.rfc3339, held: gauge.isHeld,
      limits: gauge.limits.map { limit in
        StatusReport.LimitReport(
          dimension: limit.dimension, used: limit.used, perMinute: limit.limitPerMinute,
          until: limit.until?.rfc3339, waiting: limit.waiting)
      })
  }
}

extension StatusReport.EngineReport {
  init(_ liveness: EngineLiveness) {
    switch liveness {
    case .absent:
      self.init(
        alive: false, pid: nil, slotsUsed: nil, parallel: nil, slots: nil, itemsPerSecond: nil,
        writes: nil)
    case .live(let gauges):
      self.init(
        alive: true, pid: gauges?.pid, slotsUsed: gauges?.slotsUsed, parallel: gauges?.slots,
        slots: gauges?.parallel.map { StatusReport.SlotsReport(run: $0.run, llm: $0.llm) },
        itemsPerSecond: gauges?.itemsPerSecond, writes: gauges?.writes)
    }
  }
}

extension StatusReport.ItemsReport {
  init(_ counts: ItemCounts) {
    self.init(
      total: counts.total, queued: counts.queued, waiting: counts.waiting,
      running: counts.running, done: counts.done, skipped: counts.skipped, failed: counts.failed,
      cancelled: counts.cancelled)
  }
}
