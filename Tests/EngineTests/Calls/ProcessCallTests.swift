// Processes that call a provider by themselves: slot and permit at once, bounds, and quotas.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A process that spends")
struct ProcessCallTests {
  private static func agentStep(_ id: String = "migrate") -> Step {
    var step = Fixture.step(id)
    step.provider = "acme"
    return step
  }

  private static func demand(
    cents: Int64 = 10, billing: Provider.Billing = .metered, isBounded: Bool = true
  ) -> Demand {
    var demand = Demand.of(cents: cents, billing: billing)
    demand.place = .process
    demand.isBounded = isBounded
    return demand
  }

  @Test("takes a slot and a permit at once, and is never ordered ahead of a slot")
  func slots() {
    var run = MachineFixture.calls(steps: [Self.agentStep()], callSlots: 1, slots: 2)
    run.beginCalls(Fixture.items(5), Self.demand())
    #expect(run.machine.processCalls == 2)
    run.confirm(1...2)
    #expect(run.last.orders.map(\.reservation?.worstCase) == [.cents(10), .cents(10)])
    #expect(run.machine.slotsUsed == 2)
    run.end(1)
    #expect(run.last.starts.count == 1)
    #expect(run.machine.processCalls == 2)
  }

  @Test("takes turns with commands that need no permit, where both wait for one slot")
  func turns() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep(), Fixture.step("check")], slots: 1)
    run.send(.started)
    var items = Fixture.items(6)
    for index in 3..<6 { items[index].step = 1 }
    run.claim(items)
    for item in items where item.step == 1 {
      run.send(.prepared(item.id, .run(Fixture.key, why: "new")))
    }
    for item in items where item.step == 0 { run.prepare(item.id.number, Self.demand()) }
    var order: [Bool] = []
    for _ in 1...6 {
      run.send(.admitted((1...6).map { AttemptID($0) }))
      let running = run.machine.window.values.filter {
        if case .ordered = $0.phase { true } else { false }
      }.sorted { $0.item.id < $1.item.id }
      #expect(run.machine.processCalls <= 1)
      guard let entry = running.first, let attempt = entry.attempt else { continue }
      order.append(entry.permit != nil)
      let ended =
        entry.permit != nil ? Fixture.ended(.answered, cents: 1) : Fixture.succeeded()
      run.send(.ended(attempt, ended))
    }
    #expect(order == [true, false, true, false, true, false])
  }

  @Test("runs to its end beside commands, however the slots change hands", arguments: 1...40)
  func noStandstill(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var run = MachineFixture.calls(
      steps: [Self.agentStep(), Fixture.step("check")],
      slots: Int.random(in: 1...3, using: &random))
    run.send(.started)
    run.claim(Fixture.items(12))
    var waiting = Fixture.items(12).map(\.id)
    var done = 0
    for _ in 0..<2000 where done < 12 {
      if !waiting.isEmpty, Bool.random(using: &random) {
        let id = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
        guard run.machine.window[id]?.item.step == 0 else {
          run.send(.prepared(id, .run(Fixture.key, why: "new")))
          continue
        }
        run.prepare(id.number, Self.demand())
        continue
      }
      let entries = run.machine.window.values.sorted { $0.item.id < $1.item.id }
      guard let entry = entries.randomElement(using: &random), let attempt = entry.attempt else {
        continue
      }
      switch entry.phase {
      case .admitting: run.send(.admitted([attempt]))
      case .ordered:
        run.send(
          .ended(
            attempt,
            entry.permit == nil ? Fixture.succeeded() : Fixture.ended(.answered, cents: 1)))
        if entry.item.step == 0 { waiting.append(entry.item.id) } else { done += 1 }
      default: break
      }
      #expect(run.machine.processCalls <= run.machine.configuration.slots)
    }
    #expect(done == 12)
    #expect(run.held == [])
  }

  @Test("never starts above the cap, whatever its bound is")
  func cap() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(25), slots: 4)
    run.beginCalls(Fixture.items(4), Self.demand())
    #expect(run.machine.processCalls == 2)
    run.confirm(1...2)
    run.end(1, costing: 10)
    run.end(2, costing: 10)
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(run.last.runMoves.first?.why.contains("the cap of $0.2500 is reached") == true)
  }

  @Test("without a bound does not start under a cap, and says what to write")
  func unbounded() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(1000), slots: 4)
    run.beginCalls(Fixture.items(1), Self.demand(cents: 0, isBounded: false))
    #expect(run.machine.processCalls == 0)
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(run.last.runMoves.first?.why.contains("write its max_cost") == true)
  }

  @Test("without a bound and without a cap starts, and its bill latches nothing")
  func unboundedWithoutCap() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(nil), slots: 4)
    run.beginCalls(Fixture.items(2), Self.demand(cents: 0, isBounded: false))
    run.confirm(1...2)
    run.end(1, costing: 70)
    #expect(run.last.runMoves.isEmpty)
    #expect(!run.machine.purse.state.isLatched)
    run.request(.setCap(.cents(60)))
    run.end(2, costing: 1)
    #expect(run.machine.budgetGauge?.spent == .cents(71))
  }

  @Test("whose bill lies above its bound latches the run, which says so")
  func latch() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(1000), slots: 1)
    run.beginCalls(Fixture.items(2), Self.demand())
    run.confirm(1...1)
    run.end(1, costing: 12)
    #expect(run.last.budgetMoves.first?.why.contains("exceeded its bound of $0.1000") == true)
    #expect(run.last.starts.isEmpty)
  }

  @Test("that had no permit and tells a cost counts it, and latches a run with a cap")
  func unreserved() {
    for cap in [nil, 1000] as [Int64?] {
      var run = MachineFixture.calls(
        steps: [Fixture.step()], providers: [], allowance: Fixture.capped(cap))
      run.launch(Fixture.items(1))
      run.end(1, .neutral, costing: 7)
      #expect(run.machine.purse.state.isLatched == (cap != nil))
      #expect(run.last.budgetMoves.isEmpty == (cap == nil))
      if cap != nil { #expect(run.machine.budgetGauge?.spent == .cents(7)) }
    }
  }

  @Test("of a subscription is not held by the cap, and its cost stays outside it")
  func subscription() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(1), slots: 2)
    run.beginCalls(
      Fixture.items(1), Self.demand(cents: 500, billing: .subscription, isBounded: false))
    #expect(run.machine.processCalls == 1)
    #expect(run.machine.budgetGauge?.reserved == .zero)
  }

  @Test("that met an exhausted quota waits until it is over, counts no try, and holds the others")
  func quota() {
    var run = MachineFixture.calls(steps: [Self.agentStep()], slots: 1)
    run.beginCalls(Fixture.items(2), Self.demand())
    run.confirm(1...1)
    let until = run.now.advanced(by: .seconds(7200))
    run.end(1, .exhausted(until: until), charged: false)
    #expect(run.last.ends.map(\.outcome) == [.deferred])
    #expect(run.last.moves.map(\.to) == [.waiting, .waiting])
    #expect(run.last.moves.map(\.tries) == [0, 0])
    #expect(run.last.moves.map(\.until) == [until, until])
    #expect(run.last.news == ["held"])
    #expect(run.held == [])
  }

  @Test("is taken back when the run pauses before its slot has started it")
  func recalled() {
    var run = MachineFixture.calls(
      steps: [Self.agentStep()], allowance: Fixture.capped(1000), slots: 1)
    run.beginCalls(Fixture.items(1), Self.demand())
    run.confirm(1...1)
    run.request(.pause)
    #expect(run.last.immediate.contains(.recallWaiting))
    run.send(.ended(AttemptID(1), Fixture.neverStarted()))
    #expect(run.last.ends.map(\.outcome) == [.neverStarted])
    #expect(run.held == [])
  }
}
