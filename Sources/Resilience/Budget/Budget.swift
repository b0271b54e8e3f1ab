// A hard cap on cost: what may still be spent, counted before it is spent.

/// Reserve the worst case, call, then settle with the bill: `spent + reserved <= cap` at every moment.
///
/// Amounts are pico-dollars (10⁻¹² USD) in `Int64`, never floating point; the caller rounds up. The
/// promise holds as long as no bill exceeds its reservation; the first one that does *latches* the
/// budget: nothing more is admitted until somebody has looked.
///
/// A crash: encode after every reservation and before the call goes out. ``chargeOpen()`` on the
/// decoded value charges what was in flight; a bill that turns up later may still ``settle(_:actual:)``.
public struct Budget: Hashable, Sendable, Codable {
  /// The right to spend up to an amount; settle it once.
  public struct Reservation: Hashable, Sendable, Codable {
    /// Its number in this budget.
    public let id: UInt64
    /// The worst case, in pico-dollars.
    public let picodollars: Int64
  }

  /// The answer to a call that wants to spend.
  public enum Decision: Hashable, Sendable {
    /// Write the budget durably, then call.
    case admitted(Reservation)
    /// This call does not fit; a useful smaller one of at most so much would. Nothing is reserved.
    case smallerFits(picodollars: Int64)
    /// It may fit once a call in flight has settled.
    case waitForSettlement
    /// It cannot fit, and nothing in flight can change that.
    case exhausted
    /// A bill exceeded its reservation; an operator has to ``Budget/unlatch()``.
    case latched
  }

  private struct Entry: Hashable, Sendable, Codable {
    var id: UInt64
    var picodollars: Int64
    /// Charged in full because nobody knows the bill; still open to correction.
    var isCharged = false
  }

  /// The most that may ever be spent; raise it live, and lowering it takes nothing back.
  public var capPicodollars: Int64
  /// What was billed, and worst cases whose bill is unknown.
  public private(set) var spentPicodollars: Int64 = 0
  /// The worst cases of the calls in flight.
  public private(set) var reservedPicodollars: Int64 = 0
  /// How much bills exceeded their reservations, all together.
  public private(set) var overrunPicodollars: Int64 = 0
  /// Whether a bill exceeded its reservation.
  public private(set) var isLatched = false

  private var nextID: UInt64 = 0
  /// Ascending by id.
  private var entries: [Entry] = []

  /// Makes a budget without calls in flight.
  ///
  /// - Parameter spentPicodollars: What was billed before, by a sum that is kept elsewhere.
  public init(capPicodollars: Int64, spentPicodollars: Int64 = 0) {
    precondition(capPicodollars >= 0 && spentPicodollars >= 0, "a cap is not negative")
    self.capPicodollars = capPicodollars
    self.spentPicodollars = spentPicodollars
  }

  /// What may still be reserved; not negative.
  public var headroomPicodollars: Int64 {
    max(0, capPicodollars.subtractingClamped(spentPicodollars.addingClamped(reservedPicodollars)))
  }

  /// Calls in flight.
  public var openCount: Int { entries.count { !$0.isCharged } }

  /// What ``reserve(_:smallest:)`` would answer; an admission carries the reservation it would make.
  public func decision(_ worst: Int64, smallest: Int64? = nil) -> Decision {
    precondition(worst >= 0 && smallest ?? 0 >= 0, "a worst case is not negative")
    guard !isLatched else { return .latched }
    let headroom = headroomPicodollars
    if worst <= headroom { return .admitted(Reservation(id: nextID, picodollars: worst)) }
    if let smallest, smallest <= headroom { return .smallerFits(picodollars: headroom) }
    return reservedPicodollars > 0 ? .waitForSettlement : .exhausted
  }

  /// Reserves a call's worst case.
  ///
  /// - Parameters:
  ///   - worst: The most that the call can cost.
  ///   - smallest: The most that the smallest useful form of the call can cost.
  public mutating func reserve(_ worst: Int64, smallest: Int64? = nil) -> Decision {
    let decision = decision(worst, smallest: smallest)
    guard case .admitted(let reservation) = decision else { return decision }
    nextID += 1
    entries.append(Entry(id: reservation.id, picodollars: worst))
    reservedPicodollars += worst
    return decision
  }

  /// Replaces a reservation by its bill; false when it is not open (settled before).
  ///
  /// - Parameter actual: The bill; `nil`, or a negative one, is unknown and charges the worst case.
  @discardableResult
  public mutating func settle(_ reservation: Reservation, actual: Int64?) -> Bool {
    guard let index = index(of: reservation.id) else { return false }
    let entry = entries.remove(at: index)
    if entry.isCharged {
      spentPicodollars = spentPicodollars.subtractingClamped(entry.picodollars)
    } else {
      reservedPicodollars -= entry.picodollars
    }
    let bill = actual.flatMap { $0 < 0 ? nil : $0 } ?? entry.picodollars
    spentPicodollars = spentPicodollars.addingClamped(bill)
    if bill > entry.picodollars {
      isLatched = true
      overrunPicodollars = overrunPicodollars.addingClamped(bill - entry.picodollars)
    }
    return true
  }

  /// Charges the worst case of a call whose outcome is unknown, until a bill turns up.
  @discardableResult
  public mutating func charge(_ reservation: Reservation) -> Bool {
    guard let index = index(of: reservation.id), !entries[index].isCharged else { return false }
    charge(at: index)
    return true
  }

  /// Charges every call in flight: what a process does first when it finds the budget of a dead one.
  public mutating func chargeOpen() {
    for index in entries.indices where !entries[index].isCharged { charge(at: index) }
  }

  /// Makes the charges of unknown outcomes final and forgets them, so that the list stays short.
  public mutating func writeOffCharged() { entries.removeAll { $0.isCharged } }

  /// Lets calls through again after a bill that exceeded its reservation.
  public mutating func unlatch() { isLatched = false }

  private mutating func charge(at index: Int) {
    entries[index].isCharged = true
    reservedPicodollars -= entries[index].picodollars
    spentPicodollars = spentPicodollars.addingClamped(entries[index].picodollars)
  }

  private func index(of id: UInt64) -> Int? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].id == id ? low : nil
  }
}
