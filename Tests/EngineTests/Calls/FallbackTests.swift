// Time-outs along a chain of models.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A call that times out")
struct FallbackTests {
  private static let chain = ["large", "small"]

  @Test("is asked of the next model, with a reservation of its own, and costs no try")
  func nextModel() throws {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)], .of(models: Self.chain))
    run.confirm(1...1)
    run.end(1, .timedOut, costing: 10)
    let move = try #require(run.last.moves.first)
    #expect(move.to == .queued)
    #expect(move.model == 1)
    #expect(move.tries == 0)
    #expect(move.note.contains("large") && move.note.contains("small"))
    #expect(run.last.ends.first?.consumption?.cost == .cents(10))
    var again = Fixture.item(1)
    again.model = 1
    run.claim([again])
    run.prepare(1, .of(cents: 4, models: Self.chain, model: 1))
    #expect(run.last.reservations.map(\.?.model) == ["small"])
    #expect(run.last.reservations.map(\.?.worstCase) == [.cents(4)])
    guard case .attemptStarted(let start)? = run.last.changes.first else { return }
    #expect(start.why == "fallback")
  }

  @Test("at the end of its chain fails the item, with the whole history")
  func endOfChain() throws {
    var run = MachineFixture.calls()
    var item = Fixture.item(1)
    item.model = 1
    run.beginCalls([item], .of(models: Self.chain, model: 1))
    run.confirm(1...1)
    run.end(1, .timedOut)
    let move = try #require(run.last.moves.first)
    #expect(move.to == .failed)
    #expect(move.note.contains("large") && move.note.contains("small"))
  }

  @Test("without a chain is tried again like any other failure")
  func noChain() {
    var run = MachineFixture.calls()
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    run.end(1, .timedOut)
    #expect(run.last.moves.map(\.to) == [.waiting])
    #expect(run.last.moves.map(\.waitReason) == [.retry])
    #expect(run.last.moves.map(\.tries) == [1])
  }

  @Test("keeps its place in the chain through waits and other failures", arguments: [true, false])
  func keepsModel(isWait: Bool) {
    var run = MachineFixture.calls()
    var item = Fixture.item(1)
    item.model = 1
    run.beginCalls([item], .of(models: Self.chain, model: 1))
    run.confirm(1...1)
    run.end(1, isWait ? .rateLimited(until: nil) : .failed)
    #expect(run.last.moves.map(\.model) == [1])
  }

  @Test("leaves its chain behind when the item goes to its next step")
  func nextStep() {
    var run = MachineFixture.calls(steps: [Fixture.call("write"), Fixture.call("review")])
    var item = Fixture.item(1)
    item.model = 1
    run.beginCalls([item], .of(models: Self.chain, model: 1))
    run.confirm(1...1)
    run.end(1)
    #expect(run.machine.window[ItemID(1)]?.item.model == 0)
  }

  @Test("and its engine with it goes on at the same model, its reservation charged")
  func recovered() throws {
    let reservation = Demand.of(models: Self.chain, model: 1).reservation
    let changes = Recovery.changes(for: [
      Abandoned(
        attempt: AttemptID(7), item: ItemID(1), step: 0, tries: 2, evidence: .mayHaveRun,
        reservation: reservation, model: 1)
    ])
    guard case .attemptEnded(let end) = changes[0], case .itemMoved(let move) = changes[1] else {
      Issue.record("expected an end and a move, got \(changes)")
      return
    }
    #expect(end.outcome == .unknown)
    #expect(end.consumption == Consumption(worstCaseOf: reservation))
    #expect(move.model == 1)
    #expect(move.tries == 2)
  }

  @Test("was never sent: its reservation is not charged after a crash")
  func neverLaunched() {
    let changes = Recovery.changes(for: [
      Abandoned(
        attempt: AttemptID(7), item: ItemID(1), step: 0, tries: 0, evidence: .neverLaunched,
        reservation: Demand.of().reservation)
    ])
    guard case .attemptEnded(let end) = changes[0] else { return }
    #expect(end.consumption == nil)
  }
}
