// The paths that are measured, each as a program would call it.

import Resilience

/// A clock that ticks a microsecond a call: the policies see time pass, reading it costs nothing.
struct Ticks {
  private var nanoseconds: Int64 = 1_700_000_000_000_000_000
  mutating func next() -> Instant {
    nanoseconds += 1_000
    return Instant(nanoseconds: nanoseconds)
  }
}

func breakerAdmitAndRecord() -> Measurement {
  var breaker = CircuitBreaker(options: .init(slowCall: .seconds(10)))
  var (random, ticks) = (SplitMix64(seed: 1), Ticks())
  return Measurement("breaker: admit + record", target: 100) { calls in
    for _ in 0..<calls {
      let now = ticks.next()
      guard case .permit(let permit) = breaker.admit(at: now, using: &random) else { return }
      keep(breaker.record(permit, .success, took: .seconds(2), at: now, using: &random))
    }
  }
}

func openRejection() -> Measurement {
  var random = SplitMix64(seed: 1)
  var breaker = CircuitBreaker()
  let now = Instant(nanoseconds: 0)
  for _ in 0..<3 {
    guard case .permit(let permit) = breaker.admit(at: now, using: &random) else { break }
    breaker.record(permit, .failure, at: now, using: &random)
  }
  precondition(breaker.state != .closed, "the breaker must be open to be measured so")
  return Measurement("breaker: open, rejection", target: 60) { calls in
    for _ in 0..<calls { keep(breaker.admit(at: now, using: &random)) }
  }
}

func limiterReserve() -> Measurement {
  var (limiter, ticks) = (RateLimiter(.init(perMinute: 120_000_000)), Ticks())
  return Measurement("limiter: reserve", target: 100) { calls in
    for _ in 0..<calls { keep(limiter.reserve(1, at: ticks.next())) }
  }
}

func limiterReserveAndSettle() -> Measurement {
  var (limiter, ticks) = (providerLimits(), Ticks())
  let demand = MultiDimensionalLimiter.Demand(inputTokens: 800, outputTokens: 200)
  let actual = MultiDimensionalLimiter.Demand(inputTokens: 700, outputTokens: 150)
  return Measurement("limiter of 3 dimensions: reserve + settle", target: 200) { calls in
    for _ in 0..<calls {
      guard case .reserved(let units) = limiter.reserve(demand, at: ticks.next()) else { return }
      limiter.settle(units, actual: actual)
    }
  }
}

func budgetReserveAndSettle() -> Measurement {
  var budget = Budget(capPicodollars: .max)
  _ = budget.reserve(1)
  return Measurement("budget: reserve + settle", target: 100) { calls in
    for _ in 0..<calls {
      guard case .admitted(let money) = budget.reserve(1_000) else { return }
      budget.settle(money, actual: 900)
    }
  }
}

func slotTakenAndGivenBack() -> Measurement {
  var slots = ConcurrencyLimit()
  return Measurement("concurrency limit: acquire + release", target: 100) { calls in
    for _ in 0..<calls where slots.acquire() { slots.release(.success) }
    keep(slots)
  }
}

func retryPause() -> Measurement {
  let policy = RetryPolicy()
  var (purse, random) = (RetryBudget(), SplitMix64(seed: 1))
  return Measurement("retry: budget and pause", target: 500) { calls in
    for _ in 0..<calls {
      for _ in 0..<10 { purse.recordSuccess() }
      if purse.withdraw() { keep(policy.pause(after: .seconds(2), using: &random)) }
    }
  }
}

/// Slot, breaker, three rate dimensions, budget, the deadline, settlement and the retry's purse.
func wholeChain() -> Measurement {
  var random = SplitMix64(seed: 1)
  var breaker = CircuitBreaker(options: .init(slowCall: .seconds(10)))
  var (limiter, budget, ticks) = (providerLimits(), Budget(capPicodollars: .max), Ticks())
  var (slots, purse, late) = (ConcurrencyLimit(), RetryBudget(), 0)
  let demand = MultiDimensionalLimiter.Demand(inputTokens: 800, outputTokens: 200)
  let actual = MultiDimensionalLimiter.Demand(inputTokens: 700, outputTokens: 150)
  return Measurement("the whole chain, both ways", target: 500) { calls in
    for _ in 0..<calls {
      let start = ticks.next()
      let deadline = start.advanced(by: .seconds(60))
      guard slots.acquire(), case .admitted(let money) = budget.reserve(1_000),
        case .reserved(let units) = limiter.reserve(demand, at: start),
        case .permit(let permit) = breaker.admit(at: start, using: &random)
      else { preconditionFailure("a call in good times passes") }
      let end = ticks.next()
      late += end > deadline ? 1 : 0
      limiter.settle(units, actual: actual)
      budget.settle(money, actual: 900)
      breaker.record(permit, .success, took: start.duration(to: end), at: end, using: &random)
      slots.release(.success)
      purse.recordSuccess()
    }
    keep(late)
  }
}

func lockedBreaker() -> Measurement {
  let breaker = Locked(CircuitBreaker(), seed: 1) { Instant(nanoseconds: 0) }
  return Measurement("breaker behind its lock: admit + record", target: 150) { calls in
    for _ in 0..<calls {
      guard case .permit(let permit) = breaker.admit() else { return }
      keep(breaker.record(permit, .success))
    }
  }
}

func providerLimits() -> MultiDimensionalLimiter {
  MultiDimensionalLimiter(
    requests: RateLimiter(.init(perMinute: 120_000_000)),
    inputTokens: RateLimiter(.init(perMinute: 120_000_000_000)),
    outputTokens: RateLimiter(.init(perMinute: 120_000_000_000)))
}
