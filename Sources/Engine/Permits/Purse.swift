// The caps of a run: what its calls may still cost, over the run and over the day.

package import BatchModel
import Resilience

/// What a machine knows of money when it begins.
package struct Allowance: Hashable, Sendable {
  package var limits: BudgetLimits
  package var spent: Spent
  package var state: BudgetState
  package init(
    limits: BudgetLimits = BudgetLimits(), spent: Spent = Spent(),
    state: BudgetState = BudgetState()
  ) {
    self.limits = limits
    self.spent = spent
    self.state = state
  }
}

/// Reserves and settles in every cap that there is.
struct Purse: Sendable {
  /// The answer to a call that wants to spend.
  enum Answer: Hashable {
    case fits
    /// It may fit when a call in flight is settled.
    case waits
    /// It cannot fit, and nothing in flight can change that.
    case exhausted(String)
    /// A bill exceeded its bound.
    case latched
  }

  private static let dayNanoseconds: Int64 = 86_400_000_000_000

  let limits: BudgetLimits
  private(set) var state: BudgetState
  private var run: Budget
  private var day: Budget
  private var dayNumber: Int64

  init(_ allowance: Allowance, at now: Instant) {
    limits = allowance.limits
    state = allowance.state
    run = Budget(
      capPicodollars: (state.cap ?? limits.cap)?.picodollars ?? .max,
      spentPicodollars: max(0, allowance.spent.run.picodollars))
    day = Budget(
      capPicodollars: limits.perDay?.picodollars ?? .max,
      spentPicodollars: max(0, allowance.spent.day.picodollars))
    dayNumber = now.nanoseconds / Self.dayNanoseconds
  }

  /// The cap in force.
  var cap: Money? { state.cap ?? limits.cap }

  func answer(_ worst: Money) -> Answer {
    if state.isLatched { return .latched }
    let decisions = [
      (run.decision(worst.picodollars), "the cap of \(cap?.dollars ?? "the run")"),
      (day.decision(worst.picodollars), "the day's cap of \(limits.perDay?.dollars ?? "")"),
    ]
    for (decision, name) in decisions where decision == .exhausted {
      return .exhausted(
        "\(name) is reached: \(run.spent.dollars) are spent, and the next call may cost up to "
          + worst.dollars)
    }
    let allFit = decisions.allSatisfy { if case .admitted = $0.0 { true } else { false } }
    return allFit ? .fits : .waits
  }

  /// Whether anything is limited.
  var hasCap: Bool { cap != nil || limits.perDay != nil }

  /// Reserves what `answer` said would fit.
  ///
  /// - Parameter isBounded: Whether a charge above it is a promise that was broken.
  mutating func reserve(_ worst: Money, isBounded: Bool = true, at now: Instant) -> Hold {
    turn(to: now)
    var hold = Hold(dayNumber: dayNumber, isBounded: isBounded)
    if case .admitted(let part) = run.reserve(worst.picodollars) { hold.run = part }
    if case .admitted(let part) = day.reserve(worst.picodollars) { hold.day = part }
    return hold
  }

  /// Replaces a reservation by its charge; `nil` when nothing is due.
  ///
  /// - Returns: how much the charge exceeds the reservation, if it does: then the purse is latched.
  mutating func settle(_ hold: Hold, charge: Money?, at now: Instant) -> Money? {
    turn(to: now)
    let actual = charge?.picodollars ?? 0
    if let part = hold.run { run.settle(part, actual: actual) }
    if let part = hold.day, hold.dayNumber == dayNumber { day.settle(part, actual: actual) }
    guard let part = hold.run, actual > part.picodollars else { return nil }
    guard hold.isBounded || hasCap else {
      unlatch()
      return nil
    }
    state.isLatched = true
    return Money(picodollars: actual - part.picodollars)
  }

  /// Counts a charge that nothing was reserved for.
  ///
  /// - Returns: the charge, if there is a cap: then the purse is latched.
  mutating func spend(_ charge: Money, at now: Instant) -> Money? {
    // `state` says whether it is latched; the parts would only refuse to count.
    unlatch()
    return settle(reserve(.zero, isBounded: false, at: now), charge: charge, at: now)
  }

  /// A person's new cap; lets calls through again after a bill above its bound.
  mutating func setCap(_ cap: Money?) {
    state = BudgetState(cap: cap, isLatched: false)
    run.capPicodollars = self.cap?.picodollars ?? .max
    unlatch()
  }

  private mutating func unlatch() {
    run.unlatch()
    day.unlatch()
  }

  /// At midnight (UTC) the day's cap begins anew.
  ///
  /// Calls in flight are billed on the new day: their whole reservations count for it at once.
  mutating func turn(to now: Instant) {
    let today = now.nanoseconds / Self.dayNanoseconds
    guard today != dayNumber else { return }
    dayNumber = today
    day = Budget(
      capPicodollars: limits.perDay?.picodollars ?? .max,
      spentPicodollars: day.reservedPicodollars)
  }

  /// `nil` without any cap.
  var gauge: BudgetGauge? {
    guard let cap = cap ?? limits.perDay else { return nil }
    return BudgetGauge(
      cap: cap, spent: run.spent, reserved: Money(picodollars: run.reservedPicodollars),
      isLatched: state.isLatched)
  }

  /// The parts of one reservation.
  struct Hold: Hashable, Sendable {
    var run: Budget.Reservation?
    var day: Budget.Reservation?
    var dayNumber: Int64
    var isBounded = true
  }
}

extension Budget {
  fileprivate var spent: Money { Money(picodollars: spentPicodollars) }
}
