// The hard cap: reserved before it is spent, latched when a bill lies above its bound.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("The cap")
struct CapTests {
  @Test("of one item fails that item alone, and says what is spent")
  func perItem() {
    var run = MachineFixture.calls(allowance: Fixture.capped(1000, perItem: 20))
    var dear = Fixture.item(1)
    dear.spent = .cents(11)
    run.beginCalls([dear, Fixture.item(2)])
    #expect(run.machine.callsInFlight == 1)
    #expect(run.machine.window[ItemID(1)] == nil)
    run.confirm(1...1)
    #expect(run.last.orders.map(\.item.id) == [ItemID(2)])
  }

  @Test("of one item counts what its earlier steps cost")
  func perItemOverSteps() {
    var run = MachineFixture.calls(
      steps: [Fixture.call("write"), Fixture.call("review")],
      allowance: Fixture.capped(1000, perItem: 15))
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    run.end(1, costing: 6)
    run.prepare(1)
    #expect(run.last.moves.map(\.to) == [.failed])
    #expect(run.last.moves.first?.note.contains("$0.0600 are spent") == true)
  }

  @Test("of one item is what a person's retry says it is")
  func perItemOverride() {
    var run = MachineFixture.calls(allowance: Fixture.capped(1000, perItem: 5))
    var item = Fixture.item(1)
    item.overrides.perItem = .cents(50)
    run.beginCalls([item])
    #expect(run.last.starts == [ItemID(1)])
  }

  @Test("that has room only after a settlement is waited for, and nothing fails")
  func waits() {
    var run = MachineFixture.calls(allowance: Fixture.capped(15))
    run.beginCalls(Fixture.items(2))
    #expect(run.machine.callsInFlight == 1)
    #expect(run.last.runMoves.isEmpty)
    run.confirm(1...1)
    run.end(1, costing: 5)
    #expect(run.last.starts == [ItemID(2)])
  }

  @Test("that is reached pauses the run and says what to do, once nothing is in flight")
  func pauses() {
    var run = MachineFixture.calls(allowance: Fixture.capped(15))
    run.beginCalls(Fixture.items(2))
    run.confirm(1...1)
    run.end(1, costing: 10)
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(run.last.runMoves.first?.why.contains("raise the cap, then resume") == true)
    #expect(run.last.moves.isEmpty, "no item fails by a cap")
  }

  @Test("that is reached ends an engine that nobody watches, resumably", arguments: [true, false])
  func leaves(byDefinition: Bool) {
    var run = MachineFixture.calls(
      allowance: Fixture.capped(15, onReached: byDefinition ? .stop : .pause),
      leavesAtCap: !byDefinition)
    run.beginCalls(Fixture.items(2))
    run.confirm(1...1)
    run.end(1, costing: 10)
    #expect(run.last.immediate.contains(.release([ItemID(2)])))
    #expect(run.last.departure == .capReached)
    #expect(run.last.runMoves.map(\.to) == [.stopped])
  }

  @Test("lets a smaller call that still fits go first")
  func smallerFirst() {
    var run = MachineFixture.calls(allowance: Fixture.capped(15, spent: 8))
    run.send(.started)
    run.claim(Fixture.items(2))
    run.send(.requested(pause()))
    run.prepare(1, .of(cents: 10))
    run.prepare(2, .of(cents: 5))
    run.request(.resume)
    #expect(run.last.starts == [ItemID(2)])
    #expect(run.last.runMoves.map(\.to) == [.running])
  }

  private func pause() -> Request {
    Request(
      id: "pause", run: RunID("run-test"), action: .pause, by: "ada",
      at: Instant(milliseconds: 0), notBefore: Instant(milliseconds: 0))
  }

  @Test("goes on after it was raised and the run resumed")
  func raised() {
    var run = MachineFixture.calls(allowance: Fixture.capped(15, spent: 10))
    run.beginCalls(Fixture.items(1))
    #expect(run.last.runMoves.map(\.to) == [.paused])
    run.request(.setCap(.cents(30)))
    #expect(run.last.budgetMoves.map(\.state) == [BudgetState(cap: .cents(30))])
    #expect(run.last.starts.isEmpty)
    run.request(.resume)
    #expect(run.last.starts == [ItemID(1)])
  }

  @Test("pauses again when the run is resumed without more room: it never stands still silently")
  func resumedUnraised() {
    var run = MachineFixture.calls(allowance: Fixture.capped(15, spent: 10))
    run.beginCalls(Fixture.items(1))
    run.request(.resume)
    #expect(run.last.runMoves.map(\.to) == [.running, .paused])
  }

  @Test("is latched by a bill above its bound: paused, said so, and kept through a restart")
  func latched() throws {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls(Fixture.items(2), .of(cents: 10))
    run.confirm(1...2)
    run.end(1, costing: 12)
    let moved = try #require(run.last.budgetMoves.first)
    #expect(moved.state.isLatched)
    #expect(moved.why.contains("exceeded its bound of $0.1000 by $0.0200"))
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(run.machine.budgetGauge?.isLatched == true)
    run.end(2)
    #expect(run.held.isEmpty)

    var next = MachineFixture.calls(allowance: Fixture.capped(100, state: moved.state))
    next.beginCalls([Fixture.item(3)])
    #expect(next.machine.callsInFlight == 0)
    #expect(next.last.runMoves.map(\.to) == [.paused])
    next.request(.setCap(.cents(100)))
    next.request(.resume)
    #expect(next.last.starts == [ItemID(3)])
  }

  @Test("counts no subscription: what is paid by a fixed sum is neither reserved nor stopped")
  func subscription() {
    var run = MachineFixture.calls(allowance: Fixture.capped(5))
    run.beginCalls(Fixture.items(3), .of(cents: 10, billing: .subscription))
    #expect(run.machine.callsInFlight == 3)
    #expect(run.machine.budgetGauge?.reserved == .zero)
  }

  @Test("of a day begins anew at midnight, for a run that had reached it")
  func midnight() {
    var run = MachineFixture.calls(allowance: Fixture.capped(nil, perDay: 15, spent: 10))
    run.beginCalls(Fixture.items(1))
    #expect(run.last.runMoves.map(\.to) == [.paused])
    run.now = run.now.advanced(by: .seconds(86_400))
    run.request(.resume)
    #expect(run.last.starts == [ItemID(1)])
  }

  @Test("of a day holds for calls that were in flight at midnight: they count for the new day")
  func acrossMidnight() {
    var run = MachineFixture.calls(allowance: Fixture.capped(nil, perDay: 15))
    run.beginCalls(Fixture.items(1))
    run.confirm(1...1)
    run.now = run.now.advanced(by: .seconds(86_400))
    run.claim([Fixture.item(2)])
    run.prepare(2)
    #expect(run.last.starts.isEmpty)
  }
}
