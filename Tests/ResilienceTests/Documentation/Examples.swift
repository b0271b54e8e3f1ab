// The documentation's examples, each as its page shows it, with what it talks about around it.

import Resilience
import Testing

struct Examples {
  var failure = ""
  var isHealthy = true
  var modelToAsk = ""
  var pause: Duration?
  private var parkedUntil: Instant?
  private var mostToSpend: Int64 = 0
  private let now = second(0)
  private let tries = 1
  private var random = SplitMix64(seed: 1)

  private static func send() async throws {}
  private static func fetchRate() async throws -> Double { throw Unreachable() }

  private struct Unreachable: Error {}

  mutating func circuitBreaking() {
    var breaker = CircuitBreaker()
    switch breaker.admit(at: now, using: &random) {
    case .permit(let permit):
      breaker.record(permit, .failure, retryAfter: .seconds(30), at: now, using: &random)
    case .rejected(let rejection):
      parkedUntil = rejection.retryAt
    }
    #expect(breaker.metrics(at: now).failuresInARow == 1 && parkedUntil == nil)
  }

  mutating func healthChecks() {
    var health = HealthCheckCache()
    switch health.ask(at: now) {
    case .cached(let answer): isHealthy = answer.isHealthy
    case .probe(let probe): health.report(probe, isHealthy: true, at: now)
    case .wait(let until): parkedUntil = until
    }
    guard case .cached(let answer) = health.ask(at: now) else {
      Issue.record("the probe's answer was not kept")
      return
    }
    #expect(answer.isHealthy)
  }

  mutating func fallbacks() {
    var chain = FallbackChain("large", then: ["small"])
    switch chain.report(.timedOut) {
    case .ask(let model), .stay(let model): modelToAsk = model
    case .exhausted(let history): failure = history.map(\.model).joined(separator: ", ")
    }
    #expect(modelToAsk == "small")
  }

  mutating func rateLimits() {
    var limiter = MultiDimensionalLimiter(
      requests: RateLimiter(.init(perMinute: 500)),
      inputTokens: RateLimiter(.init(perMinute: 400_000)), longWait: .zero)
    switch limiter.reserve(.init(inputTokens: 1_200), at: now) {
    case .reserved(let reservation):
      limiter.settle(reservation, actual: .init(inputTokens: 1_050))
    case .tooLong(_, let until): parkedUntil = until
    case .tooLarge(let dimension, let burst): failure = "\(dimension) never has \(burst) at once"
    }
    var same = limiter
    guard case .reserved = same.reserve(.init(inputTokens: 1_200), at: now) else {
      Issue.record("a settled reservation left no room")
      return
    }
    #expect(parkedUntil == nil)
  }

  mutating func fairQueueing() {
    var queue = FairQueue<String, Int>()
    let ticket = queue.enqueue(1_200, flow: "run-1", cost: 1_200)
    let served = queue.next(where: { $0 <= 2_000 }, passing: { _, _ in false })
    #expect(served?.ticket == ticket)
  }

  mutating func concurrencyLimits() {
    var slots = ConcurrencyLimit(initial: 4, range: 1...64)
    if slots.acquire() {
      slots.release(.success)
    }
    #expect(slots.inFlight == 0 && slots.limit == 4)
  }

  mutating func retries() {
    let policy = RetryPolicy()
    var purse = RetryBudget()
    if tries < policy.attempts && purse.withdraw() {
      pause = policy.pause(after: pause, floor: .seconds(20), using: &random)
    }
    #expect(purse.tokens == 19 && pause ?? .zero >= .seconds(21))
  }

  mutating func budgets() {
    var budget = Budget(capPicodollars: 40_000_000_000_000)
    switch budget.reserve(90_000_000_000, smallest: 30_000_000_000) {
    case .admitted(let reservation): budget.settle(reservation, actual: 41_500_000_000)
    case .smallerFits(let most): mostToSpend = most
    case .waitForSettlement: break
    case .exhausted, .latched: failure = "the cap is reached"
    }
    #expect(budget.spentPicodollars == 41_500_000_000 && budget.reservedPicodollars == 0)
  }

  mutating func loops() {
    var detector = LoopDetector<String>()
    let fingerprint = NormalisedFeedback("line 3: no title (took 12ms)", step: "review").text
    switch detector.observe(fingerprint) {
    case .proceed: break
    case .veto(let evidence): failure = "\(evidence.pattern) in rounds \(evidence.rounds)"
    }
    guard case .veto(let evidence) = detector.observe(fingerprint) else {
      Issue.record("the same feedback twice is a loop")
      return
    }
    #expect(evidence.rounds == [1, 2])
  }

  mutating func fireAndForget() async {
    let send = Self.send
    let executor = FireAndForgetExecutor(capacity: 100)
    executor.submit { try await send() }
    await executor.drain()
    let undelivered = executor.figures.failed + executor.figures.rejected
    #expect(undelivered == 0 && executor.figures.succeeded == 1)
  }

  mutating func degradation() async {
    let fetchRate = Self.fetchRate
    var notes: [String] = []
    let rate = await degrading(to: 1.0, onFailure: { notes.append("\($0)") }) {
      try await fetchRate()
    }
    let shown = rate.isDegraded ? "about \(rate.value)" : "\(rate.value)"
    #expect(shown == "about 1.0" && notes == ["Unreachable()"])
  }

  mutating func sharing() {
    let clock: @Sendable () -> Instant = { second(0) }
    let shared = Locked(CircuitBreaker(), seed: 42) { clock() }
    if case .permit(let permit) = shared.admit() {
      shared.record(permit, .success)
    }
    #expect(shared.withLock { $0.metrics(at: second(0)).totals.succeeded } == 1)
  }
}
