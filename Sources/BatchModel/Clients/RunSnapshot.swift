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
  /// `nil` without a sink.
  package var outbox: OutboxFigures?
  /// The slots of each kind.
  package var parallel: Parallel?
  package init(
    at: Instant, pid: Int32, itemsPerSecond: Double, slotsUsed: Int, slots: Int, windowItems: Int,
    writes: WriteFigures, gates: [GateGauge] = [], budget: BudgetGauge? = nil,
    outbox: OutboxFigures? = nil, parallel: Parallel? = nil
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
    self.outbox = outbox
    self.parallel = parallel
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
  /// Items that wait for a permit: those of the window, and those that left it for a long block.
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
  /// Failed calls among those of the breaker's window, 0…1; `nil` without any call in it.
  package var errorRate: Double?
  /// How often the breaker has opened.
  package var trips: Int
  /// When an open breaker lets a probe through.
  package var probeAt: Instant?
  /// What the provider allows, and how much of it is taken; empty for one that limits nothing.
  package var limits: [LimitGauge]
  /// A person holds it back.
  package var isHeld: Bool
  package init(
    provider: String, breaker: String, inFlight: Int, concurrencyLimit: Int?, waiting: Int,
    waitReason: WaitReason?, until: Instant?, calls: Int64, inputTokens: Int64, outputTokens: Int64,
    streamedTokens: Int64 = 0, errorRate: Double? = nil, trips: Int = 0, probeAt: Instant? = nil,
    limits: [LimitGauge] = [], isHeld: Bool = false
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
    self.errorRate = errorRate
    self.trips = trips
    self.probeAt = probeAt
    self.limits = limits
    self.isHeld = isHeld
  }
}

/// How one of a provider's limits is used.
package struct LimitGauge: Hashable, Sendable, Codable {
  /// `requests`, `input tokens`, `output tokens`, `tokens`, `concurrent`.
  package var dimension: String
  /// 0…1: what is taken of what could start at once.
  package var used: Double
  /// What comes back in a minute; `nil` for `concurrent`.
  package var limitPerMinute: Double?
  /// When the limit that holds the first waiting call up has room; `nil` when it holds nothing up.
  package var until: Instant?
  /// Items that wait behind it.
  package var waiting: Int
  package init(
    dimension: String, used: Double, limitPerMinute: Double? = nil, until: Instant? = nil,
    waiting: Int = 0
  ) {
    self.dimension = dimension
    self.used = used
    self.limitPerMinute = limitPerMinute
    self.until = until
    self.waiting = waiting
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
  /// `nil` when no sink was ever named.
  package var outbox: OutboxFigures?
  /// What a person holds back, sorted by its text.
  package var holds: [Hold]
  /// Retries of groups that are still at their first items, oldest first.
  package var canaries: [CanaryFigures]
  package init(
    at: Instant, summary: RunSummary, engine: EngineLiveness, groups: [FailureGroup],
    nextDue: Instant?, pendingRequests: [Request], budget: BudgetFigures? = nil,
    outbox: OutboxFigures? = nil, holds: [Hold] = [], canaries: [CanaryFigures] = []
  ) {
    self.at = at
    self.summary = summary
    self.engine = engine
    self.groups = groups
    self.nextDue = nextDue
    self.pendingRequests = pendingRequests
    self.budget = budget
    self.outbox = outbox
    self.holds = holds
    self.canaries = canaries
  }
}

/// How the retry of a group stands whose first items are tried before the rest.
package struct CanaryFigures: Hashable, Sendable, Codable {
  package var signature: Signature
  /// `G-07`.
  package var name: String
  /// First items that run or have ended since.
  package var tried: Int
  package var passed: Int
  package var failed: Int
  /// First items in all.
  package var of: Int
  /// Failed items of the group that wait for the outcome.
  package var rest: Int
  package init(
    signature: Signature, name: String, tried: Int, passed: Int, failed: Int, of: Int, rest: Int
  ) {
    self.signature = signature
    self.name = name
    self.tried = tried
    self.passed = passed
    self.failed = failed
    self.of = of
    self.rest = rest
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
