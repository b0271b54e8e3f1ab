// How many calls may be in flight at once, found out instead of configured.

/// Additive increase, multiplicative decrease: one more after a good call, a tenth less after a drop.
///
/// It grows only while it is used (at least half of it in flight), so that an idle hour does not
/// leave a limit that nobody has tried. Source: Netflix concurrency-limits, `AIMDLimit`.
public struct ConcurrencyLimit: Hashable, Sendable, Codable {
  /// How a call ended, as the limit sees it.
  public enum Outcome: Hashable, Sendable, Codable {
    /// It answered in time.
    case success
    /// A drop, a time-out or a 429.
    case dropped
    /// It says nothing about the service's capacity: cancelled, a 4xx.
    case ignored
  }

  /// The least and the most that the limit may become.
  public let range: ClosedRange<Int>
  /// What a drop leaves of the limit.
  public let backoff: Double
  /// Calls in flight; none after a crash.
  public private(set) var inFlight = 0
  private var exact: Double

  /// Makes a limit that starts at `initial` and stays in `range`.
  public init(initial: Int = 4, range: ClosedRange<Int> = 1...64, backoff: Double = 0.9) {
    precondition(range.lowerBound >= 1, "a limit below 1 would never let a call through")
    precondition(backoff > 0 && backoff < 1, "a drop leaves a share of the limit")
    self.range = range
    self.backoff = backoff
    exact = Double(min(max(initial, range.lowerBound), range.upperBound))
  }

  private enum CodingKeys: String, CodingKey { case range, backoff, exact }

  /// Calls that may be in flight now.
  public var limit: Int {
    let bounded = min(max(exact, Double(range.lowerBound)), Double(range.upperBound))
    return bounded.isNaN ? range.lowerBound : Int(bounded)
  }

  /// Takes a place; false when all are taken.
  public mutating func acquire() -> Bool {
    guard inFlight < limit else { return false }
    inFlight += 1
    return true
  }

  /// Gives a place back and learns from the call.
  public mutating func release(_ outcome: Outcome) {
    let used = inFlight
    inFlight = max(0, inFlight - 1)
    switch outcome {
    case .success:
      if 2 * used >= limit { exact = min(Double(limit) + 1, Double(range.upperBound)) }
    case .dropped: exact = max(exact * backoff, Double(range.lowerBound))
    case .ignored: break
    }
  }
}
