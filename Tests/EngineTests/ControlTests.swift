// The levers: pause, resume, stop, skip, cancel, canary, and the end of a run.

import BatchModel
import Engine
import Resilience
import Testing

@Suite("The machine's levers")
struct ControlTests {
  @Test("a pause starts nothing more, lets what runs end, and a resume goes on")
  func pauseAndResume() {
    var run = MachineFixture(slots: 1)
    run.launch(Fixture.items(run.orderedMax + 2))
    run.request(.pause)
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(run.last.moves.map(\.to) == [.queued, .queued])
    #expect(run.last.immediate == [.recallWaiting])
    #expect(run.last.request?.id == "request-1")
    for waiting in 2...run.orderedMax {
      run.send(.ended(AttemptID(Int64(waiting)), Fixture.neverStarted()))
    }
    #expect(run.last.changes.map(\.kind) == [.attemptEnded, .itemMoved])
    #expect(run.last.moves.map(\.to) == [.queued])
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.launches.isEmpty)
    #expect(run.last.runMoves.isEmpty)
    run.request(.resume)
    #expect(run.last.runMoves.map(\.to) == [.running])
    #expect(run.last.immediate.contains(.claim(limit: 256, scope: .all)))
  }

  @Test("an attempt whose start was committed when the pause came ends as never started")
  func pauseWhileAdmitting() {
    var run = MachineFixture()
    run.begin(Fixture.items(1))
    run.request(.pause)
    run.send(.admitted([AttemptID(1)]))
    #expect(run.last.launches.isEmpty)
    #expect(run.last.changes.map(\.kind) == [.attemptEnded, .itemMoved])
    #expect(run.last.moves.first?.to == .queued)
  }

  @Test("an interruption drains: what runs ends, then the run is stopped")
  func drain() {
    var run = MachineFixture(slots: 1)
    run.launch(Fixture.items(2))
    run.send(.interrupted(signal: 2))
    #expect(run.last.kills.isEmpty)
    #expect(run.last.immediate.contains(.recallWaiting))
    run.send(.ended(AttemptID(2), Fixture.neverStarted()))
    #expect(run.last.runMoves.isEmpty)
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.runMoves.map(\.to) == [.stopped])
    #expect(run.last.afterCommit.last == .leave(.interrupted))
  }

  @Test("a second interruption kills what runs, and its items are queued again without a lost try")
  func killAtSecondSignal() {
    var run = MachineFixture(slots: 1)
    run.launch(Fixture.items(1))
    run.send(.interrupted(signal: 2))
    run.send(.interrupted(signal: 2))
    #expect(run.last.kills == [AttemptID(1)])
    run.send(.ended(AttemptID(1), AttemptReport(end: .killed, usage: Fixture.usage)))
    #expect(run.last.moves.map(\.to) == [.queued])
    #expect(run.last.moves.map(\.tries) == [0])
    #expect(run.last.afterCommit.last == .leave(.interrupted))
  }

  @Test("cancelling a running item kills it and then cancels it")
  func cancelRunning() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    run.send(.moved(.cancel(reason: "not wanted"), changed: 0, held: [ItemID(1)]))
    #expect(run.last.kills == [AttemptID(1)])
    run.send(.ended(AttemptID(1), AttemptReport(end: .killed, usage: Fixture.usage)))
    #expect(run.last.moves.map(\.to) == [.cancelled])
  }

  @Test("an item that finished before its cancellation reached it stays done")
  func cancelTooLate() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    run.send(.moved(.cancel(reason: "not wanted"), changed: 0, held: [ItemID(1)]))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.changes.first?.kind == .stepDone)
    #expect(run.last.moves.isEmpty)
  }

  @Test("skipping an item whose order is not out takes its start back")
  func skipAdmitted() {
    var run = MachineFixture(slots: 1)
    let last = run.orderedMax + 1
    run.launch(Fixture.items(last))
    run.send(
      .moved(.skip(reason: "known bad"), changed: 0, held: [ItemID(Int64(last))]))
    #expect(run.last.moves.map(\.to) == [.skipped])
    #expect(run.last.moves.map(\.skipReason) == [.byHand])
  }

  @Test("skipping an item whose order waits for a slot takes the order back")
  func skipOrdered() {
    var run = MachineFixture(slots: 1)
    run.launch(Fixture.items(2))
    run.send(.moved(.skip(reason: "known bad"), changed: 0, held: [ItemID(2)]))
    #expect(run.last.kills == [AttemptID(2)])
    run.send(.ended(AttemptID(2), Fixture.neverStarted()))
    #expect(run.last.changes.map(\.kind) == [.attemptEnded, .itemMoved])
    #expect(run.last.moves.map(\.to) == [.skipped])
    #expect(run.last.moves.map(\.skipReason) == [.byHand])
  }

  @Test("the run does not end while items that were given back may not be found yet")
  func waitsForReleases() {
    var run = MachineFixture()
    run.send(.started)
    run.request(.pause)
    run.send(.claimed(ClaimAnswer(items: Fixture.items(1), open: 0)))
    #expect(run.last.immediate == [.release([ItemID(1)])])
    run.request(.resume)
    // This claim overtook the release.
    run.send(.claimed(ClaimAnswer(items: [], open: 1)))
    #expect(run.last.afterCommit.isEmpty)
    run.send(.released)
    #expect(run.last.immediate == [.claim(limit: 256, scope: .all)])
  }

  @Test("too many failures among the canary items pause the run with the reason")
  func canaryFails() {
    let canary = Canary(items: 2, maxFailedShare: 0.2)
    var run = MachineFixture(steps: [Fixture.step(attempts: 1)], scope: .canary, canary: canary)
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.failed(.exit, status: 1)))
    run.send(.claimed(ClaimAnswer(items: [], open: 0)))
    #expect(run.last.immediate.contains(.judgeCanary))
    run.send(.canaryCounted(ItemCounts(done: 1, failed: 1)))
    #expect(run.last.runMoves.map(\.to) == [.paused])
    #expect(
      run.last.runMoves.map(\.why) == ["the canary failed: 1 of 2 canary items failed"])
  }

  @Test("a passed canary goes on with all items")
  func canaryPasses() {
    var run = MachineFixture(scope: .canary, canary: Canary(items: 1))
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    run.send(.claimed(ClaimAnswer(items: [], open: 0)))
    run.send(.canaryCounted(ItemCounts(done: 1)))
    #expect(run.last.immediate.contains(.claim(limit: 256, scope: .all)))
    #expect(run.last.runMoves.isEmpty)
  }

  @Test("items that can never start end the run with a sentence instead of a poll without end")
  func neverAPoll() {
    var run = MachineFixture()
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [], open: 2)))
    #expect(run.last.runMoves.map(\.to) == [.stopped])
    #expect(run.last.runMoves.map(\.why) == ["2 items wait for items that will never be done"])
  }

  @Test("a waiting item is woken for at its time, and the run does not end before")
  func wake() {
    var run = MachineFixture()
    let due = run.now.advanced(by: .seconds(40))
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [], nextDue: due, open: 1)))
    #expect(run.last.immediate == [.wake(due)])
    #expect(run.last.runMoves.isEmpty)
    run.now = due
    run.send(.tick)
    #expect(run.last.immediate == [.claim(limit: 256, scope: .all)])
  }

  @Test("a wait that ended while the claim was answered is claimed at once")
  func overdueWait() {
    var run = MachineFixture()
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [], nextDue: run.now, open: 1)))
    #expect(run.last.immediate == [.claim(limit: 256, scope: .all)])
    #expect(run.last.runMoves.isEmpty)
  }

  @Test("the time to stop drains the run")
  func stopAt() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    let seven = run.now.advanced(by: .seconds(60))
    run.request(.stopAt(seven))
    #expect(run.last.immediate.contains(.wake(seven)))
    run.now = seven
    run.send(.tick)
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.runMoves.map(\.to) == [.stopped])
    #expect(run.last.afterCommit.last == .leave(.stopped))
  }

  @Test("the time to stop ends a paused run too")
  func stopAtWhilePaused() {
    var run = MachineFixture(isPaused: true)
    run.send(.started)
    let seven = run.now.advanced(by: .seconds(60))
    run.request(.stopAt(seven))
    #expect(run.last.immediate.contains(.wake(seven)))
    run.now = seven
    run.send(.tick)
    #expect(run.last.runMoves.map(\.to) == [.stopped])
  }

  @Test("answers of attempts that the machine does not know change nothing")
  func unknownAnswers() {
    var run = MachineFixture()
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(99), Fixture.succeeded()))
    #expect(run.last.changes.isEmpty)
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    run.send(.ended(AttemptID(1), Fixture.succeeded()))
    #expect(run.last.changes.isEmpty)
  }
}

@Suite("A signature")
struct SignatureTests {
  @Test("is the same whether the item's key is a long number or a short one")
  func numericKeys() {
    let texts = [("9", "lint: 9:4 bad"), ("1000", "lint: 1000:4 bad")].map { key, message in
      Signature(of: Failure(kind: .check, message: message), itemKey: key).text
    }
    #expect(texts == ["check: lint: <n>:<n> bad", "check: lint: <n>:<n> bad"])
  }

  @Test(
    "masks what varies between failures of one cause",
    arguments: [
      ("lint: 14:81 line too long", "check: lint: <n>:<n> line too long"),
      ("cannot open /tmp/a b", "check: cannot open <path> b"),
      ("no module \"Auth\" found", "check: no module <name> found"),
      ("id 3f2a9c11-04d2-4a7e-9d7a-1f0e5f3b2c10 gone", "check: id <hex> gone"),
      ("Sources/A.swift:3:9: error", "check: <path>:<n>:<n>: error"),
      ("item-7 is bad", "check: <item> is bad"),
      ("/home/me/item-7:97:5: error", "check: <item>:<n>:<n>: error"),
      ("open(./src/item-7) gave 13", "check: open(<item>) gave <n>"),
    ])
  func masks(message: String, expected: String) {
    let failure = Failure(kind: .check, message: message)
    #expect(Signature(of: failure, itemKey: "item-7").text == expected)
  }
}
