// The limiter's formulas, its corrections, and its bound over thousands of random histories.

import Resilience
import Testing

@Suite("A rate limiter")
struct RateLimiterTests {
  @Test("lets a burst start at once, and tells the next call its time")
  func burst() throws {
    var limiter = RateLimiter(.init(perMinute: 60, burst: 2))
    #expect(try reserved(limiter.reserve(2, at: second(0))).startAt == second(0))
    #expect(limiter.earliestStart(of: 1, at: second(0)) == second(1))
    #expect(try reserved(limiter.reserve(1, at: second(0))).startAt == second(1))
    #expect(try reserved(limiter.reserve(1, at: second(0))).startAt == second(2))
    #expect(limiter.reserve(3, at: second(0)) == .tooLarge(burst: 2))
  }

  @Test("a wait over the long wait is told and not taken")
  func longWait() throws {
    var limiter = RateLimiter(.init(perMinute: 1, burst: 1, longWait: .seconds(90)))
    _ = try reserved(limiter.reserve(1, at: second(0)))
    _ = try reserved(limiter.reserve(1, at: second(0)))
    #expect(limiter.reserve(1, at: second(0)) == .tooLong(until: second(120)))
    #expect(limiter.reserve(1, at: second(0)) == .tooLong(until: second(120)))
    #expect(try reserved(limiter.reserve(1, at: second(30))).startAt == second(120))
  }

  @Test("gives back what was estimated too high, and takes what was too low")
  func settles() throws {
    var limiter = RateLimiter(.init(perMinute: 600, burst: 100))
    let high = try reserved(limiter.reserve(100, at: second(0)))
    #expect(limiter.available(at: second(0)) == 0)
    limiter.settle(high, actual: 30)
    #expect(limiter.available(at: second(0)) == 70)
    let low = try reserved(limiter.reserve(10, at: second(0)))
    limiter.settle(low, actual: 60)
    #expect(limiter.available(at: second(0)) == 10)
    #expect(limiter.openUnits == 0)
  }

  @Test("believes a header that says less at once, minus what was sent later")
  func lowers() throws {
    var limiter = RateLimiter(.init(perMinute: 600, burst: 100))
    let first = try reserved(limiter.reserve(1, at: second(0)))
    let second1 = try reserved(limiter.reserve(10, at: second(0)))
    limiter.correct(remaining: 50, after: first, at: second(0))
    #expect(limiter.available(at: second(0)) == 40)
    limiter.correct(remaining: 20, after: second1, at: second(0))
    #expect(limiter.available(at: second(0)) == 20)
    limiter.correct(remaining: 5, after: first, at: second(0))
    #expect(limiter.available(at: second(0)) == 20, "an older response says nothing new")
  }

  @Test("closes a tenth of the gap when a header says more, and ignores nonsense")
  func raises() throws {
    var limiter = RateLimiter(.init(perMinute: 600, burst: 100))
    let all = try reserved(limiter.reserve(100, at: second(0)))
    limiter.correct(remaining: 100, after: all, at: second(0))
    #expect(limiter.available(at: second(0)) == 0, "what is open may still be counted")
    limiter.settle(all, actual: 100)
    limiter.setLimit(perMinute: 60, at: second(0))
    let none = try reserved(limiter.reserve(0, at: second(0)))
    limiter.correct(remaining: 100, limit: -1, after: none, at: second(0))
    #expect(limiter.available(at: second(0)) == 10)
    let next = try reserved(limiter.reserve(0, at: second(0)))
    limiter.correct(remaining: -3, limit: 0, after: next, at: second(0))
    #expect(limiter.available(at: second(0)) == 10)
    #expect(limiter.options.perMinute == 60)
  }

  @Test("a 429 blocks as long as asked plus at most a quarter, and cuts the rate once a burst")
  func blocks() throws {
    var random = SplitMix64(seed: 7)
    var limiter = RateLimiter(.init(perMinute: 600, burst: 10))
    let burst = try (0..<3).map { _ in try reserved(limiter.reserve(1, at: second(0))) }
    for call in burst {
      limiter.block(retryAfter: .seconds(20), after: call, at: second(1), using: &random)
    }
    #expect(limiter.blockedUntil >= second(21) && limiter.blockedUntil <= second(26))
    #expect(limiter.earliestStart(of: 1, at: second(2)) == limiter.blockedUntil)
    let start = limiter.blockedUntil
    let four = limiter.earliestStart(of: 4, at: start)
    // What was refused may start then; three more units come at 420 a minute, not at 206.
    #expect(limiter.earliestStart(of: 1, at: start) == start)
    #expect(abs(start.duration(to: four).inSeconds - 3 * 60.0 / 420) < 0.01)
  }

  @Test("comes back to its limit after a 429, and survives a crash on the way")
  func recovers() throws {
    var random = SplitMix64(seed: 7)
    var limiter = RateLimiter(.init(perMinute: 600, burst: 1))
    let call = try reserved(limiter.reserve(1, at: second(0)))
    limiter.block(retryAfter: .seconds(1), after: call, at: second(0), using: &random)
    limiter = try afterCrash(limiter)
    var now = second(3)
    var starts: [Instant] = []
    for _ in 0..<600 {
      now = try reserved(limiter.reserve(1, at: now)).startAt
      starts.append(now)
    }
    #expect(starts[0].duration(to: starts[5]) > .milliseconds(600))
    #expect(starts[598].duration(to: starts[599]) <= .milliseconds(101))
  }

  @Test("never admits more than burst + rate · t in any window, settled truthfully")
  func bound() throws {
    for seed in 0..<1_000 {
      var random = SplitMix64(seed: UInt64(seed))
      let perMinute = Double.random(in: 1...100_000, using: &random)
      let burst = Int64.random(in: 1...5_000, using: &random)
      var limiter = RateLimiter(.init(perMinute: perMinute, burst: burst, longWait: .seconds(30)))
      var now = second(0)
      var admitted: [(Instant, Int64)] = []
      for _ in 0..<60 {
        if Int.random(in: 0..<20, using: &random) == 0 { limiter = try afterCrash(limiter) }
        let most = Int64.random(in: 0...burst, using: &random)
        if case .reserved(let call) = limiter.reserve(most, at: now) {
          let actual = Int64.random(in: 0...most, using: &random)
          limiter.settle(call, actual: actual)
          admitted.append((call.startAt, actual))
        }
        now = now.advanced(by: .nanoseconds(Int64.random(in: 0...5_000_000_000, using: &random)))
      }
      var excess = 0.0
      for first in admitted.indices {
        var units: Int64 = 0
        for (at, more) in admitted[first...] {
          units += more
          let seconds = admitted[first].0.duration(to: at).inSeconds
          excess = max(excess, Double(units) - Double(burst) - perMinute / 60 * seconds)
        }
      }
      #expect(excess <= 1e-3, "seed \(seed)")
    }
  }

  @Test("refuses a stored form that would divide by nothing")
  func corrupt() throws {
    let text = #"{"perMinute":0,"burst":1,"longWait":[0,0],"blockFor":[0,0]}"#
    #expect(throws: (any Error).self) {
      try decode(RateLimiter.self, #"{"options":\#(text),"ratePerMinute":0}"#)
    }
  }

  private func reserved(_ decision: RateLimiter.Decision) throws -> RateLimiter.Reservation {
    guard case .reserved(let reservation) = decision else { throw Unexpected.refused }
    return reservation
  }
}
