// How often a guardian starts a dead engine again.

import Resilience
import Runtime
import Testing

@Suite("The guardian")
struct RestartPolicyTests {
  @Test("allows five restarts in ten minutes, and further ones when those are over")
  func window() {
    var policy = RestartPolicy()
    let start = Instant(milliseconds: 1_000_000)
    func allows(after seconds: Int) -> Bool {
      policy.allowsRestart(at: start.advanced(by: .seconds(seconds)))
    }
    let deaths = [0, 60, 120, 180, 240].map { allows(after: $0) }
    #expect(deaths == [true, true, true, true, true])
    #expect(!allows(after: 300))
    #expect(!allows(after: 600))
    // The first one is more than ten minutes ago, and the refused ones are none.
    #expect(allows(after: 601))
    #expect(!allows(after: 602))
    #expect(allows(after: 661))
  }
}
