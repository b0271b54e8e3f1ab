// Recording: the half of the breaker that runs after a call, and its trip.

extension CircuitBreaker {
  /// Reports how an admitted call ended; each permit is reported once.
  ///
  /// - Cost: O(1), no allocation.
  /// - Parameters:
  ///   - permit: What ``admit(at:using:)`` gave.
  ///   - outcome: How the call ended. A cancelled call is `neutral`: it must never close a breaker.
  ///   - took: How long the call took; only `slowCall` reads it.
  ///   - retryAfter: What a failing server asked for: a floor of the open time.
  ///   - now: The caller's time.
  ///   - random: Spreads the next probe.
  @discardableResult
  public mutating func record(
    _ permit: Permit, _ outcome: Outcome, took: Duration = .zero, retryAfter: Duration? = nil,
    at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Recorded {
    totals.count(outcome)
    guard permit.epoch == epoch else { return stale() }
    if phase == .halfOpen && leases.haveExpired(at: now) {
      // Some probe was lost, perhaps this one: the answer must not depend on who noticed first.
      trip(at: now, using: &random)
      return stale()
    }
    if permit.isProbe && phase == .halfOpen {
      guard leases.free(Int(permit.place), serial: permit.serial) else { return stale() }
    } else if phase != .closed {
      return stale()  // Let through in shadow although it would have been rejected.
    }
    guard outcome != .neutral else { return .counted }
    if outcome == .failure { heed(retryAfter, at: now) }
    let isSlow = took > thresholds.slowCall
    window.count(failure: outcome == .failure, slow: isSlow, at: now)
    failuresInARow = outcome == .failure ? failuresInARow &+ 1 : 0
    if phase == .halfOpen {
      judgeProbe(passed: outcome == .success && !isSlow, at: now, using: &random)
    } else if mode != .disabled && mustTrip {
      trip(at: now, using: &random)
    }
    return .counted
  }

  private mutating func stale() -> Recorded {
    totals.stale += 1
    return .stale
  }

  private var mustTrip: Bool {
    if failuresInARow >= thresholds.consecutiveFailures { return true }
    guard window.total >= thresholds.minimumCalls else { return false }
    let total = Double(window.total)
    return Double(window.failures) >= thresholds.failureRate * total && window.failures > 0
      || Double(window.slow) >= thresholds.slowCallRate * total && window.slow > 0
  }

  private mutating func heed(_ retryAfter: Duration?, at now: Instant) {
    guard let retryAfter else { return }
    let asked = min(retryAfter.nanosecondsClamped, thresholds.retryAfterMaxNanoseconds)
    askedUntil = max(askedUntil, Instant(nanoseconds: now.nanoseconds.addingClamped(asked)))
  }

  private mutating func judgeProbe(
    passed: Bool, at now: Instant, using random: inout some RandomNumberGenerator
  ) {
    guard passed else { return trip(at: now, using: &random) }
    probesSucceeded += 1
    guard probesSucceeded >= thresholds.quota(step: rampStep) else { return }
    probesSucceeded = 0
    rampStep += 1
    if rampStep > thresholds.doublings { becomeClosed(at: now) }
  }

  mutating func becomeClosed(at now: Instant) {
    phase = .closed
    closedAt = now
    failuresInARow = 0
    rampStep = 0
    leases = ProbeLeases()
    window.clear()
  }

  /// Opens until now + max(openFor · 2^k, Retry-After) · (1 + U(0, jitter)), k = trips in a row.
  mutating func trip(at now: Instant, using random: inout some RandomNumberGenerator) {
    if phase == .closed && isForgiven(at: now) { tripsInARow = 0 }
    let asked = askedUntil.nanoseconds.subtractingClamped(now.nanoseconds)
    let length = max(openNanoseconds(afterTrips: tripsInARow), asked)
    let jitter = Double(length) * Double.random(in: 0..<1, using: &random) * thresholds.openJitter
    lastOpenNanoseconds = length.addingClamped(Int64(roundingUpClamped: jitter))
    openUntil = Instant(nanoseconds: now.nanoseconds.addingClamped(lastOpenNanoseconds))
    tripsInARow &+= 1
    totals.trips += 1
    phase = .open
    epoch &+= 1
    failuresInARow = 0
    leases = ProbeLeases()
  }

  /// Trips are forgiven after the breaker has stayed closed as long as it was open.
  func isForgiven(at now: Instant) -> Bool {
    now.nanoseconds.subtractingClamped(closedAt.nanoseconds) >= lastOpenNanoseconds
  }

  private func openNanoseconds(afterTrips trips: UInt32) -> Int64 {
    let first = thresholds.openForNanoseconds
    guard trips < 40, first <= thresholds.openForMaxNanoseconds >> Int64(trips) else {
      return thresholds.openForMaxNanoseconds
    }
    return first << Int64(trips)
  }
}
