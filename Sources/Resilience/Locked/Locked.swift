// A policy that several tasks share, for programs without a state machine of their own.

import Synchronization

/// A policy behind a lock, with a seeded generator and a clock of the caller's choice.
///
/// Critical sections are as short as the policy's own functions: tens of nanoseconds.
public final class Locked<Policy: Sendable>: Sendable {
  struct Guarded: Sendable {
    var policy: Policy
    var random: SplitMix64
  }

  let guarded: Mutex<Guarded>
  let now: @Sendable () -> Instant

  /// Shares a policy.
  ///
  /// - Parameters:
  ///   - policy: Its state so far.
  ///   - seed: Different for every process, so that clients spread.
  ///   - now: The time; one time line for the policy's whole life.
  public init(_ policy: Policy, seed: UInt64, now: @escaping @Sendable () -> Instant) {
    guarded = Mutex(Guarded(policy: policy, random: SplitMix64(seed: seed)))
    self.now = now
  }

  /// Uses the policy alone; keep it short, and call nothing that locks it again.
  public func withLock<Result: Sendable>(_ body: (inout Policy) throws -> Result) rethrows -> Result
  {
    try guarded.withLock { try body(&$0.policy) }
  }

  /// A copy of the policy: to store, or to show.
  public var snapshot: Policy { guarded.withLock { $0.policy } }
}

extension Locked where Policy == CircuitBreaker {
  /// Asks for the right to make one call now.
  public func admit() -> CircuitBreaker.Admission {
    let now = now()
    return guarded.withLock { $0.policy.admit(at: now, using: &$0.random) }
  }

  /// Reports how an admitted call ended.
  @discardableResult
  public func record(
    _ permit: CircuitBreaker.Permit, _ outcome: CircuitBreaker.Outcome, took: Duration = .zero,
    retryAfter: Duration? = nil
  ) -> CircuitBreaker.Recorded {
    let now = now()
    return guarded.withLock {
      $0.policy.record(
        permit, outcome, took: took, retryAfter: retryAfter, at: now, using: &$0.random)
    }
  }
}

extension Locked where Policy == MultiDimensionalLimiter {
  /// Takes a call's units in all dimensions or in none.
  public func reserve(_ demand: MultiDimensionalLimiter.Demand) -> MultiDimensionalLimiter.Decision
  {
    let now = now()
    return guarded.withLock { $0.policy.reserve(demand, at: now) }
  }

  /// Replaces the estimates by what the call took.
  public func settle(
    _ reservation: MultiDimensionalLimiter.Reservation, actual: MultiDimensionalLimiter.Demand
  ) {
    guarded.withLock { $0.policy.settle(reservation, actual: actual) }
  }

  /// Blocks after a 429.
  public func block(
    _ dimension: MultiDimensionalLimiter.Dimension? = nil, retryAfter: Duration?,
    after reservation: MultiDimensionalLimiter.Reservation
  ) {
    let now = now()
    guarded.withLock {
      $0.policy.block(
        dimension, retryAfter: retryAfter, after: reservation, at: now, using: &$0.random)
    }
  }
}

extension Locked where Policy == Budget {
  /// Reserves a call's worst case.
  public func reserve(_ worst: Int64, smallest: Int64? = nil) -> Budget.Decision {
    guarded.withLock { $0.policy.reserve(worst, smallest: smallest) }
  }

  /// Replaces a reservation by its bill; `nil` charges the worst case.
  @discardableResult
  public func settle(_ reservation: Budget.Reservation, actual: Int64?) -> Bool {
    guarded.withLock { $0.policy.settle(reservation, actual: actual) }
  }
}
