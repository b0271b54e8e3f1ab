// What must hold of permits under any interleaving.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("Permits under random work")
struct PermitPropertyTests {
  @Test(
    "are what the ledger says at every moment, and none is left, in 2,000 seeds", arguments: 0..<4)
  func nothingLeaks(part: Int) {
    var calls = 0
    for seed in part * 500..<(part + 1) * 500 {
      var work = RandomCalls(seed: UInt64(seed))
      for step in 0..<150 where !work.isOver {
        work.step()
        let problems = work.problems
        #expect(problems.isEmpty, "seed \(seed), step \(step): \(problems)")
        guard problems.isEmpty else { return }
      }
      work.stop()
      #expect(work.isOver, "seed \(seed) does not end")
      #expect(work.run.held.isEmpty && work.problems.isEmpty, "seed \(seed): \(work.run.held)")
      guard work.isOver, work.run.held.isEmpty else { return }
      calls += work.signs
    }
    #expect(calls > 5000, "the work must call to prove anything")
  }
}
