// The limiter and the breaker against a provider with limits of its own, in virtual time.

import Resilience
import Testing

@Suite("Against a simulated provider")
struct SimulatedProviderTests {
  @Test("the limit is used to 98 % and no call is refused", arguments: 0..<5)
  func utilisation(seed: Int) {
    var world = ProviderWorld(
      seed: UInt64(seed), requestsPerMinute: 600, tokensPerMinute: 400_000, outage: 0..<0)
    world.run(until: 60)
    let (answered, served) = (world.provider.answered, world.provider.tokensServed)
    world.run(until: 660)
    #expect(world.provider.refused == 0)
    let used = (world.provider.tokensServed - served) / 4_000_000
    let called = Double(world.provider.answered - answered) / 6_000
    #expect(max(used, called) >= 0.98, "used \(used) of the tokens, \(called) of the requests")
  }

  @Test("an outage opens the breaker, costs a handful of calls, and is over when it is over")
  func outage() {
    var world = ProviderWorld(
      seed: 1, requestsPerMinute: 600, tokensPerMinute: 400_000, outage: 100..<400)
    world.run(until: 100)
    let failedBefore = world.failed
    world.run(until: 400)
    #expect(world.failed - failedBefore <= 300, "what was in flight and a probe now and then")
    #expect(world.breaker.totals.trips >= 2)
    world.run(until: 1_060)
    let served = world.provider.tokensServed
    world.run(until: 1_120)
    #expect(world.breaker.state == .closed)
    #expect(world.provider.tokensServed - served >= 0.95 * 400_000)
    #expect(world.provider.refused == 0)
  }

  @Test("a limit that was set too high is found out: the 429s stop being answered with more")
  func wrongLimit() {
    var world = ProviderWorld(
      seed: 3, requestsPerMinute: 600, tokensPerMinute: 400_000, outage: 0..<0, told: 2)
    world.run(until: 1_200)
    let share = Double(world.provider.refused) / Double(world.provider.answered)
    #expect(share < 0.05, "refused \(share) of what was answered")
  }
}

/// A client that always has work, one provider, and the calls between them.
private struct ProviderWorld {
  private struct Call {
    var at: Double
    var reservation: MultiDimensionalLimiter.Reservation
    var permit: CircuitBreaker.Permit
    var tokens: Int64
    var arrives = true
    var answer = SimulatedProvider.Answer.answered
  }

  var provider: SimulatedProvider
  var breaker = CircuitBreaker()
  var failed = 0
  private var limiter: MultiDimensionalLimiter
  private var random: SplitMix64
  private var calls: [Call] = []
  private var next: (tokens: Int64, estimate: Int64)
  private var now = 0.0

  init(
    seed: UInt64, requestsPerMinute: Double, tokensPerMinute: Double, outage: Range<Double>,
    told factor: Double = 1
  ) {
    provider = SimulatedProvider(
      requests: .init(perMinute: requestsPerMinute), tokens: .init(perMinute: tokensPerMinute),
      outage: outage)
    limiter = MultiDimensionalLimiter(
      requests: RateLimiter(.init(perMinute: requestsPerMinute * factor)),
      inputTokens: RateLimiter(.init(perMinute: tokensPerMinute * factor)), longWait: .zero)
    random = SplitMix64(seed: seed)
    next = (500, 600)
  }

  mutating func run(until end: Double) {
    while now < end {
      let wake = start()
      let due = calls.map(\.at).min() ?? .infinity
      now = min(max(min(wake, due), now), end)
      while let index = calls.firstIndex(where: { $0.at <= now }) {
        handle(calls.remove(at: index))
      }
    }
  }

  /// Starts what may start; answers when to ask again.
  private mutating func start() -> Double {
    while true {
      let demand = MultiDimensionalLimiter.Demand(inputTokens: next.estimate)
      let (earliest, _) = limiter.earliestStart(of: demand, at: second(now))
      if earliest > second(now) { return Double(earliest.nanoseconds) / 1e9 + 1e-6 }
      switch breaker.admit(at: second(now), using: &random) {
      case .rejected(let why): return why.retryAt.map { Double($0.nanoseconds) / 1e9 } ?? .infinity
      case .permit(let permit):
        guard case .reserved(let reservation) = limiter.reserve(demand, at: second(now)) else {
          Issue.record("an earliest start that was not one")
          return .infinity
        }
        let travel = Double.random(in: 0.01...0.2, using: &random)
        calls.append(
          Call(at: now + travel, reservation: reservation, permit: permit, tokens: next.tokens))
        let tokens = Int64.random(in: 100...2_000, using: &random)
        next = (tokens, tokens + tokens / 4)
      }
    }
  }

  private mutating func handle(_ call: Call) {
    var call = call
    guard !call.arrives else {
      call.answer = provider.receive(tokens: call.tokens, at: call.at)
      call.arrives = false
      let isQuick = if case .answered = call.answer { false } else { true }
      call.at += isQuick ? 0.05 : Double.random(in: 1...15, using: &random)
      return calls.append(call)
    }
    let (reservation, at) = (call.reservation, second(call.at))
    let actual = MultiDimensionalLimiter.Demand(inputTokens: call.tokens)
    switch call.answer {
    case .answered:
      limiter.settle(reservation, actual: actual)
      breaker.record(call.permit, .success, at: at, using: &random)
    case .overloaded:
      failed += 1
      limiter.settle(reservation, actual: actual)
      breaker.record(call.permit, .failure, at: at, using: &random)
    case .tooMany(let seconds):
      limiter.cancel(reservation)
      limiter.block(
        retryAfter: .seconds(seconds), after: reservation, at: at, using: &random)
      breaker.record(call.permit, .neutral, at: at, using: &random)
    }
  }
}
