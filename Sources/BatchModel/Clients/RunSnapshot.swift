// What a dashboard draws: one value, taken from the store and the gauges file.

package import Resilience

/// The live figures of an engine: never truth, only news.
package struct Gauges: Hashable, Sendable, Codable {
  package var at: Instant
  package var pid: Int32
  /// Items ended a second, over the last ten seconds.
  package var itemsPerSecond: Double
  package var slotsUsed: Int
  package var slots: Int
  package var windowItems: Int
  /// The write queue's figures.
  package var writes: WriteFigures
  /// One for each provider that the steps name.
  package var gates: [GateGauge]
  /// `nil` without a cap.
  package var budget: BudgetGauge?
  package init(
    at: Instant, pid: Int32, itemsPerSecond: Double, slotsUsed: Int, slots: Int, windowItems: Int,
    writes: WriteFigures, gates: [GateGauge] = [], budget: BudgetGauge? = nil
  ) {
    self.at = at
    self.pid = pid
    self.itemsPerSecond = itemsPerSecond
    self.slotsUsed = slotsUsed
    self.slots = slots
    self.windowItems = windowItems
    self.writes = writes
    self.gates = gates
    self.budget = budget
  }
}

/// How a provider's permits stand.
package struct GateGauge: Hashable, Sendable, Codable {
  package var provider: String
  /// `closed`, `open`, `half-open`, `isolated`, `disabled`, `shadow`.
  package var breaker: String
  package var inFlight: Int
  /// Calls that may be in flight; `nil` is no limit.
  package var concurrencyLimit: Int?
  /// Items of the window that wait for a permit.
  package var waiting: Int
  /// Why the first of them waits, and until when, if a time is known.
  package var waitReason: WaitReason?
  package var until: Instant?
  /// Calls that ended since the engine's start, and the tokens that they used.
  package var calls: Int64
  package var inputTokens: Int64
  package var outputTokens: Int64
  /// Output tokens of the calls under way, as their streams have told them so far.
  package var streamedTokens: Int64
  package init(
    provider: String, breaker: String, inFlight: Int, concurrencyLimit: Int?, waiting: Int,
    waitReason: WaitReason?, until: Instant?, calls: Int64, inputTokens: Int64, outputTokens: Int64,
    streamedTokens: Int64 = 0
  ) {
    self.provider = provider
    self.breaker = breaker
    self.inFlight = inFlight
    self.concurrencyLimit = concurrencyLimit
    self.waiting = waiting
    self.waitReason = waitReason
    self.until = until
    self.calls = calls
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.streamedTokens = streamedTokens
  }
}

/// How a cap stands.
package struct BudgetGauge: Hashable, Sendable, Codable {
  package var cap: Money
  package var spent: Money
  package var reserved: Money
  package var isLatched: Bool
  package init(cap: Money, spent: Money, reserved: Money, isLatched: Bool) {
    self.cap = cap
    self.spent = spent
    self.reserved = reserved
    self.isLatched = isLatched
  }
}

/// The write queue's figures since the engine's start.
package struct WriteFigures: Hashable, Sendable, Codable {
  package var queued: Int
  package var written: Int
  package var batches: Int
  package var errors: Int
  /// Operations that wait now.
  package var depth: Int
  package init(queued: Int = 0, written: Int = 0, batches: Int = 0, errors: Int = 0, depth: Int = 0)
  {
    self.queued = queued
    self.written = written
    self.batches = batches
    self.errors = errors
    self.depth = depth
  }
}

/// Whether an engine works on the run.
package enum EngineLiveness: Hashable, Sendable {
  /// An engine holds the lock; its newest gauges, if it wrote any.
  case live(Gauges?)
  /// Nobody holds the lock.
  case absent
}

/// The state of a run at one moment.
package struct RunSnapshot: Hashable, Sendable {
  package var at: Instant
  package var summary: RunSummary
  package var engine: EngineLiveness
  package var groups: [FailureGroup]
  /// When the next waiting item is due.
  package var nextDue: Instant?
  /// Requests that can still be taken back, oldest first.
  package var pendingRequests: [Request]
  /// `nil` for a run that costs nothing and has no cap.
  package var budget: BudgetFigures?
  package init(
    at: Instant, summary: RunSummary, engine: EngineLiveness, groups: [FailureGroup],
    nextDue: Instant?, pendingRequests: [Request], budget: BudgetFigures? = nil
  ) {
    self.at = at
    self.summary = summary
    self.engine = engine
    self.groups = groups
    self.nextDue = nextDue
    self.pendingRequests = pendingRequests
    self.budget = budget
  }
}

/// What a run has cost, from the store.
package struct BudgetFigures: Hashable, Sendable, Codable {
  /// Metered.
  package var spent: Money
  /// Of the calls in flight.
  package var reserved: Money
  /// `nil` is no cap.
  package var cap: Money?
  package var isLatched: Bool
  package init(spent: Money, reserved: Money, cap: Money?, isLatched: Bool) {
    self.spent = spent
    self.reserved = reserved
    self.cap = cap
    self.isLatched = isLatched
  }
}
