// One health check for however many ask, remembered for a while.

/// A cached health check as a machine: it says who may probe, the caller does the probing.
///
/// One probe is in flight at most (single flight); the others wait for its report or its time-out. An
/// answer counts for `freshFor`. A probe that does not report in time has answered: unhealthy.
public struct HealthCheckCache: Hashable, Sendable {
  /// What a check found.
  public struct Answer: Hashable, Sendable, Codable {
    /// Whether the service is well.
    public let isHealthy: Bool
    /// When that was found.
    public let checkedAt: Instant
    /// Good answers in a row up to this one.
    public let successesInARow: Int
  }

  /// The right to make the one check; give its number back with the report.
  public struct Probe: Hashable, Sendable {
    /// Its number.
    public let id: UInt64
    /// A later report is not taken.
    public let deadline: Instant
  }

  /// The answer to somebody who asks.
  public enum Asked: Hashable, Sendable {
    /// This was found, not long ago.
    case cached(Answer)
    /// Make the check and report it.
    case probe(Probe)
    /// Somebody makes it: ask again after the report, at the latest then.
    case wait(until: Instant)
  }

  /// How long an answer counts.
  public let freshFor: Duration
  /// How long a probe may take.
  public let timeout: Duration
  /// The newest answer, fresh or not.
  public private(set) var latest: Answer?
  private var probe: Probe?
  private var nextID: UInt64 = 0

  /// Makes a cache without an answer.
  public init(freshFor: Duration = .seconds(30), timeout: Duration = .seconds(1)) {
    precondition(freshFor >= .zero && timeout > .zero, "a probe has some time")
    self.freshFor = freshFor
    self.timeout = timeout
  }

  /// Asks how the service is.
  ///
  /// - Parameter forced: Do not take a cached answer; a probe in flight is still shared.
  public mutating func ask(at now: Instant, forced: Bool = false) -> Asked {
    var forced = forced
    if let probe {
      guard now >= probe.deadline else { return .wait(until: probe.deadline) }
      remember(isHealthy: false, at: probe.deadline)
      forced = false
    }
    if !forced, let latest, now < latest.checkedAt.advanced(by: freshFor) {
      return .cached(latest)
    }
    let started = Probe(id: nextID, deadline: now.advanced(by: timeout))
    nextID += 1
    probe = started
    return .probe(started)
  }

  /// Reports a check; false when it comes after its deadline, or twice.
  @discardableResult
  public mutating func report(_ finished: Probe, isHealthy: Bool, at now: Instant) -> Bool {
    guard probe == finished else { return false }
    guard now < finished.deadline else {
      remember(isHealthy: false, at: finished.deadline)
      return false
    }
    remember(isHealthy: isHealthy, at: now)
    return true
  }

  private mutating func remember(isHealthy: Bool, at now: Instant) {
    probe = nil
    latest = Answer(
      isHealthy: isHealthy, checkedAt: now,
      successesInARow: isHealthy ? (latest?.successesInARow ?? 0) + 1 : 0)
  }
}
