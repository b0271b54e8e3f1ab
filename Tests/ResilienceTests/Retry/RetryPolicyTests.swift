// The retry policy's bounds, over thousands of seeds.

import Resilience
import Testing

@Suite("A retry's pause")
struct RetryPolicyTests {
  @Test("lies between the base and the cap, and at most at three times the longest earlier one")
  func bounds() {
    let policy = RetryPolicy(attempts: 8, base: .seconds(1), cap: .seconds(60))
    for seed in 0..<5_000 {
      var random = SplitMix64(seed: UInt64(seed))
      for tries in 1...8 {
        let pause = policy.pause(afterTries: tries, using: &random)
        var longest = Duration.seconds(1)
        for _ in 0..<tries { longest = min(.seconds(60), longest * 3) }
        #expect(pause >= .seconds(1) && pause <= longest)
      }
    }
  }

  @Test("is never shorter than what a server asked for")
  func serverFloor() {
    var random = SplitMix64(seed: 1)
    let pause = RetryPolicy().pause(after: nil, floor: .seconds(90), using: &random)
    #expect(pause >= .seconds(91))
    let third = RetryPolicy().pause(afterTries: 3, floor: .seconds(90), using: &random)
    #expect(third >= .seconds(91) && third <= .seconds(117))
  }

  @Test("does not overflow after a pause of years")
  func saturates() {
    var random = SplitMix64(seed: 1)
    let policy = RetryPolicy(attempts: 3, base: .seconds(1), cap: .seconds(60))
    #expect(policy.pause(after: .seconds(9_000_000_000), using: &random) <= .seconds(60))
  }
}
