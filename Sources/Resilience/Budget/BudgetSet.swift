// Several caps on one call: the run's, the item's, the day's; all of them admit it or none does.

/// Budgets by scope, reserved together.
public struct BudgetSet<Scope: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
  /// One reservation in each of the call's scopes.
  public struct Reservation: Hashable, Sendable, Codable {
    /// The most that the call can cost, in pico-dollars.
    public let picodollars: Int64
    let parts: [Part]
  }

  struct Part: Hashable, Sendable, Codable {
    let scope: Scope
    let reservation: Budget.Reservation
  }

  /// The answer to a call that wants to spend.
  public enum Decision: Hashable, Sendable {
    /// Every scope has room, and holds the reservation.
    case admitted(Reservation)
    /// A useful smaller call of at most so much fits every scope; the scope is the tightest.
    case smallerFits(picodollars: Int64, Scope)
    /// The scope has calls in flight whose settlement may make room.
    case waitForSettlement(Scope)
    /// The scope is used up.
    case exhausted(Scope)
    /// In the scope a bill exceeded its reservation.
    case latched(Scope)
  }

  private var budgets: [Scope: Budget] = [:]

  /// Makes a set without caps: it admits everything.
  public init() {}

  /// The budget of a scope; `nil` is no cap.
  ///
  /// Replacing one forgets its calls in flight.
  public subscript(scope: Scope) -> Budget? {
    get { budgets[scope] }
    set { budgets[scope] = newValue }
  }

  /// Reserves a call's worst case in every given scope that has a budget, or in none.
  ///
  /// Of several refusals the hardest is told: latched, exhausted, wait, smaller; the first scope of
  /// equals.
  public mutating func reserve(_ worst: Int64, smallest: Int64? = nil, in scopes: [Scope])
    -> Decision
  {
    var refusal: Decision?
    for scope in scopes {
      guard let decision = budgets[scope]?.decision(worst, smallest: smallest),
        let found = Self.refusal(decision, in: scope)
      else { continue }
      refusal = refusal.map { Self.harder($0, found) } ?? found
    }
    if let refusal { return refusal }
    var parts: [Part] = []
    for scope in scopes {
      guard case .admitted(let reservation)? = budgets[scope]?.reserve(worst) else { continue }
      parts.append(Part(scope: scope, reservation: reservation))
    }
    return .admitted(Reservation(picodollars: worst, parts: parts))
  }

  /// Replaces the reservation by its bill in every scope; `nil` charges the worst case.
  public mutating func settle(_ reservation: Reservation, actual: Int64?) {
    for part in reservation.parts { budgets[part.scope]?.settle(part.reservation, actual: actual) }
  }

  /// Charges every call in flight in every scope: after a crash.
  public mutating func chargeOpen() {
    for scope in budgets.keys { budgets[scope]?.chargeOpen() }
  }

  private static func refusal(_ decision: Budget.Decision, in scope: Scope) -> Decision? {
    switch decision {
    case .admitted: nil
    case .smallerFits(let most): .smallerFits(picodollars: most, scope)
    case .waitForSettlement: .waitForSettlement(scope)
    case .exhausted: .exhausted(scope)
    case .latched: .latched(scope)
    }
  }

  private static func harder(_ first: Decision, _ second: Decision) -> Decision {
    if case .smallerFits(let most, _) = first, case .smallerFits(let other, _) = second {
      return other < most ? second : first
    }
    return hardness(second) > hardness(first) ? second : first
  }

  private static func hardness(_ decision: Decision) -> Int {
    switch decision {
    case .admitted: 0
    case .smallerFits: 1
    case .waitForSettlement: 2
    case .exhausted: 3
    case .latched: 4
    }
  }
}
