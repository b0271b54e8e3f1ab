// One provider's permits: rate limits, breaker, concurrency, and the queue before them.

package import BatchModel
import DequeModule
package import Resilience

/// The gate of one provider.
struct Gate: Sendable {
  /// Why the head of the queue may not start now.
  struct Block: Hashable, Sendable {
    var reason: WaitReason
    /// When it may; `nil` when something else has to happen first.
    var until: Instant?
    var why: String
    /// The limit that has no room, if it is one.
    var limit: Limit?
  }

  /// The answer to a demand.
  enum Answer {
    case admitted(MultiDimensionalLimiter.Reservation, CircuitBreaker.Permit)
    case blocked(Block)
    /// No wait would help: the limit is smaller than the call.
    case impossible(String)
  }

  /// A quota of which the provider does not say when it is over is asked for again after so long.
  private static let holdWithoutTime = Duration.seconds(15 * 60)

  let provider: Provider
  var limiter: MultiDimensionalLimiter
  var breaker: CircuitBreaker
  var concurrency: ConcurrencyLimit?
  var heldUntil: Instant?
  /// How many retries its successes have earned.
  var retries = RetryBudget()
  private(set) var inFlight = 0
  /// Items that are ready for a call of ours.
  var calls = GateQueue()
  /// Items that are ready for a process that calls by itself.
  var processes = GateQueue()
  var block: Block? {
    didSet { if block == nil { parked = 0 } }
  }
  /// Items that left the window because of the block; when it ends, nobody counts on.
  var parked = 0
  /// Something happened since the block was found that may have made room.
  var isStirred = false
  /// What the ledger was told last.
  var told: News?
  /// Why `heldUntil` holds.
  private(set) var holdReason = WaitReason.quota
  /// Prompts that are in the provider's cache, and the one that is on its way into it.
  private var warm: Set<String> = []
  private var warming: String?
  private(set) var callCount: Int64 = 0
  private(set) var inputTokens: Int64 = 0
  private(set) var outputTokens: Int64 = 0

  init(_ provider: Provider, state: ProviderState?) {
    self.provider = provider
    let limits = provider.limits
    limiter = MultiDimensionalLimiter(
      requests: RateLimiter(perMinute: limits.requestsPerMinute),
      inputTokens: RateLimiter(perMinute: limits.inputTokensPerMinute),
      outputTokens: RateLimiter(perMinute: limits.outputTokensPerMinute), longWait: .zero)
    breaker = state?.breaker ?? CircuitBreaker(options: provider.breaker)
    breaker.options = provider.breaker
    heldUntil = state?.heldUntil
    concurrency = limits.isAdaptive ? ConcurrencyLimit(range: 1...(limits.concurrent ?? 64)) : nil
  }

  subscript(place: Demand.Place) -> GateQueue {
    get { place == .call ? calls : processes }
    _modify {
      switch place {
      case .call: yield &calls
      case .process: yield &processes
      }
    }
  }

  /// Calls that may be in flight; `nil` is no limit.
  var concurrencyLimit: Int? { concurrency?.limit ?? provider.limits.concurrent }

  var state: ProviderState { ProviderState(breaker: breaker, heldUntil: heldUntil) }

  /// All permits of one call, or none.
  ///
  /// The breaker is asked last: a probe that is given out and not used would hold it half-open.
  mutating func admit(
    _ demand: Demand, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Answer {
    if let limit = concurrencyLimit, inFlight >= limit {
      return .blocked(
        Block(
          reason: .rateLimit, why: "\(limit) calls are in flight", limit: .concurrent))
    }
    if let warmth = demand.warmth, warming != nil, !warm.contains(warmth) {
      return .blocked(Block(reason: .rateLimit, why: "the first call fills the prompt cache"))
    }
    let taken: MultiDimensionalLimiter.Reservation
    switch limiter.reserve(demand.rate, at: now) {
    case .reserved(let reservation): taken = reservation
    case .tooLong(let dimension, let until):
      return .blocked(
        Block(
          reason: .rateLimit, until: until,
          why: "\(provider.name)'s limit of \(dimension.words) has no room",
          limit: Limit(dimension)))
    case .tooLarge(let dimension, let burst):
      return .impossible(
        "the call needs \(demand.rate[dimension]) \(dimension.words), and \(provider.name) allows "
          + "\(burst) at once: raise limits, or lower max_tokens")
    }
    switch breaker.admit(at: now, using: &random) {
    case .permit(let permit):
      inFlight += 1
      _ = concurrency?.acquire()
      if let warmth = demand.warmth, !warm.contains(warmth) { warming = warmth }
      return .admitted(taken, permit)
    case .rejected(.probing(let lostAt)):
      limiter.cancel(taken)
      // The probe's end is what is waited for, unless it died with an earlier engine.
      return .blocked(
        Block(
          reason: .breaker, until: inFlight == 0 ? lostAt : nil,
          why: "a probe of \(provider.name) is out"))
    case .rejected(let rejection):
      limiter.cancel(taken)
      return .blocked(
        Block(reason: .breaker, until: rejection.retryAt, why: "\(provider.name)'s breaker is open")
      )
    }
  }

  var holdWhy: String {
    holdReason == .quota
      ? "\(provider.name)'s quota is used up" : "\(provider.name) asked to wait"
  }

  func breakerBlock(at now: Instant) -> Block? {
    switch breaker.state {
    case .open(let until) where until > now:
      Block(reason: .breaker, until: until, why: "\(provider.name)'s breaker is open")
    case .isolated: Block(reason: .breaker, why: "\(provider.name) is isolated by hand")
    default: nil
    }
  }

  /// Takes a permit back of which nothing was sent.
  mutating func giveBack(
    _ permit: Permit, at now: Instant, using random: inout some RandomNumberGenerator
  ) {
    limiter.cancel(permit.rate)
    _ = breaker.record(permit.breaker, .neutral, took: .zero, at: now, using: &random)
    release(permit, .ignored, isWarm: false)
  }

  /// Learns from a call's end.
  ///
  /// - Returns: whether the breaker counted it; a call of before the last trip says nothing new.
  mutating func settle(
    _ permit: Permit, _ report: CallReport, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Recorded {
    limiter.settle(permit.rate, actual: report.rate)
    for reading in report.readings {
      limiter.correct(
        reading.dimension, remaining: reading.remaining, limit: reading.limit, after: permit.rate,
        at: now)
    }
    let (outcome, load): (CircuitBreaker.Outcome, ConcurrencyLimit.Outcome)
    switch report.sign {
    case .answered:
      retries.recordSuccess()
      (outcome, load) = (.success, .success)
    case .failed, .timedOut: (outcome, load) = (.failure, .dropped)
    case .rateLimited(let until):
      (outcome, load) = (.neutral, .dropped)
      limiter.block(
        retryAfter: until.map { now.duration(to: $0) }, after: permit.rate, at: now,
        using: &random)
      // A limit that we do not know of has no bucket: it is waited for as told.
      if limiter.isUnlimited { hold(.rateLimit, until: until ?? now.advanced(by: .seconds(5))) }
    case .exhausted(let until):
      (outcome, load) = (.neutral, .ignored)
      hold(.quota, until: until ?? now.advanced(by: Self.holdWithoutTime))
    case .neutral: (outcome, load) = (.neutral, .ignored)
    }
    callCount += 1
    inputTokens += report.consumption?.promptTokens ?? 0
    outputTokens += report.consumption?.outputTokens ?? 0
    let retryAfter = report.notBefore.map { max(.zero, now.duration(to: $0)) }
    let recorded = breaker.record(
      permit.breaker, outcome, took: permit.startedAt.duration(to: now), retryAfter: retryAfter,
      at: now, using: &random)
    release(permit, load, isWarm: report.sign == .answered)
    return recorded
  }

  private mutating func hold(_ reason: WaitReason, until: Instant) {
    guard heldUntil.map({ $0 < until }) ?? true else { return }
    heldUntil = until
    holdReason = reason
  }

  private mutating func release(
    _ permit: Permit, _ load: ConcurrencyLimit.Outcome, isWarm: Bool
  ) {
    inFlight -= 1
    concurrency?.release(load)
    guard let warmth = permit.demand.warmth, warming == warmth else { return }
    warming = nil
    if isWarm { warm.insert(warmth) }
  }
}

extension RateLimiter {
  fileprivate init?(perMinute units: Int64?) {
    guard let units, units > 0 else { return nil }
    self.init(Options(perMinute: Double(units)))
  }
}

extension MultiDimensionalLimiter {
  fileprivate var isUnlimited: Bool {
    requests == nil && inputTokens == nil && outputTokens == nil
  }
}

extension MultiDimensionalLimiter.Dimension {
  var words: String {
    switch self {
    case .requests: "requests a minute"
    case .inputTokens: "input tokens a minute"
    case .outputTokens: "output tokens a minute"
    }
  }
}

extension CircuitBreaker {
  /// Does what a person wants of it.
  ///
  /// - Returns: how it stands then, in the ledger's word.
  package mutating func pull(_ lever: BreakerLever, at now: Instant) -> String {
    switch lever {
    case .isolate: isolate()
    case .disable: disable(at: now)
    case .close: close(at: now)
    }
    return "breaker-\(state.word)"
  }
}

extension CircuitBreaker.State {
  /// A stable word.
  package var word: String {
    switch self {
    case .closed: "closed"
    case .open: "open"
    case .halfOpen: "half-open"
    case .isolated: "isolated"
    case .disabled: "disabled"
    case .shadow: "shadow"
    }
  }
}
