// The breaker's promises, over thousands of random histories with crashes, clocks that jump, and
// results that come late, twice or never.

import Resilience
import Testing

@Suite("A circuit breaker's promises")
struct CircuitBreakerPropertyTests {
  @Test("it never sticks: whatever happened, waiting until it says lets a call through in the end")
  func neverSticks() throws {
    for seed in 0..<2_000 {
      var history = History(seed: UInt64(seed))
      for _ in 0..<80 { try history.step() }
      try history.expectRecovery()
    }
  }

  @Test("its window counts what a list of all calls counts, crashes in between")
  func window() throws {
    for seed in 0..<300 {
      var random = SplitMix64(seed: UInt64(seed))
      let buckets = Int.random(in: 2...16, using: &random)
      var breaker = CircuitBreaker(options: .init(windowBuckets: buckets))
      breaker.disable(at: second(0))
      var calls: [(bucket: Int64, isFailure: Bool)] = []
      var (now, isExact) = (Int64(0), true)
      let width = 60_000_000_000 / Int64(buckets)
      for _ in 0..<200 {
        let at = Instant(nanoseconds: now)
        let isFailure = Bool.random(using: &random)
        guard case .permit(let permit) = breaker.admit(at: at, using: &random) else { continue }
        breaker.record(permit, isFailure ? .failure : .success, at: at, using: &random)
        calls.append((now / width, isFailure))
        let recent = calls.filter { $0.bucket > now / width - Int64(buckets) }
        let metrics = breaker.metrics(at: at)
        isExact =
          isExact && metrics.callsInWindow == recent.count
          && metrics.failuresInWindow == recent.count { $0.isFailure }
        if Int.random(in: 0..<50, using: &random) == 0 { breaker = try afterCrash(breaker) }
        now += Int64.random(in: 0...20_000_000_000, using: &random)
      }
      #expect(isExact, "seed \(seed)")
    }
  }

  @Test("an open time is never shorter than asked and at most a fifth longer than the longest")
  func jitter() {
    var opened: Set<Int64> = []
    for seed in 0..<5_000 {
      var random = SplitMix64(seed: UInt64(seed))
      var breaker = CircuitBreaker()
      for _ in 0..<3 {
        guard case .permit(let permit) = breaker.admit(at: second(0), using: &random) else { break }
        breaker.record(permit, .failure, at: second(0), using: &random)
      }
      guard case .open(let until) = breaker.state else {
        Issue.record("three failures did not open it")
        continue
      }
      #expect(until >= second(60) && until <= second(72))
      opened.insert(until.nanoseconds)
    }
    #expect(opened.count > 4_900, "clients must spread")
  }
}

/// One random history of a breaker and of the calls that it let through.
private struct History {
  private var random: SplitMix64
  private var breaker: CircuitBreaker
  private var out: [CircuitBreaker.Permit] = []
  private var now = second(1_000)

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let doublings = Int.random(in: 0...2, using: &random)
    let slow: Duration? = Bool.random(using: &random) ? .seconds(5) : nil
    breaker = CircuitBreaker(
      options: .init(
        windowBuckets: Int.random(in: 1...16, using: &random), slowCall: slow,
        halfOpenProbes: Int.random(in: 1...2, using: &random), halfOpenDoublings: doublings))
  }

  mutating func step() throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: breaker = try afterCrash(breaker)
    case 1: now = now.advanced(by: .seconds(Int64.random(in: -30...900, using: &random)))
    case 2: if !out.isEmpty { out.removeLast() }  // Lost: never reported.
    case 3...9: admit()
    default: report()
    }
  }

  private mutating func admit() {
    let wasHalfOpen = breaker.state == .halfOpen
    switch breaker.admit(at: now, using: &random) {
    case .permit(let permit):
      out.append(permit)
      #expect(permit.epoch == breaker.epoch)
      #expect(!wasHalfOpen || permit.isProbe)
      #expect(breaker.metrics(at: now).probesInFlight <= 8)
    case .rejected(let rejection):
      #expect(rejection.retryAt.map { $0 > now } == true, "a rejection names a later time")
    }
    now = now.advanced(by: .milliseconds(Int64.random(in: 0...8_000, using: &random)))
  }

  private mutating func report() {
    guard let permit = out.randomElement(using: &random) else { return }
    if Int.random(in: 0..<10, using: &random) > 0 { out.removeAll { $0 == permit } }
    let outcomes: [CircuitBreaker.Outcome] = [.success, .failure, .failure, .neutral]
    let outcome = outcomes.randomElement(using: &random) ?? .failure
    let (before, epoch) = (breaker.state, breaker.epoch)
    let asked = Int64.random(in: 0...100, using: &random)
    let recorded = breaker.record(
      permit, outcome, took: .seconds(asked % 12), retryAfter: .seconds(asked), at: now,
      using: &random)
    if permit.epoch != epoch {
      #expect(recorded == .stale)
      #expect(breaker.state == before, "a stale report moves nothing")
    }
    if outcome != .success { #expect(breaker.state != .closed || before == .closed) }
  }

  /// With every outstanding result lost, a caller that obeys `retryAt` gets through and closes it.
  mutating func expectRecovery() throws {
    for _ in 0..<64 {
      switch breaker.admit(at: now, using: &random) {
      case .rejected(let rejection):
        now = try #require(rejection.retryAt)
      case .permit(let permit):
        breaker.record(permit, .success, at: now, using: &random)
        if breaker.state == .closed { return }
      }
    }
    Issue.record("still \(breaker.state) after 64 obedient tries")
  }
}
