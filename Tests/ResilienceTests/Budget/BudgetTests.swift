// The cap: its decisions one by one, and its promise under thousands of random histories.

import Resilience
import Testing

@Suite("A budget")
struct BudgetTests {
  @Test("admits what fits, then says whether smaller, waiting or nothing helps")
  func decisions() throws {
    var budget = Budget(capPicodollars: 100)
    let first = try admitted(budget.reserve(60))
    #expect(budget.reserve(50) == .waitForSettlement)
    #expect(budget.reserve(50, smallest: 41) == .waitForSettlement)
    #expect(budget.reserve(50, smallest: 40) == .smallerFits(picodollars: 40))
    #expect(budget.settle(first, actual: 10) == true)
    #expect(budget.headroomPicodollars == 90)
    #expect(budget.reserve(91) == .exhausted)
    budget.capPicodollars = 101
    _ = try admitted(budget.reserve(91))
    #expect(budget.reserve(1) == .waitForSettlement)
  }

  @Test("a reservation settles once")
  func twice() throws {
    var budget = Budget(capPicodollars: 100)
    let first = try admitted(budget.reserve(60))
    _ = try admitted(budget.reserve(40))
    #expect(budget.settle(first, actual: 0) == true)
    #expect(budget.settle(first, actual: 0) == false)
    #expect(budget.reservedPicodollars == 40)
  }

  @Test("a bill above its reservation latches it until somebody has looked")
  func latch() throws {
    var budget = Budget(capPicodollars: 100)
    budget.settle(try admitted(budget.reserve(10)), actual: 12)
    #expect(budget.isLatched && budget.overrunPicodollars == 2 && budget.spentPicodollars == 12)
    #expect(budget.reserve(1) == .latched)
    budget.unlatch()
    _ = try admitted(budget.reserve(88))
  }

  @Test("an unknown or negative bill charges the worst case", arguments: [nil, -5, Int64.min])
  func unknown(bill: Int64?) throws {
    var budget = Budget(capPicodollars: 100)
    budget.settle(try admitted(budget.reserve(10)), actual: bill)
    #expect(budget.spentPicodollars == 10)
  }

  @Test("after a crash what was in flight is charged; its bill may still turn up, once")
  func crash() throws {
    var budget = Budget(capPicodollars: 100)
    let lost = try admitted(budget.reserve(60))
    budget = try afterCrash(budget)
    budget.chargeOpen()
    #expect(budget.spentPicodollars == 60 && budget.reservedPicodollars == 0)
    #expect(budget.reserve(50) == .exhausted)
    #expect(budget.settle(lost, actual: 20) == true)
    #expect(budget.spentPicodollars == 20)
    #expect(budget.settle(lost, actual: 0) == false)
  }

  @Test("survives amounts at the end of the range")
  func absurd() throws {
    var budget = Budget(capPicodollars: .max)
    let first = try admitted(budget.reserve(.max))
    #expect(budget.reserve(1) == .waitForSettlement)
    budget.settle(first, actual: .max)
    #expect(budget.reserve(1) == .exhausted)
    #expect(budget.reserve(.max) == .exhausted)
  }

  @Test("spent + reserved <= cap and every bill counted, under random interleavings and crashes")
  func promise() throws {
    for seed in 0..<2_000 {
      var random = SplitMix64(seed: UInt64(seed))
      let cap = Int64.random(in: 0...1_000, using: &random)
      var budget = Budget(capPicodollars: cap)
      var open: [Budget.Reservation] = []
      var unknown: [Budget.Reservation] = []
      var billed: Int64 = 0
      for _ in 0..<80 {
        switch Int.random(in: 0..<20, using: &random) {
        case 0:
          budget = try afterCrash(budget)
          budget.chargeOpen()
          unknown += open
          open = []
        case 1...9:
          let worst = Int64.random(in: 0...200, using: &random)
          if case .admitted(let reservation) = budget.reserve(worst) { open.append(reservation) }
        case 10...16 where !open.isEmpty:
          let reservation = open.remove(at: Int.random(in: 0..<open.count, using: &random))
          let bill = Int64.random(in: 0...reservation.picodollars, using: &random)
          budget.settle(reservation, actual: bill)
          billed += bill
        case 17 where !unknown.isEmpty:
          let reservation = unknown.removeLast()
          budget.settle(reservation, actual: 0)
        default: break
        }
        let charged = unknown.reduce(0) { $0 + $1.picodollars }
        let reserved = open.reduce(0) { $0 + $1.picodollars }
        let isTrue =
          budget.spentPicodollars == billed + charged
          && budget.reservedPicodollars == reserved
          && budget.spentPicodollars + budget.reservedPicodollars <= cap
        #expect(isTrue, "seed \(seed)")
      }
    }
  }

  private func admitted(_ decision: Budget.Decision) throws -> Budget.Reservation {
    guard case .admitted(let reservation) = decision else { throw Unexpected.refused }
    return reservation
  }
}

@Suite("A set of budgets")
struct BudgetSetTests {
  private enum Scope: Hashable, Codable { case run, day, item(String) }

  @Test("reserves in all scopes or in none, and names the scope that refuses")
  func allOrNone() throws {
    var set = BudgetSet<Scope>()
    set[.run] = Budget(capPicodollars: 100)
    set[.item("a")] = Budget(capPicodollars: 10)
    let scopes: [Scope] = [.run, .day, .item("a")]
    guard case .admitted(let reservation) = set.reserve(10, in: scopes) else {
      throw Unexpected.refused
    }
    #expect(set.reserve(1, in: scopes) == .waitForSettlement(.item("a")))
    #expect(set[.run]?.reservedPicodollars == 10)
    set.settle(reservation, actual: 10)
    #expect(set.reserve(1, in: scopes) == .exhausted(.item("a")))
    #expect(set[.run]?.reservedPicodollars == 0 && set[.run]?.spentPicodollars == 10)
    #expect(set.reserve(95, smallest: 1, in: [.run]) == .smallerFits(picodollars: 90, .run))
  }

  @Test("offers a smaller call only when it fits every scope")
  func tightest() {
    var set = BudgetSet<Scope>()
    set[.run] = Budget(capPicodollars: 50)
    set[.day] = Budget(capPicodollars: 30)
    #expect(set.reserve(60, smallest: 5, in: [.run, .day]) == .smallerFits(picodollars: 30, .day))
    set[.day] = Budget(capPicodollars: 4)
    #expect(set.reserve(60, smallest: 5, in: [.run, .day]) == .exhausted(.day))
  }

  @Test("charges what was in flight in every scope after a crash")
  func crash() throws {
    var set = BudgetSet<Scope>()
    set[.run] = Budget(capPicodollars: 100)
    set[.day] = Budget(capPicodollars: 100)
    _ = set.reserve(10, in: [.run, .day])
    set = try afterCrash(set)
    set.chargeOpen()
    #expect(set[.run]?.spentPicodollars == 10 && set[.day]?.spentPicodollars == 10)
  }
}
