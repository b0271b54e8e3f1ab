// Policies shared by many tasks.

import Resilience
import Testing

@Suite("A locked policy")
struct LockedTests {
  @Test("a budget holds its cap with many tasks at once")
  func budget() async {
    let budget = Locked(Budget(capPicodollars: 1_000), seed: 1) { second(0) }
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for index in 0..<500 {
            guard case .admitted(let reservation) = budget.reserve(Int64(1 + index % 7)) else {
              continue
            }
            budget.settle(reservation, actual: task.isMultiple(of: 2) ? 1 : nil)
          }
        }
      }
    }
    let after = budget.snapshot
    #expect(after.spentPicodollars <= 1_000 && after.spentPicodollars > 900)
    #expect(after.reservedPicodollars == 0)
  }

  @Test("a breaker opens for all of them")
  func breaker() {
    let breaker = Locked(CircuitBreaker(), seed: 1) { second(0) }
    for _ in 0..<3 {
      if case .permit(let permit) = breaker.admit() { breaker.record(permit, .failure) }
    }
    let isRejected = if case .rejected = breaker.admit() { true } else { false }
    #expect(isRejected)
  }

  @Test("a limiter's dimensions are taken and given back through the lock")
  func limiter() {
    let limits = MultiDimensionalLimiter(requests: RateLimiter(.init(perMinute: 60, burst: 1)))
    let limiter = Locked(limits, seed: 1) { second(0) }
    guard case .reserved(let call) = limiter.reserve(.init()) else {
      Issue.record("a full bucket refused")
      return
    }
    limiter.settle(call, actual: .init(requests: 0))
    #expect(limiter.snapshot.requests?.available(at: second(0)) == 1)
    limiter.block(retryAfter: .seconds(9), after: call)
    #expect(limiter.withLock { $0.requests?.blockedUntil ?? second(0) } >= second(9))
  }
}
