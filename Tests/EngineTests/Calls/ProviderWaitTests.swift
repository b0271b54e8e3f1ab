// Waits that a provider asks for: limits, 429s, quotas, open breakers. They fail nothing.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A wait for a provider")
struct ProviderWaitTests {
  @Test("for a rate limit sets the alarm, fails nothing, and ends when the limit has room")
  func rateLimit() throws {
    var run = MachineFixture.calls(providers: [Fixture.provider(perMinute: 6)])
    run.beginCalls(Fixture.items(7))
    #expect(run.machine.callsInFlight == 6)
    #expect(run.last.moves.isEmpty)
    let room = try #require(run.machine.wakeAt)
    #expect(room == run.now.advanced(by: .seconds(10)))
    run.now = room
    run.send(.tick)
    #expect(run.last.starts == [ItemID(7)])
  }

  @Test("after a 429 puts the item off as long as told, and counts no try")
  func deferred() throws {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1, tries: 2)])
    run.confirm(1...1)
    let told = run.now.advanced(by: .seconds(20))
    run.end(1, .rateLimited(until: told), charged: false)
    let move = try #require(run.last.moves.first)
    #expect(run.last.ends.map(\.outcome) == [.deferred])
    #expect(move.to == .waiting)
    #expect(move.waitReason == .rateLimit)
    #expect(move.tries == 2)
    #expect((move.until ?? run.now) >= told)
    #expect(run.machine.budgetGauge?.spent == .zero)
    #expect(run.held.isEmpty)
  }

  @Test("after a 429 is written once, however many calls of the same burst are refused")
  func oneNews() {
    var run = MachineFixture.calls(providers: [Fixture.provider(perMinute: 60)])
    run.beginCalls(Fixture.items(5))
    run.confirm(1...5)
    var news: [String] = []
    for attempt in Int64(1)...5 {
      run.end(
        attempt, .rateLimited(until: run.now.advanced(by: .seconds(9))), charged: false)
      news += run.last.news
    }
    #expect(news == ["rate-limited"])
  }

  @Test("for a quota holds the whole provider, parks what waits, and leaves its step unclaimed")
  func quota() {
    var run = MachineFixture.calls(callSlots: 1)
    run.beginCalls(Fixture.items(2))
    run.confirm(1...1)
    let reset = run.now.advanced(by: .seconds(3600))
    run.end(1, .exhausted(until: reset), charged: false)
    #expect(run.last.ends.map(\.outcome) == [.deferred])
    #expect(run.last.moves.map(\.item) == [ItemID(1), ItemID(2)])
    #expect(run.last.moves.allSatisfy { $0.waitReason == .quota && $0.until == reset })
    #expect(run.last.moves.allSatisfy { $0.tries == 0 })
    #expect(run.last.news == ["held"])
    #expect(run.machine.blockedSteps == [0])
    run.pass(.seconds(3600))
    #expect(run.machine.blockedSteps.isEmpty)
  }

  @Test("leaves the steps of that provider out of the next claims, and no others")
  func blockedSteps() {
    var run = MachineFixture.calls(
      steps: [Fixture.call("write"), Fixture.call("review", provider: "bolt")],
      providers: [Fixture.provider(), Fixture.provider("bolt")])
    run.beginCalls([Fixture.item(1)])
    run.answerClaims(open: 9)
    run.confirm(1...1)
    run.end(1, .exhausted(until: run.now.advanced(by: .seconds(3600))), charged: false)
    #expect(run.last.blocked == [0])
  }

  @Test("for a quota is remembered by the next engine")
  func quotaKept() {
    let until = Instant(milliseconds: 1_000_000).advanced(by: .seconds(600))
    var run = MachineFixture.calls(states: ["acme": ProviderState(heldUntil: until)])
    run.beginCalls([Fixture.item(1)])
    #expect(run.machine.callsInFlight == 0)
    #expect(run.last.moves.map(\.until) == [until])
  }

  @Test(
    "after three failures: the breaker opens, says so once, and parks what waits with the reason")
  func opens() throws {
    var run = opened()
    #expect(run.last.news == ["breaker-open"])
    let parked = run.last.moves.filter { $0.waitReason == .breaker }
    #expect(parked.map(\.item) == [ItemID(4)])
    #expect(parked.allSatisfy { $0.tries == 0 && $0.until != nil && !$0.note.isEmpty })
    #expect(run.machine.blockedSteps == [0])
    // Those in flight when it opened say nothing new.
    run.send(.tick)
    #expect(run.last.news.isEmpty)
  }

  /// Three calls failed one after the other, and a fourth item waited.
  private func opened() -> MachineFixture {
    var run = MachineFixture.calls(callSlots: 1)
    run.beginCalls(Fixture.items(4))
    for attempt in Int64(1)...3 {
      run.confirm(attempt...attempt)
      run.end(attempt, .failed)
    }
    return run
  }

  @Test("for a breaker ends with one probe; its success lets all others through")
  func probe() throws {
    var run = opened()
    let until = try #require(run.last.moves.last?.until)
    run.answerClaims(open: 4)
    #expect(run.machine.wakeAt == until)
    run.now = until
    run.send(.tick)
    #expect(run.last.claimed != nil)
    run.claim([Fixture.item(4), Fixture.item(5)])
    run.prepare(4)
    run.prepare(5)
    #expect(run.machine.callsInFlight == 1)
    run.confirm(4...4)
    run.end(4)
    #expect(run.last.news == ["breaker-closed"])
    #expect(run.last.starts == [ItemID(5)])
  }

  @Test("for a breaker goes on when the probe fails: no try is counted, and another item is next")
  func failedProbe() throws {
    var run = opened()
    let until = try #require(run.last.moves.last?.until)
    run.answerClaims(open: 4)
    run.now = until
    run.send(.tick)
    run.claim([Fixture.item(4), Fixture.item(5)])
    run.prepare(4)
    run.prepare(5)
    run.confirm(4...4)
    run.end(4, .failed)
    #expect(run.last.news == ["breaker-open"])
    let moves = run.last.moves
    #expect(moves.map(\.item) == [ItemID(4), ItemID(5)])
    #expect(moves.map(\.tries) == [0, 0])
    #expect(moves.map(\.waitReason) == [.breaker, .breaker])
    let (mine, other) = (try #require(moves[0].until), try #require(moves[1].until))
    #expect(other < mine, "another item is the next probe")
  }

  @Test("for a probe that died with its engine ends at last")
  func lostProbe() throws {
    let provider = Fixture.provider()
    var breaker = CircuitBreaker(options: provider.breaker)
    var random = SplitMix64(seed: 3)
    let start = Instant(milliseconds: 900_000)
    for _ in 0..<3 {
      guard case .permit(let permit) = breaker.admit(at: start, using: &random) else { return }
      breaker.record(permit, .failure, at: start, using: &random)
    }
    guard case .permit = breaker.admit(at: start.advanced(by: .seconds(99)), using: &random) else {
      Issue.record("no probe was given out")
      return
    }
    var run = MachineFixture.calls(
      providers: [provider], states: ["acme": ProviderState(breaker: breaker)])
    run.beginCalls([Fixture.item(1)])
    #expect(run.machine.callsInFlight == 0)
    for _ in 0..<100 where run.machine.callsInFlight == 0 {
      run.now = try #require(run.machine.wakeAt, "nobody would ever look again")
      run.send(.tick)
      if run.last.claimed != nil || run.machine.window.isEmpty {
        run.claim([Fixture.item(1)])
        run.prepare(1)
      }
    }
    #expect(run.machine.callsInFlight == 1)
  }

  @Test("does not keep a run from its end when nothing is left that could wait")
  func finishesDespiteBreaker() {
    var run = MachineFixture.calls(steps: [Fixture.call(attempts: 1)], callSlots: 1)
    run.beginCalls(Fixture.items(3))
    for attempt in Int64(1)...3 {
      run.confirm(attempt...attempt)
      run.end(attempt, .failed)
    }
    #expect(run.machine.blockedSteps == [0])
    run.answerClaims()
    #expect(run.last.departure == .finished)
  }
}
