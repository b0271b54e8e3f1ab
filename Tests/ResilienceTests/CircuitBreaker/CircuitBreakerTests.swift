// The breaker's transitions, one by one.

import Resilience
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
  private typealias Options = CircuitBreaker.Options
  private var random = NoJitter()
  private var breaker = CircuitBreaker()

  @Test("trips after three failures in a row, and rejects until its time")
  mutating func tripsInARow() throws {
    for step in 0..<3 { try call(.failure, at: Double(step)) }
    #expect(breaker.state == .open(until: second(62)))
    #expect(rejection(at: 3) == .open(retryAt: second(62)))
    #expect(rejection(at: 61.9)?.retryAt == second(62))
    let probe = try permit(at: 62)
    #expect(probe.isProbe)
    #expect(breaker.state == .halfOpen)
  }

  @Test("counts failures in a row only while nothing succeeds")
  mutating func successBetween() throws {
    for outcome in [CircuitBreaker.Outcome.failure, .failure, .success, .failure, .failure] {
      try call(outcome, at: 1)
    }
    #expect(breaker.state == .closed)
    #expect(breaker.metrics(at: second(1)).failuresInARow == 2)
  }

  @Test("trips when half of at least ten calls in the window failed")
  mutating func rate() throws {
    for index in 0..<9 { try call(index.isMultiple(of: 2) ? .failure : .success, at: 1) }
    #expect(breaker.state == .closed)
    try call(.success, at: 2)
    #expect(breaker.state == .open(until: second(62)))
  }

  @Test("forgets what the window has left behind")
  mutating func slides() throws {
    for index in 0..<9 { try call(index.isMultiple(of: 2) ? .failure : .success, at: 1) }
    #expect(breaker.metrics(at: second(59)).failuresInWindow == 5)
    #expect(breaker.metrics(at: second(61)).failuresInWindow == 0)
    try call(.success, at: 62)
    #expect(breaker.state == .closed)
    #expect(breaker.metrics(at: second(62)).callsInWindow == 1)
  }

  @Test("trips on slow calls only when it was told what is slow")
  mutating func slow() throws {
    for _ in 0..<20 { try call(.success, took: 30, at: 1) }
    #expect(breaker.state == .closed)
    breaker = CircuitBreaker(options: Options(slowCall: .seconds(10)))
    for _ in 0..<2 { try call(.success, took: 1, at: 1) }
    for _ in 0..<7 { try call(.success, took: 30, at: 1) }
    #expect(breaker.state == .closed)
    try call(.success, took: 30, at: 1)
    #expect(breaker.state == .open(until: second(61)))
    #expect(breaker.metrics(at: second(1)).slowCallsInWindow == 8)
  }

  @Test("a probe that is slow does not close it")
  mutating func slowProbe() throws {
    breaker = CircuitBreaker(options: Options(slowCall: .seconds(10)))
    try trip(at: 0)
    try call(.success, took: 30, at: 60)
    #expect(breaker.metrics(at: second(60)).tripsInARow == 2)
  }

  @Test("opens as long as the server asked, and takes that as a floor only")
  mutating func retryAfter() throws {
    try trip(at: 0, retryAfter: 90)
    #expect(breaker.state == .open(until: second(90)))
    breaker.reset()
    try trip(at: 0, retryAfter: 5)
    #expect(breaker.state == .open(until: second(60)))
  }

  @Test("believes no Retry-After of years")
  mutating func absurdRetryAfter() throws {
    try trip(at: 0, retryAfter: 1e12)
    #expect(breaker.state == .open(until: second(86_400)))
    breaker.reset()
    try trip(at: 0, retryAfter: -1e12)
    #expect(breaker.state == .open(until: second(60)))
  }

  @Test("doubles the open time trip after trip, up to ten minutes")
  mutating func backoff() throws {
    try trip(at: 0)
    var at = 60.0
    for expected in [120.0, 240, 480, 600, 600] {
      try call(.failure, at: at)
      #expect(breaker.state == .open(until: second(at + expected)))
      at += expected
    }
    #expect(breaker.metrics(at: second(at)).tripsInARow == 6)
  }

  @Test("forgets its trips only after staying closed as long as it was open")
  mutating func forgiveness() throws {
    try trip(at: 0)
    try call(.success, at: 60)
    #expect(breaker.state == .closed)
    try trip(at: 100)
    #expect(breaker.state == .open(until: second(220)))
    try call(.success, at: 220)
    #expect(breaker.metrics(at: second(339)).tripsInARow == 2)
    #expect(breaker.metrics(at: second(340)).tripsInARow == 0)
    try trip(at: 340)
    #expect(breaker.state == .open(until: second(400)))
  }

  @Test("lets one probe through at a time, and a lost one counts as failed")
  mutating func lostProbe() throws {
    try trip(at: 0)
    _ = try permit(at: 60)
    #expect(rejection(at: 61) == .probing(retryAt: second(360)))
    #expect(breaker.metrics(at: second(61)).nextProbeAt == second(360))
    #expect(rejection(at: 360) == .open(retryAt: second(480)))
    #expect(breaker.metrics(at: second(360)).tripsInARow == 2)
  }

  @Test("a cancelled probe frees its place and closes nothing")
  mutating func cancelledProbe() throws {
    try trip(at: 0)
    try call(.neutral, at: 60)
    #expect(breaker.state == .halfOpen)
    try call(.success, at: 61)
    #expect(breaker.state == .closed)
  }

  @Test("a report of an earlier epoch is stale and moves nothing")
  mutating func late() throws {
    let early = try permit(at: 0)
    try trip(at: 1)
    let before = breaker.state
    #expect(record(early, .success, at: 2) == .stale)
    #expect(breaker.state == before)
    let probe = try permit(at: 61)
    #expect(record(early, .success, at: 61) == .stale)
    #expect(breaker.state == .halfOpen)
    #expect(record(probe, .success, at: 62) == .counted)
    #expect(breaker.totals.stale == 2)
    #expect(breaker.totals.succeeded == 3)
  }

  @Test("a probe reported twice counts once")
  mutating func twice() throws {
    breaker = CircuitBreaker(options: Options(halfOpenProbes: 2))
    try trip(at: 0)
    let probe = try permit(at: 60)
    #expect(record(probe, .success, at: 61) == .counted)
    #expect(record(probe, .success, at: 61) == .stale)
    #expect(breaker.state == .halfOpen)
  }

  @Test("closes after a ramp of one, two and four probes")
  mutating func ramp() throws {
    breaker = CircuitBreaker(options: Options(halfOpenDoublings: 2))
    try trip(at: 0)
    for quota in [1, 2, 4] {
      let probes = try (0..<quota).map { _ in try permit(at: 60) }
      #expect(rejection(at: 60)?.retryAt == second(360))
      for probe in probes {
        #expect(breaker.state == .halfOpen)
        record(probe, .success, at: 61)
      }
    }
    #expect(breaker.state == .closed)
    #expect(breaker.metrics(at: second(61)).callsInWindow == 0)
  }

  @Test("isolated it rejects for ever; close ends that")
  mutating func isolate() throws {
    let early = try permit(at: 0)
    breaker.isolate()
    #expect(rejection(at: 1e9) == .isolated)
    #expect(rejection(at: 1e9)?.retryAt == nil)
    #expect(record(early, .failure, at: 1) == .stale)
    breaker.close(at: second(2))
    #expect(breaker.state == .closed)
    try call(.success, at: 3)
  }

  @Test("disabled it counts and never trips")
  mutating func disable() throws {
    try trip(at: 0)
    breaker.disable(at: second(1))
    for _ in 0..<50 { try call(.failure, at: 2) }
    #expect(breaker.state == .disabled)
    #expect(breaker.metrics(at: second(2)).failuresInWindow == 50)
  }

  @Test("in shadow it tells what it would reject and lets it through")
  mutating func shadow() throws {
    breaker.shadow(at: second(0))
    for _ in 0..<3 { try call(.failure, at: 1) }
    #expect(breaker.state == .shadow)
    #expect(breaker.metrics(at: second(1)).isTripped)
    let through = try permit(at: 2)
    #expect(record(through, .success, at: 3) == .stale)
    #expect(breaker.totals.rejected == 1)
    try call(.success, at: 61)
    #expect(!breaker.metrics(at: second(61)).isTripped)
  }

  @Test("remembers an outage through a crash, and its lost probe")
  mutating func crash() throws {
    try trip(at: 0)
    breaker = try afterCrash(breaker)
    #expect(rejection(at: 59) == .open(retryAt: second(60)))
    _ = try permit(at: 60)
    breaker = try afterCrash(breaker)
    #expect(rejection(at: 61) == .probing(retryAt: second(360)))
    #expect(rejection(at: 361)?.retryAt == second(481))
    #expect(try afterCrash(breaker) == breaker)
  }

  private mutating func permit(at: Double) throws -> CircuitBreaker.Permit {
    guard case .permit(let permit) = breaker.admit(at: second(at), using: &random) else {
      throw Unexpected.rejected
    }
    return permit
  }

  private mutating func rejection(at: Double) -> CircuitBreaker.Rejection? {
    guard case .rejected(let why) = breaker.admit(at: second(at), using: &random) else {
      return nil
    }
    return why
  }

  @discardableResult
  private mutating func record(
    _ permit: CircuitBreaker.Permit, _ outcome: CircuitBreaker.Outcome, at: Double
  ) -> CircuitBreaker.Recorded {
    breaker.record(permit, outcome, at: second(at), using: &random)
  }

  private mutating func call(
    _ outcome: CircuitBreaker.Outcome, took: Double = 0, retryAfter: Double? = nil, at: Double
  ) throws {
    breaker.record(
      try permit(at: at), outcome, took: .seconds(took),
      retryAfter: retryAfter.map { .seconds($0) }, at: second(at), using: &random)
  }

  private mutating func trip(at: Double, retryAfter: Double? = nil) throws {
    for _ in 0..<3 { try call(.failure, retryAfter: retryAfter, at: at) }
  }
}

enum Unexpected: Error { case rejected, refused }
