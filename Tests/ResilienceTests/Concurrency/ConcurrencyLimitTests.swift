// The concurrency limit: growth when used, cuts on drops, and its bounds.

import Resilience
import Testing

@Suite("A concurrency limit")
struct ConcurrencyLimitTests {
  @Test("grows by one while at least half of it is used, and not when idle")
  func grows() {
    var limit = ConcurrencyLimit()
    #expect(limit.acquire() == true)
    limit.release(.success)
    #expect(limit.limit == 4)
    #expect(limit.acquire() && limit.acquire())
    limit.release(.success)
    #expect(limit.limit == 5)
  }

  @Test("loses a tenth on a drop, and nothing on a cancelled call")
  func drops() {
    var limit = ConcurrencyLimit(initial: 40)
    #expect(limit.acquire() && limit.acquire())
    limit.release(.ignored)
    #expect(limit.limit == 40)
    limit.release(.dropped)
    #expect(limit.limit == 36)
  }

  @Test("stays in its range and never lets more through, whatever happens")
  func bounds() throws {
    for seed in 0..<2_000 {
      var random = SplitMix64(seed: UInt64(seed))
      var limit = ConcurrencyLimit(range: 2...9)
      for _ in 0..<60 {
        switch Int.random(in: 0..<6, using: &random) {
        case 0...2: if limit.acquire() { #expect(limit.inFlight <= limit.limit) }
        case 3: limit.release(.dropped)
        default: limit.release(.success)
        }
        #expect((2...9).contains(limit.limit))
      }
      #expect(try afterCrash(limit).inFlight == 0)
    }
  }
}
