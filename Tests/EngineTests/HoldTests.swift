// What a person holds back: nothing of it starts, the rest goes on, and the wait costs nobody a try.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A hold") struct HoldTests {
  private let acme = Hold.provider("acme")

  private func calls() -> MachineFixture {
    MachineFixture.calls(
      steps: [Fixture.call("write"), Fixture.call("review", provider: "bolt")],
      providers: [Fixture.provider("acme"), Fixture.provider("bolt")], callSlots: 1)
  }

  @Test("of a provider lets its call in flight end, and parks what waits for it without a try")
  func provider() throws {
    var run = calls()
    run.beginCalls([Fixture.item(1), Fixture.item(2, tries: 2)])
    run.confirm(1...1)
    run.request(.hold(acme))
    let parked = try #require(run.last.moves.first)
    #expect(run.last.holds == [HoldMoved(acme, isHeld: true, by: "ada")])
    #expect(run.last.moves.count == 1)
    #expect(parked.item == ItemID(2))
    #expect(parked.to == .waiting)
    #expect(parked.waitReason == .held)
    #expect(parked.until == nil)
    #expect(parked.tries == 2)
    #expect(run.last.kills.isEmpty)
    run.end(1)
    #expect(run.last.starts.isEmpty)
    #expect(run.machine.gateGauges.map(\.isHeld) == [true, false])
  }

  @Test("leaves its step out of every claim until it is taken back")
  func claims() {
    var run = calls()
    run.request(.hold(acme))
    #expect(run.last.blocked == [0])
    run.claim([], open: 5)
    run.claim([], open: 5)
    #expect(run.last.departure == nil, "five items wait for it")
    run.request(.release(acme))
    #expect(run.last.holds == [HoldMoved(acme, isHeld: false, by: "ada")])
    #expect(run.last.blocked == [])
  }

  @Test("of a step parks what is prepared for it, whatever its provider lets through")
  func step() {
    var run = calls()
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    run.request(.hold(.step("review")))
    run.end(1)
    #expect(run.last.moves.isEmpty)
    run.prepare(1, .of(provider: "bolt"))
    #expect(run.last.moves.map(\.waitReason) == [.held])
    #expect(run.last.moves.map(\.step) == [1])
    #expect(run.held.isEmpty)
  }

  @Test("takes back a call whose start is being written, and gives its reservation back")
  func admitting() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)])
    run.request(.hold(acme))
    run.confirm(1...1)
    #expect(run.last.ends.map(\.outcome) == [.neverStarted])
    #expect(run.last.moves.map(\.waitReason) == [.held])
    #expect(run.last.orders.isEmpty)
    #expect(run.held.isEmpty)
  }

  @Test("of a step takes back commands that have no process yet")
  func commands() {
    var run = MachineFixture(steps: [Fixture.step("only")], slots: 1)
    run.launch(Fixture.items(40))
    let ordered = run.orderedMax
    run.request(.hold(.step("only")))
    #expect(run.last.immediate.contains(.recallWaiting))
    #expect(run.last.moves.count == 40 - ordered)
    #expect(run.last.moves.allSatisfy { $0.waitReason == .held })
    // The executor gives back an order that had no slot.
    run.send(.ended(AttemptID(2), Fixture.neverStarted()))
    #expect(run.last.moves.map(\.waitReason) == [.held])
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.launches.isEmpty)
  }

  @Test("is kept by the next engine")
  func kept() {
    var run = MachineFixture.calls(holds: [acme])
    run.send(.started)
    #expect(run.last.claimed != nil, "whether anything is left is asked all the same")
    #expect(run.last.blocked == [0])
    run.claim([Fixture.item(1)])
    run.prepare(1)
    #expect(run.last.moves.map(\.waitReason) == [.held])
  }

  @Test("that stands already, or does not, changes nothing when it is asked for again")
  func twice() {
    var run = calls()
    run.request(.release(acme))
    #expect(run.last.changes.isEmpty)
    run.request(.hold(acme))
    run.request(.hold(acme))
    #expect(run.last.changes.isEmpty)
    #expect(run.last.request != nil, "it is recorded as applied")
  }

  @Test("lets a step be kept by its receipt: nothing starts for that")
  func receipt() {
    var run = MachineFixture(steps: [Fixture.step("only")])
    run.send(.started)
    run.claim([Fixture.item(1)])
    run.request(.hold(.step("only")))
    run.send(.prepared(ItemID(1), .keep(.unchanged, note: "")))
    #expect(run.last.moves.map(\.to) == [.skipped])
  }
}

@Suite("Another number of slots") struct ParallelTests {
  @Test("starts more at once, and is told to whoever starts processes")
  func more() {
    var run = MachineFixture.calls(callSlots: 1)
    run.beginCalls(Fixture.items(3))
    #expect(run.machine.callsInFlight == 1)
    run.request(.setParallel(Parallel(run: 5, llm: 3)))
    #expect(run.machine.callsInFlight == 3)
    #expect(run.last.immediate.contains(.resize(Parallel(run: 5, llm: 3))))
    #expect(run.last.parallels == [ParallelMoved(Parallel(run: 5, llm: 3), by: "ada")])
  }

  @Test("lets what runs end, and starts nothing until it is below the limit")
  func fewer() {
    var run = MachineFixture.calls(callSlots: 3)
    run.beginCalls(Fixture.items(5))
    run.confirm(1...3)
    run.request(.setParallel(Parallel(run: 1, llm: 1)))
    #expect(run.last.kills.isEmpty)
    run.end(1)
    #expect(run.last.starts.isEmpty)
    run.end(2)
    #expect(run.last.starts.isEmpty)
    run.end(3)
    #expect(run.last.starts == [ItemID(4)])
  }

  @Test("goes back to the definition's numbers, and is never below one")
  func definition() {
    var run = MachineFixture.calls(callSlots: 3)
    var none = Parallel()
    none.run = 0
    none.llm = -4
    run.request(.setParallel(none))
    #expect(run.machine.parallel == Parallel(run: 1, llm: 1))
    run.request(.setParallel(nil))
    #expect(run.machine.parallel == Parallel(run: 2, llm: 3))
    #expect(run.last.parallels == [ParallelMoved(nil, by: "ada")])
  }
}

@Suite("The gauges of a provider") struct GateGaugeTests {
  private func gauge(_ run: MachineFixture) throws -> GateGauge {
    try #require(run.machine.gateGauges.first)
  }

  @Test("tell how much of each limit is used, and what waits behind which of them")
  func limits() throws {
    var run = MachineFixture.calls(
      providers: [Fixture.provider(perMinute: 64, tokensPerMinute: 100, concurrent: 8)])
    run.beginCalls(Fixture.items(3), .of(tokens: 40))
    let limits = try gauge(run).limits
    #expect(limits.map(\.dimension) == ["requests", "input tokens", "concurrent"])
    #expect(limits.map(\.limitPerMinute) == [64, 100, nil])
    #expect(limits.map(\.used) == [2.0 / 64, 0.8, 0.25])
    #expect(limits.map(\.waiting) == [0, 1, 0])
    #expect(limits.map(\.until) == [nil, run.now.advanced(by: .seconds(12)), nil])
    run.pass(.seconds(12))
    #expect(try gauge(run).limits.map(\.waiting) == [0, 0, 0])
  }

  @Test("tell the error rate, the trips, when the probe is due, and what waits for it")
  func breaker() throws {
    var run = MachineFixture.calls(callSlots: 3)
    run.beginCalls(Fixture.items(5))
    #expect(try gauge(run).errorRate == nil)
    run.confirm(1...3)
    run.end(1)
    run.end(2, .failed)
    #expect(try gauge(run).errorRate == 0.5)
    #expect(try gauge(run).trips == 0)
    run.end(3, .failed)
    run.confirm(4...5)
    run.end(4, .failed)
    let open = try gauge(run)
    #expect(open.breaker == "open")
    #expect(open.errorRate == 0.75)
    #expect(open.trips == 1)
    #expect(open.probeAt == open.until)
    #expect(open.limits.isEmpty)
  }

  @Test("count what left the window for a long block, until the block is over")
  func parked() throws {
    var run = MachineFixture.calls(callSlots: 1)
    run.beginCalls(Fixture.items(3))
    run.confirm(1...1)
    run.end(1, .exhausted(until: run.now.advanced(by: .seconds(3600))), charged: false)
    #expect(run.machine.windowCount == 0)
    #expect(try gauge(run).waiting == 2)
    run.pass(.seconds(3601))
    #expect(try gauge(run).waiting == 0)
  }
}

extension Effects {
  fileprivate var holds: [HoldMoved] {
    changes.compactMap { if case .holdMoved(let moved) = $0 { moved } else { nil } }
  }
  fileprivate var parallels: [ParallelMoved] {
    changes.compactMap { if case .parallelMoved(let moved) = $0 { moved } else { nil } }
  }
}
