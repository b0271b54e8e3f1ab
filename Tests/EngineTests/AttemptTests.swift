// From claim to receipt: the order in which things become durable and are done.

import BatchModel
import Engine
import Resilience
import Testing

@Suite("An attempt")
struct AttemptTests {
  @Test("is launched only after its start is committed")
  func launchedAfterCommit() {
    var run = MachineFixture()
    run.begin(Fixture.items(1))
    #expect(run.last.launches.isEmpty)
    #expect(run.last.changes.map(\.kind) == [.attemptStarted])
    #expect(run.last.afterCommit == [.confirm([AttemptID(1)])])
    run.send(.admitted([AttemptID(1)]))
    #expect(run.last.launches == [AttemptID(1)])
  }

  @Test("is ordered a few ahead of the slots, so that none stands idle")
  func slots() {
    var run = MachineFixture(slots: 2)
    let last = run.orderedMax + 1
    run.launch(Fixture.items(last))
    #expect(run.last.launches == (1..<last).map { AttemptID(Int64($0)) })
    #expect(run.machine.slotsUsed == 2)
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.launches == [AttemptID(Int64(last))])
  }

  @Test("of an item that has begun starts before those of new ones")
  func begunFirst() {
    var run = MachineFixture(steps: [Fixture.step("first"), Fixture.step("second")], slots: 1)
    run.launch(Fixture.items(40))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "new")))
    #expect(run.last.starts == [ItemID(1)])
  }

  @Test("that failed is claimed when its pause is over, though the window is more than half full")
  func dueWhileBusy() {
    var run = MachineFixture()
    run.launch(Fixture.items(200), open: 1)
    run.send(.ended(AttemptID(1), Fixture.failed(.exit, status: 1)))
    let due = run.last.moves.first?.until ?? run.now
    #expect(run.last.immediate.contains(.wake(due)))
    run.now = due.advanced(by: .milliseconds(-1))
    run.send(.tick)
    #expect(run.last.claimed == nil)
    run.now = due
    run.send(.tick)
    #expect(run.last.claimed == 57)
  }

  @Test("of a step without output and checks is recorded and done in one transaction")
  func oneTransaction() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    guard case .stepDone(let done)? = run.last.changes.first else {
      Issue.record("expected a receipt, got \(run.last.changes)")
      return
    }
    #expect(done.result?.attempt == AttemptID(1))
    #expect(done.nextStep == nil)
  }

  @Test("with an output goes result, check, intent, publication, receipt, in that order")
  func fullOrder() {
    var run = MachineFixture(steps: [Fixture.step(output: "out/a.md")])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded(Fixture.object)))
    #expect(run.last.changes.map(\.kind) == [.resultRecorded])
    let order = CheckOrder(
      attempt: AttemptID(1), item: Fixture.item(1), candidate: Fixture.object)
    #expect(run.last.afterCommit == [.check(order)])
    run.send(.checked(AttemptID(1), CheckReport(intents: [Fixture.intent])))
    #expect(run.last.changes.map(\.kind) == [.publishing])
    #expect(
      run.last.afterCommit
        == [.publish(AttemptID(1), ItemID(1), [Fixture.intent], overwrite: false)])
    let artifact = Artifact(path: "out/a.md", object: Fixture.object)
    run.send(.published(AttemptID(1), .published([artifact])))
    #expect(run.last.changes.map(\.kind) == [.stepDone])
  }

  @Test("whose input changed while it ran gets no receipt and runs again")
  func inputChanged() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    var report = Fixture.succeeded()
    report.changedInputs = ["Sources/A.swift"]
    run.send(.ended(AttemptID(1), report))
    #expect(run.last.changes.map(\.kind) == [.attemptEnded, .itemMoved])
    #expect(run.last.moves.first?.to == .waiting)
    #expect(run.last.moves.first?.note == "input-changed: changed while it ran: Sources/A.swift")
  }

  @Test("that failed is tried again after a jittered pause, at most as often as the policy says")
  func retries() {
    var run = MachineFixture(steps: [Fixture.step(attempts: 2)])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.failed(.exit, status: 3, "no such row 41")))
    let wait = run.last.moves.first
    #expect(wait?.to == .waiting)
    #expect(wait?.tries == 1)
    #expect((wait?.until ?? run.now) >= run.now.advanced(by: .seconds(1)))

    run.send(.claimed(ClaimAnswer(items: [Fixture.item(1, tries: 1)], open: 0)))
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "new")))
    run.send(.admitted([AttemptID(2)]))
    run.send(.ended(AttemptID(2), Fixture.failed(.exit, status: 3, "no such row 42")))
    #expect(run.last.moves.first?.to == .failed)
    #expect(run.last.moves.first?.signature?.text == "exit 3: no such row <n>")
    run.claimNothing()
    #expect(run.last.runMoves.map(\.to) == [.finished])
  }

  @Test("that cannot succeed at a second try fails at once")
  func notRetryable() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.failed(.notStarted, "no such command: lnit")))
    #expect(run.last.moves.map(\.to) == [.failed])
  }

  @Test("rejected by a strict check publishes nothing and is tried again")
  func strictCheck() {
    var run = MachineFixture(steps: [Fixture.step(output: "out/a.md")])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded(Fixture.object)))
    run.send(
      .checked(
        AttemptID(1), CheckReport(failures: ["lint: 14:81 too long"], intents: [Fixture.intent])))
    #expect(run.last.changes.map(\.kind) == [.resultRejected, .itemMoved])
    #expect(run.last.moves.first?.to == .waiting)
  }

  @Test("that fails a check under warn is published with the warning on its receipt")
  func warningCheck() {
    var run = MachineFixture(steps: [Fixture.step(output: "out/a.md", enforcement: .warn)])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded(Fixture.object)))
    run.send(
      .checked(AttemptID(1), CheckReport(failures: ["lint: too long"], intents: [Fixture.intent])))
    run.send(.published(AttemptID(1), .published([])))
    guard case .stepDone(let done)? = run.last.changes.first else {
      Issue.record("expected a receipt")
      return
    }
    #expect(done.warnings == ["lint: too long"])
  }

  @Test("of a first step leads to the next step of the same item")
  func nextStep() {
    var run = MachineFixture(steps: [Fixture.step("write"), Fixture.step("review")])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    var second = Fixture.item(1)
    second.step = 1
    #expect(run.last.afterCommit == [.prepare(second)])
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "new")))
    run.send(.admitted([AttemptID(2)]))
    run.claimNothing()
    run.send(.ended(AttemptID(2), Fixture.succeeded()))
    run.claimNothing()
    #expect(run.last.runMoves.map(\.to) == [.finished])
  }

  @Test("is not made when a receipt covers every step: the item is skipped with the reason")
  func kept() {
    var run = MachineFixture(steps: [Fixture.step("write"), Fixture.step("review")])
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [Fixture.item(1)], open: 0)))
    run.send(.prepared(ItemID(1), .keep(.unchanged, note: "")))
    #expect(run.last.changes.isEmpty)
    run.send(.prepared(ItemID(1), .keep(.unchanged, note: "")))
    #expect(run.last.moves.first?.to == .skipped)
    #expect(run.last.moves.first?.skipReason == .unchanged)
  }

  @Test("that a crash cut short after its result goes on at its checks, and is not run again")
  func resumedAtChecks() {
    let unfinished = UnfinishedResult(
      attempt: AttemptID(9), key: Fixture.key, candidate: Fixture.object, intents: [])
    let item = Fixture.item(1, unfinished: unfinished)
    var run = MachineFixture(steps: [Fixture.step(output: "out/a.md")])
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [item], open: 0)))
    #expect(
      run.last.immediate == [
        .check(CheckOrder(attempt: AttemptID(9), item: item, candidate: Fixture.object))
      ])
  }

  @Test("that a crash cut short after its intent is published again")
  func resumedAtPublication() {
    let unfinished = UnfinishedResult(
      attempt: AttemptID(9), key: Fixture.key, candidate: Fixture.object,
      intents: [Fixture.intent])
    var run = MachineFixture(steps: [Fixture.step(output: "out/a.md")])
    run.send(.started)
    run.send(
      .claimed(ClaimAnswer(items: [Fixture.item(1, unfinished: unfinished)], open: 0)))
    #expect(
      run.last.immediate
        == [.publish(AttemptID(9), ItemID(1), [Fixture.intent], overwrite: false)])
  }
}
