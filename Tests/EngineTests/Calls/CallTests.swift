// Calls from admission to settlement: all permits at once, and nothing of them leaks.

import BatchModel
import Resilience
import Testing

@testable import Engine

@Suite("A call")
struct CallTests {
  @Test("starts with its reservation in the same change, and is sent after that is committed")
  func reservedFirst() {
    var run = MachineFixture.calls()
    run.beginCalls([Fixture.item(1)])
    #expect(run.last.launches.isEmpty)
    #expect(run.last.reservations == [Demand.of().reservation])
    #expect(run.last.afterCommit == [.confirm([AttemptID(1)])])
    run.confirm(1...1)
    #expect(run.last.orders.map(\.reservation) == [Demand.of().reservation])
  }

  @Test("settles its reservation with the bill, in the change that ends it")
  func settled() throws {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)])
    #expect(run.machine.budgetGauge?.reserved == .cents(10))
    run.confirm(1...1)
    run.end(1, costing: 3)
    guard case .stepDone(let done)? = run.last.changes.first else {
      Issue.record("expected a receipt, got \(run.last.changes)")
      return
    }
    #expect(done.result?.consumption?.cost == .cents(3))
    #expect(run.machine.budgetGauge?.spent == .cents(3))
    #expect(run.held.isEmpty)
  }

  @Test("holds nothing while it waits for another's end, whichever permit is missing")
  func holdsNothing() {
    var slots = MachineFixture.calls(callSlots: 1)
    var concurrent = MachineFixture.calls(providers: [Fixture.provider(concurrent: 1)])
    var limits = MachineFixture.calls(providers: [Fixture.provider(tokensPerMinute: 100)])
    var money = MachineFixture.calls(allowance: Fixture.capped(15))
    func check(_ run: inout MachineFixture, _ missing: String) {
      run.beginCalls(Fixture.items(2), .of(tokens: 60))
      #expect(run.machine.callsInFlight == 1, "\(missing)")
      #expect(run.machine.gateGauges.map(\.inFlight) == [1], "\(missing)")
      #expect((run.machine.budgetGauge?.reserved ?? .cents(10)) == .cents(10), "\(missing)")
      #expect(run.machine.gateGauges.map(\.waiting) == [1], "\(missing)")
    }
    check(&slots, "a slot")
    check(&concurrent, "the provider's concurrency")
    check(&limits, "the rate limit")
    check(&money, "the budget")
    for var run in [slots, concurrent, money] {
      run.confirm(1...1)
      run.end(1)
      #expect(run.last.starts == [ItemID(2)])
    }
  }

  @Test("that an open breaker holds back takes nothing of the rate limit")
  func breakerLast() {
    let provider = Fixture.provider(perMinute: 4)
    var breaker = CircuitBreaker(options: provider.breaker)
    breaker.isolate()
    var run = MachineFixture.calls(
      providers: [provider], states: ["acme": ProviderState(breaker: breaker)],
      allowance: Fixture.capped(100))
    run.beginCalls(Fixture.items(4))
    #expect(run.held.isEmpty)
    run.request(.breaker(provider: "acme", .close))
    #expect(run.last.starts == (1...4).map { ItemID($0) })
  }

  @Test("of an item that has begun starts before those of new ones")
  func begunFirst() {
    var run = MachineFixture.calls(
      steps: [Fixture.call("write"), Fixture.call("review")], callSlots: 1)
    run.beginCalls(Fixture.items(3))
    run.confirm(1...1)
    run.end(1)
    run.prepare(1)
    run.confirm(2...2)
    run.end(2)
    #expect(run.last.starts == [ItemID(1)])
  }

  @Test("of a provider that nobody defined fails its item")
  func unknownProvider() {
    var run = MachineFixture.calls()
    run.beginCalls([Fixture.item(1)], .of(provider: "nobody"))
    #expect(run.last.moves.map(\.to) == [.failed])
    #expect(run.last.moves.first?.note.contains("no provider nobody") == true)
  }

  @Test("that no limit will ever have room for fails its item, and says which limit")
  func tooLarge() {
    var run = MachineFixture.calls(providers: [Fixture.provider(tokensPerMinute: 100)])
    run.beginCalls([Fixture.item(1)], .of(tokens: 101))
    #expect(run.last.moves.map(\.to) == [.failed])
    #expect(run.last.moves.first?.note.contains("input tokens a minute") == true)
    #expect(run.held.isEmpty)
  }

  @Test("that was killed is charged, gives its permits back, and costs no try")
  func killed() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    var report = Fixture.ended(.neutral, cents: 10)
    report.end = .killed
    run.send(.ended(AttemptID(1), report))
    #expect(run.last.ends.map(\.outcome) == [.interrupted])
    #expect(run.last.ends.first?.consumption?.cost == .cents(10))
    #expect(run.last.moves.map(\.tries) == [0])
    #expect(run.machine.budgetGauge?.spent == .cents(10))
    #expect(run.held.isEmpty)
  }

  @Test("that was never started is not charged, and gives its permits back")
  func neverStarted() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)])
    run.confirm(1...1)
    run.send(.ended(AttemptID(1), Fixture.neverStarted()))
    #expect(run.last.ends.map(\.consumption) == [nil])
    #expect(run.machine.budgetGauge?.spent == .zero)
    #expect(run.held.isEmpty)
  }

  @Test("admitted when a pause comes is taken back, uncharged; one under way goes on")
  func paused() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls(Fixture.items(2))
    run.confirm(1...1)
    run.request(.pause)
    run.confirm(2...2)
    #expect(run.last.launches.isEmpty)
    #expect(run.last.ends.map(\.outcome) == [.neverStarted])
    #expect(run.machine.callsInFlight == 1)
    run.end(1)
    #expect(run.last.changes.map(\.kind) == [.stepDone])
    #expect(run.held.isEmpty)
  }

  @Test("that waits when the run drains is given back, and the engine leaves after the others")
  func drained() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100), callSlots: 2)
    run.beginCalls(Fixture.items(3))
    run.confirm(1...1)
    run.request(.stop(now: false))
    #expect(run.last.immediate.contains(.release([ItemID(3)])))
    run.confirm(2...2)
    run.send(.released)
    #expect(run.last.departure == nil)
    run.end(1)
    #expect(run.last.departure == .stopped)
    #expect(run.held.isEmpty)
  }

  @Test("of an item that a person cancels between admission and commit is not sent")
  func cancelled() {
    var run = MachineFixture.calls(allowance: Fixture.capped(100))
    run.beginCalls([Fixture.item(1)])
    run.send(.moved(.cancel(reason: "not needed"), changed: 1, held: [ItemID(1)]))
    run.confirm(1...1)
    #expect(run.last.launches.isEmpty)
    #expect(run.last.moves.map(\.to) == [.cancelled])
    #expect(run.held.isEmpty)
  }

  @Test("with a cold prompt goes alone first, and the others follow when the cache is warm")
  func warmsUp() {
    var run = MachineFixture.calls()
    run.beginCalls(Fixture.items(3), .of(warmth: "system"))
    #expect(run.machine.callsInFlight == 1)
    run.confirm(1...1)
    run.end(1)
    #expect(run.last.starts == [ItemID(2), ItemID(3)])
  }

  @Test("that failed to warm the cache lets the next one try, alone again")
  func warmsUpAgain() {
    var run = MachineFixture.calls()
    run.beginCalls(Fixture.items(3), .of(warmth: "system"))
    run.confirm(1...1)
    run.end(1, .failed)
    #expect(run.last.starts == [ItemID(2)])
  }
}
