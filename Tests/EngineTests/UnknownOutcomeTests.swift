// An attempt of which nobody knows what it did: repeated, or failed where the step says so.

import BatchModel
import Engine
import Resilience
import Testing

@Suite("An attempt whose outcome nobody knows")
struct UnknownOutcomeTests {
  private static func step(repeatsUnknown: Bool?) -> Step {
    var step = Fixture.step()
    step.repeatsUnknown = repeatsUnknown
    return step
  }

  private static func left(
    _ evidence: Abandoned.Evidence, repeatsUnknown: Bool = false
  ) -> [Change] {
    Recovery.changes(for: [
      Abandoned(
        attempt: AttemptID(7), item: ItemID(1), step: 0, tries: 1, evidence: evidence,
        repeatsUnknown: repeatsUnknown)
    ])
  }

  @Test("fails its item after a crash, when the step must not be repeated")
  func failsAfterCrash() {
    let changes = Self.left(.mayHaveRun)
    guard case .attemptEnded(let end) = changes.first, case .itemMoved(let move) = changes.last
    else {
      Issue.record("expected an end and a move, got \(changes)")
      return
    }
    #expect(end.outcome == .unknown)
    #expect(move.to == .failed)
    #expect(move.tries == 2)
    #expect(move.signature == end.signature)
    #expect(move.note.contains("retry_unknown is false"))
  }

  @Test(
    "is queued again after a crash when it never began, has its result, or may be repeated",
    arguments: [
      left(.neverLaunched), left(.hasResult), left(.mayHaveRun, repeatsUnknown: true),
    ])
  func queuedAfterCrash(changes: [Change]) {
    guard case .itemMoved(let move) = changes.last else {
      Issue.record("expected a move, got \(changes)")
      return
    }
    #expect(move.to == .queued)
  }

  @Test("fails its item when it was killed, or its reply was lost, and must not be repeated")
  func failsWhenKilled() {
    let reports = [
      AttemptReport(end: .killed, usage: Fixture.usage), Fixture.failed(.unknown, "reply lost"),
    ]
    for report in reports {
      var run = MachineFixture(steps: [Self.step(repeatsUnknown: false)])
      run.launch(Fixture.items(1))
      run.send(.ended(AttemptID(1), report))
      #expect(run.last.moves.map(\.to) == [.failed])
      #expect(run.last.moves.first?.signature?.text.hasPrefix("unknown") == true)
    }
  }

  @Test("runs again otherwise: at once when it was killed, after a pause when its reply was lost")
  func repeats() {
    var run = MachineFixture(steps: [Self.step(repeatsUnknown: nil)])
    run.launch(Fixture.items(2))
    run.send(.ended(AttemptID(1), AttemptReport(end: .killed, usage: Fixture.usage)))
    #expect(run.last.moves.map(\.to) == [.queued])
    run.send(.ended(AttemptID(2), Fixture.failed(.unknown, "reply lost")))
    #expect(run.last.moves.map(\.to) == [.waiting])
  }

  @Test("of a step that must not be repeated is retried all the same when its failure is known")
  func knownFailure() {
    var run = MachineFixture(steps: [Self.step(repeatsUnknown: false)])
    run.launch(Fixture.items(1))
    run.send(.ended(AttemptID(1), Fixture.failed(.exit, status: 1)))
    #expect(run.last.moves.map(\.to) == [.waiting])
  }
}
