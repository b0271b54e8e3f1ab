// When and how much is delivered: the relay's decisions as a value, without clock, store or network.

package import BatchModel
package import Resilience

/// Decides what is done next with a sink, and learns from its answers.
///
/// ```text
///           next: post                accepted
///   ready ────────────▶ a delivery ─────────────▶ ready, with a larger portion
///     ▲                     │  refused, several events: ready, with half of them (bisection)
///     │                     │  refused, one event: it is given up alone
///     │ pause over          │  too large: ready, with half
///     └──── waiting ◀───────┘  busy, failed, unwilling: a pause, behind the breaker
/// ```
///
/// *Order*: there is one delivery at a time and it begins at the oldest pending event, so events
/// reach the sink in the order of the ledger.
package struct Relay: Sendable {
  /// How it delivers.
  package struct Options: Hashable, Sendable {
    package var eventsMax: Int
    package var bytesMax: Int
    package var retry: RetryPolicy
    package var breaker: CircuitBreaker.Options
    package var health: HealthProbe?

    /// A delivery is paid with little, so its breaker looks again sooner than a provider's.
    package init(
      eventsMax: Int = 500, bytesMax: Int = 512 << 10, retry: RetryPolicy = RetryPolicy(),
      breaker: CircuitBreaker.Options = CircuitBreaker.Options(
        openFor: .seconds(10), openForMax: .seconds(60), probeTimeout: .seconds(60)),
      health: HealthProbe? = nil
    ) {
      precondition(eventsMax >= 1 && bytesMax >= 1, "a delivery holds something")
      self.eventsMax = eventsMax
      self.bytesMax = bytesMax
      self.retry = retry
      self.breaker = breaker
      self.health = health
    }
  }

  /// What to do now.
  package enum Step: Hashable, Sendable {
    /// Deliver at most so much, from the oldest pending event on, and report the answer.
    case post(Portion)
    /// Ask the sink how it is, and report it.
    case checkHealth(HealthCheckCache.Probe)
    /// Nothing before then.
    case rest(until: Instant)
  }

  /// How much a delivery holds; a single event may exceed the bytes.
  package struct Portion: Hashable, Sendable {
    package var eventsMax: Int
    package var bytesMax: Int
    let permit: CircuitBreaker.Permit
  }

  /// What an answer means for the events that were sent.
  package enum Verdict: Hashable, Sendable {
    case delivered
    /// The only event of the batch is refused for good.
    case refused(status: Int, reason: String)
    /// They wait.
    case kept
  }

  /// After so many refused events in a row, with nothing taken between them, it is more likely that
  /// the sink is wrong: further ones are given up only at the pace of failures.
  static let refusalsInARowMax = 5
  /// What a half-open breaker lets through.
  static let probeEventsMax = 50

  package let options: Options
  private var breaker: CircuitBreaker
  private var health: HealthCheckCache?
  private var notBefore = Instant(nanoseconds: .min)
  private var failuresInARow = 0
  private var refusalsInARow = 0
  /// What the sink has taken lately; grows again by itself.
  private var limit: Int
  /// So many events from the oldest on are known to hold one that is refused.
  private var suspects: Int?
  private var isUnwilling = false
  private var hasDelivered = false
  /// What went wrong last; empty when nothing did, or it is over.
  package private(set) var trouble = ""

  package init(_ options: Options = Options()) {
    self.options = options
    breaker = CircuitBreaker(options: options.breaker)
    health = options.health.map { HealthCheckCache(freshFor: $0.every, timeout: $0.timeout) }
    limit = options.eventsMax
  }

  /// How the sink stands.
  package var sinkHealth: SinkHealth {
    if isUnwilling { return .unwilling }
    switch breaker.state {
    case .closed, .disabled, .shadow:
      return failuresInARow > 0 ? .failing : hasDelivered ? .well : .unknown
    case .open, .halfOpen, .isolated: return .open
    }
  }

  /// When the next try is due, if one is waited for.
  package func nextTry(at now: Instant) -> Instant? {
    var due = notBefore
    if case .open(let until) = breaker.state { due = max(due, until) }
    return due > now ? due : nil
  }

  /// What to do now, if something is pending.
  package mutating func next(
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Step {
    if now < notBefore { return .rest(until: notBefore) }
    if case .open(let until) = breaker.state, now < until { return .rest(until: until) }
    if failuresInARow > 0, let step = askHealth(at: now) { return step }
    switch breaker.admit(at: now, using: &random) {
    case .rejected(let rejection):
      return .rest(until: rejection.retryAt ?? now.advanced(by: options.retry.cap))
    case .permit(let permit):
      var events = suspects.map { ($0 + 1) / 2 } ?? limit
      if permit.isProbe { events = min(events, Self.probeEventsMax) }
      return .post(
        Portion(eventsMax: max(1, events), bytesMax: options.bytesMax, permit: permit))
    }
  }

  /// Nothing was there to deliver after all: the permit goes back.
  package mutating func unused(
    _ portion: Portion, at now: Instant, using random: inout some RandomNumberGenerator
  ) {
    breaker.record(portion.permit, .neutral, at: now, using: &random)
  }

  /// Reports a health check that `next` asked for.
  package mutating func checked(
    _ probe: HealthCheckCache.Probe, isHealthy: Bool, trouble: String, at now: Instant
  ) {
    health?.report(probe, isHealthy: isHealthy, at: now)
    if !isHealthy, !trouble.isEmpty { self.trouble = trouble }
  }

  /// Forgets waits: somebody wants a delivery now.
  package mutating func hurry(at now: Instant) {
    notBefore = now
    breaker.reset()
    // Asked for by hand, the delivery itself is the check.
    health = options.health.map { HealthCheckCache(freshFor: $0.every, timeout: $0.timeout) }
    failuresInARow = 0
  }

  /// `nil` when the sink may be tried.
  private mutating func askHealth(at now: Instant) -> Step? {
    guard var cache = health else { return nil }
    defer { health = cache }
    switch cache.ask(at: now) {
    case .probe(let probe): return .checkHealth(probe)
    case .wait(let until): return .rest(until: until)
    case .cached(let answer):
      return answer.isHealthy
        ? nil : .rest(until: answer.checkedAt.advanced(by: cache.freshFor))
    }
  }
}

// MARK: Answers

extension Relay {
  /// Takes in the answer to a delivery of `count` events.
  package mutating func finished(
    _ portion: Portion, count: Int, _ answer: SinkAnswer, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> Verdict {
    precondition(count > 0, "a delivery held something")
    breaker.record(
      portion.permit, answer.outcome, retryAfter: answer.retryAfter, at: now, using: &random)
    isUnwilling = false
    switch answer {
    case .accepted: return accept(count)
    case .refused(let status, let reason):
      return refuse(count, status, reason, at: now, using: &random)
    case .tooLarge(let status):
      if count == 1 {
        return refuse(1, status, "too large for the sink", at: now, using: &random)
      }
      limit = count / 2
      suspects = nil
      return .kept
    case .unwilling(let message):
      isUnwilling = true
      pause(message, floor: .zero, at: now, using: &random)
    case .busy(let message, let wait), .failed(let message, let wait):
      pause(message, floor: wait ?? .zero, at: now, using: &random)
    case .cancelled: break
    }
    return .kept
  }

  private mutating func accept(_ count: Int) -> Verdict {
    failuresInARow = 0
    refusalsInARow = 0
    hasDelivered = true
    trouble = ""
    limit = min(options.eventsMax, limit + max(1, limit / 8))
    suspects = suspects.flatMap { $0 > count ? $0 - count : nil }
    return .delivered
  }

  private mutating func refuse(
    _ count: Int, _ status: Int, _ reason: String, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> Verdict {
    guard count == 1 else {
      suspects = count
      return .kept
    }
    // The others of its batch may be refused too; that is found out anew.
    suspects = nil
    refusalsInARow += 1
    trouble = "an event was refused with \(status)" + (reason.isEmpty ? "" : ": \(reason)")
    if refusalsInARow > Self.refusalsInARowMax {
      pause(trouble, floor: .zero, at: now, using: &random)
    } else {
      failuresInARow = 0
    }
    return .refused(status: status, reason: reason)
  }

  private mutating func pause(
    _ message: String, floor: Duration, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) {
    trouble = message
    failuresInARow += 1
    let believed = min(floor, options.breaker.openForMax * 10)
    let pause = options.retry.pause(afterTries: failuresInARow, floor: believed, using: &random)
    notBefore = now.advanced(by: pause)
  }
}

extension SinkAnswer {
  /// What the breaker learns: a refused event says that the sink works.
  fileprivate var outcome: CircuitBreaker.Outcome {
    switch self {
    case .accepted, .refused, .tooLarge: .success
    case .unwilling, .failed: .failure
    case .busy, .cancelled: .neutral
    }
  }

  fileprivate var retryAfter: Duration? {
    if case .failed(_, let wait) = self { wait } else { nil }
  }
}
