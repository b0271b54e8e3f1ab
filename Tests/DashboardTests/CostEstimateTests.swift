// What a retry will cost, as far as the past tells.

import BatchModel
import Dashboard
import Resilience
import Testing

@Suite struct CostEstimateTests {
  @Test func `a retry of many says what it will cost, a free run says nothing`() {
    var desk = Desk(run: .leverRun)
    // $3 for 100 done and 4 failed.
    desk.press("<space><space>R")
    #expect(desk.screen.contains("about $0.06, as those that ended have cost"))
    desk.press("<esc>*R")
    #expect(desk.screen.contains("about $28.85, as those that ended have cost"))
    desk.press("<esc>Sno<enter>")
    #expect(!desk.screen.contains("about $"))
    desk = Desk()
    desk.press("<space><space>R")
    #expect(!desk.screen.contains("about $"))
  }

  @Test(arguments: [
    (0, "$0.01"), (1, "$0.01"), (600_000_000_000, "$0.60"), (600_000_000_001, "$0.61"),
    (12_050_000_000_000, "$12.05"),
  ])
  func `guesses are told in cents, rounded up`(picodollars: Int64, text: String) {
    #expect(Wording.cents(Money(picodollars: picodollars)) == text)
  }
}
