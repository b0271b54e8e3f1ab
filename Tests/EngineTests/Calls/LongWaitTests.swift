// When an engine leaves because everything that is left waits for too long.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A long wait")
struct LongWaitTests {
  /// The provider's quota is used up for two hours.
  private func exhausted(longWait: Duration?, open: Int = 0) -> (MachineFixture, until: Instant) {
    var run = MachineFixture.calls(longWait: longWait)
    run.beginCalls([Fixture.item(1)], open: open)
    run.confirm(1...1)
    let until = run.now.advanced(by: .seconds(7200))
    run.end(1, .exhausted(until: until), charged: false)
    run.answerClaims(open: 1, nextDue: until)
    return (run, until)
  }

  @Test("ends an engine that is not to stay for it, resumably, with the time and the reason")
  func leaves() {
    let (run, until) = exhausted(longWait: .seconds(600))
    #expect(run.last.departure == .longWait(until: until))
    #expect(run.last.runMoves.map(\.to) == [.stopped])
    #expect(run.last.runMoves.first?.why.contains("quota") == true)
  }

  @Test("is slept through by an engine that is to stay, which wakes when it is over")
  func stays() {
    let (run, until) = exhausted(longWait: nil)
    #expect(run.last.departure == nil)
    #expect(run.machine.wakeAt == until)
  }

  @Test("is slept through when it is shorter than what counts as long")
  func short() {
    let (run, _) = exhausted(longWait: .seconds(10_000))
    #expect(run.last.departure == nil)
  }

  @Test("of a 429 on a provider with limits ends the engine too")
  func rateLimited() {
    var run = MachineFixture.calls(
      providers: [Fixture.provider(perMinute: 60)], longWait: .seconds(600))
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    let until = run.now.advanced(by: .seconds(7200))
    run.end(1, .rateLimited(until: until), charged: false)
    let due = run.last.moves.first?.until ?? until
    run.answerClaims(open: 1, nextDue: due)
    #expect(run.last.departure == .longWait(until: due))
  }

  @Test("does not end an engine while something else runs, and does as soon as that is over")
  func busy() {
    var run = MachineFixture.calls(
      steps: [Fixture.step("build"), Fixture.call("write")], longWait: .seconds(600))
    run.send(.started)
    var waiting = Fixture.item(1)
    waiting.step = 1
    run.claim([waiting, Fixture.item(2)])
    run.prepare(1)
    run.send(.prepared(ItemID(2), .run(Fixture.key, why: "new")))
    run.confirm(1...2)
    let until = run.now.advanced(by: .seconds(7200))
    run.end(1, .exhausted(until: until), charged: false)
    run.answerClaims(open: 1, nextDue: until)
    #expect(run.last.departure == nil)
    run.send(.ended(AttemptID(2), Fixture.succeeded()))
    // Its next step stands before the held provider: it is parked, and nothing is left to do.
    run.prepare(2)
    #expect(run.last.moves.map(\.until) == [until])
    run.answerClaims(open: 2, nextDue: until)
    #expect(run.last.departure == .longWait(until: until))
  }
}
