// Several dimensions at once: all or none, and which one makes a call wait.

import Resilience
import Testing

@Suite("A limiter of several dimensions")
struct MultiDimensionalLimiterTests {
  private typealias Demand = MultiDimensionalLimiter.Demand
  private var limiter = MultiDimensionalLimiter(
    requests: RateLimiter(.init(perMinute: 60, burst: 2)),
    inputTokens: RateLimiter(.init(perMinute: 600, burst: 100)))

  @Test("tells the dimension that makes a call wait, and until when")
  mutating func limitedBy() throws {
    limiter.longWait = .zero
    _ = try reserved(Demand(inputTokens: 100))
    #expect(
      limiter.reserve(Demand(inputTokens: 50), at: second(0))
        == .tooLong(.inputTokens, until: second(5)))
    _ = try reserved(Demand(inputTokens: 0))
    #expect(limiter.reserve(Demand(), at: second(0)) == .tooLong(.requests, until: second(1)))
    #expect(
      limiter.reserve(Demand(inputTokens: 101), at: second(0))
        == .tooLarge(.inputTokens, burst: 100))
  }

  @Test("takes nothing from any dimension when one refuses")
  mutating func allOrNone() throws {
    limiter.longWait = .zero
    _ = try reserved(Demand(inputTokens: 100))
    let before = limiter
    _ = limiter.reserve(Demand(inputTokens: 50), at: second(0))
    #expect(limiter == before)
  }

  @Test("calls held up by one dimension do not start together in another")
  mutating func heldUp() throws {
    _ = try reserved(Demand(inputTokens: 100))
    let held = try reserved(Demand(inputTokens: 100))
    #expect(held.startAt == second(10) && held.limitedBy == .inputTokens)
    let starts = try (0..<3).map { _ in try reserved(Demand()).startAt }
    #expect(starts == [second(10), second(11), second(12)])
  }

  @Test("a small call passes a waiting one only where it does not move its time")
  mutating func passes() throws {
    _ = try reserved(Demand(inputTokens: 60))
    let head = Demand(inputTokens: 100)
    #expect(limiter.canPass(Demand(inputTokens: 0), before: head, at: second(0)))
    #expect(!limiter.canPass(Demand(inputTokens: 10), before: head, at: second(0)))
  }

  @Test("gives everything back when a call was never sent")
  mutating func cancels() throws {
    let before = limiter.requests?.available(at: second(0))
    let call = try reserved(Demand(inputTokens: 70))
    limiter.cancel(call)
    #expect(limiter.requests?.available(at: second(0)) == before)
    #expect(limiter.inputTokens?.available(at: second(0)) == 100)
  }

  @Test("remembers through a crash what was taken")
  mutating func crash() throws {
    _ = try reserved(Demand(inputTokens: 100))
    limiter = try afterCrash(limiter)
    #expect(try reserved(Demand(inputTokens: 100)).startAt == second(10))
  }

  private mutating func reserved(_ demand: Demand) throws -> MultiDimensionalLimiter.Reservation {
    guard case .reserved(let reservation) = limiter.reserve(demand, at: second(0)) else {
      throw Unexpected.refused
    }
    return reservation
  }
}
