// What a dashboard shows of a breaker.

extension CircuitBreaker {
  /// Counts since the breaker was made or reset.
  public struct Totals: Hashable, Sendable, Codable {
    /// Calls that answered, late ones included.
    public internal(set) var succeeded: UInt64 = 0
    /// Calls that failed, late ones included.
    public internal(set) var failed: UInt64 = 0
    /// Calls that said nothing about the service.
    public internal(set) var neutral: UInt64 = 0
    /// Reports that came too late to count, or twice.
    public internal(set) var stale: UInt64 = 0
    /// Calls rejected, or in shadow those that would have been.
    public internal(set) var rejected: UInt64 = 0
    /// How often it opened.
    public internal(set) var trips: UInt64 = 0

    mutating func count(_ outcome: Outcome) {
      switch outcome {
      case .success: succeeded += 1
      case .failure: failed += 1
      case .neutral: neutral += 1
      }
    }
  }

  /// A reading of the breaker at one moment.
  public struct Metrics: Hashable, Sendable {
    /// What it is doing.
    public let state: State
    /// Whether it rejects calls, or in shadow would.
    public let isTripped: Bool
    /// Calls counted in the window.
    public let callsInWindow: Int
    /// Failures among them.
    public let failuresInWindow: Int
    /// Slow calls among them.
    public let slowCallsInWindow: Int
    /// Failures since the last success.
    public let failuresInARow: Int
    /// Trips without a closed time as long as the last open one between them.
    public let tripsInARow: Int
    /// When the next probe may start; `nil` when calls pass, or never will.
    public let nextProbeAt: Instant?
    /// Probes that have not reported.
    public let probesInFlight: Int
    /// Counts since the breaker was made or reset.
    public let totals: Totals
  }

  /// What the breaker looks like at `now`; changes nothing.
  public func metrics(at now: Instant) -> Metrics {
    var recent = window
    recent.advance(to: now)
    return Metrics(
      state: state, isTripped: mode == .isolated || phase != .closed,
      callsInWindow: Int(recent.total), failuresInWindow: Int(recent.failures),
      slowCallsInWindow: Int(recent.slow), failuresInARow: Int(failuresInARow),
      tripsInARow: phase == .closed && isForgiven(at: now) ? 0 : Int(tripsInARow),
      nextProbeAt: nextProbe(at: now), probesInFlight: leases.count, totals: totals)
  }

  private func nextProbe(at now: Instant) -> Instant? {
    switch (mode, phase) {
    case (.automatic, .open): return max(now, openUntil)
    case (.automatic, .halfOpen):
      let isFull = leases.count >= thresholds.quota(step: rampStep)
      return isFull ? leases.earliestEnd : now
    default: return nil
    }
  }
}
