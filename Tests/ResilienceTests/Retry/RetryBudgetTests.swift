// The retry budget: what an outage costs, and what good times earn.

import Resilience
import Testing

@Suite("A retry budget")
struct RetryBudgetTests {
  @Test("affords twenty retries in an outage, and one more for ten successes")
  func spends() throws {
    var budget = RetryBudget()
    for _ in 0..<20 { #expect(budget.withdraw() == true) }
    #expect(budget.withdraw() == false)
    for _ in 0..<9 { budget.recordSuccess() }
    #expect(budget.withdraw() == false)
    budget.recordSuccess()
    budget = try afterCrash(budget)
    #expect(budget.withdraw() == true)
    #expect(budget.withdraw() == false)
  }

  @Test("never holds more than its capacity")
  func capacity() {
    var budget = RetryBudget(capacity: 2)
    for _ in 0..<1_000 { budget.recordSuccess() }
    #expect(budget.tokens == 2)
  }
}
