// What a person's word means to the machine: an accepted result is only published, and a round
// that a person grants is a whole one.

import BatchModel
import Engine
import Resilience
import Testing

@Suite("A person's word")
struct ReviewTests {
  private static let acceptance = Acceptance(
    by: "ann", at: Instant(milliseconds: 5), reason: "fine", overruled: "lint: too long")

  private static func accepted(_ candidate: SealedObject? = Fixture.object) -> UnfinishedResult {
    UnfinishedResult(
      attempt: AttemptID(1), key: Fixture.key, candidate: candidate, intents: [],
      acceptance: acceptance)
  }

  private static let lint = Check(name: "lint", rule: .nonempty)

  /// `write`, and `judge`, which sends it back.
  private static func loop(rounds: Int, checks: [Check] = []) -> [Step] {
    var judge = Fixture.step("judge")
    judge.review = Review(sendsBackTo: "write", rounds: rounds)
    return [Fixture.step("write", output: "out", checks: checks), judge]
  }

  private func receipts(_ effects: Effects) -> [StepDone] {
    effects.changes.compactMap { if case .stepDone(let done) = $0 { done } else { nil } }
  }

  private func check(_ effects: Effects) -> CheckOrder? {
    effects.immediate.lazy.compactMap { if case .check(let order) = $0 { order } else { nil } }
      .first
  }

  @Test("that a candidate is good publishes it without a process and without its checks")
  func accepted() throws {
    var run = MachineFixture(steps: [Fixture.step(output: "out", checks: [Self.lint])])
    run.send(.started)
    let item = Fixture.item(1, unfinished: Self.accepted())
    run.send(.claimed(ClaimAnswer(items: [item], open: 0)))
    let order = try #require(check(run.last))
    #expect(order.isAccepted)
    #expect(!order.isHeld)
    run.send(.checked(AttemptID(1), CheckReport(intents: [Fixture.intent])))
    #expect(run.last.changes.map(\.kind) == [.publishing])
    let artifact = Artifact(path: Fixture.intent.path, object: Fixture.object)
    run.send(.published(AttemptID(1), .published([artifact])))
    #expect(receipts(run.last).map(\.acceptance) == [Self.acceptance])
    #expect(receipts(run.last).map(\.artifacts) == [[artifact]])
    #expect(run.last.launches.isEmpty)
  }

  @Test("stays with the receipt when a crash came before the publication's end")
  func acceptedBeforeCrash() {
    var run = MachineFixture(steps: [Fixture.step(output: "out", checks: [Self.lint])])
    run.send(.started)
    var unfinished = Self.accepted()
    unfinished.intents = [Fixture.intent]
    run.send(.claimed(ClaimAnswer(items: [Fixture.item(1, unfinished: unfinished)], open: 0)))
    run.send(.published(AttemptID(1), .published([])))
    #expect(receipts(run.last).map(\.acceptance) == [Self.acceptance])
  }

  @Test("does not speak for the steps that follow")
  func nextStep() {
    let steps = [Fixture.step("first", checks: [Self.lint]), Fixture.step("second")]
    var run = MachineFixture(steps: steps)
    run.send(.started)
    run.send(
      .claimed(ClaimAnswer(items: [Fixture.item(1, unfinished: Self.accepted())], open: 0)))
    run.send(.checked(AttemptID(1), CheckReport(intents: [])))
    #expect(receipts(run.last).map(\.acceptance) == [Self.acceptance])
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "new")))
    let attempt = AttemptID(1)
    run.send(.admitted([attempt]))
    run.send(.ended(attempt, Fixture.succeeded()))
    #expect(receipts(run.last).map(\.acceptance) == [nil])
  }

  @Test("over a check leaves the candidate to its review, and is told in its receipt")
  func underReview() throws {
    var run = MachineFixture(steps: Self.loop(rounds: 2, checks: [Self.lint]))
    run.send(.started)
    run.send(
      .claimed(ClaimAnswer(items: [Fixture.item(1, unfinished: Self.accepted())], open: 0)))
    #expect(try #require(check(run.last)).isHeld)
    run.send(.checked(AttemptID(1), CheckReport(intents: [])))
    #expect(run.last.changes.map(\.kind) == [.resultHeld])
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "new")))
    let attempt = AttemptID(1)
    run.send(.admitted([attempt]))
    run.send(.ended(attempt, Fixture.succeeded()))
    run.send(.checked(attempt, CheckReport(intents: [Fixture.intent])))
    run.send(.published(attempt, .published([])))
    #expect(receipts(run.last).map(\.acceptance) == [Self.acceptance, nil])
  }

  @Test("over a review is told in the receipts of all that was held")
  func overReview() {
    var run = MachineFixture(steps: Self.loop(rounds: 2))
    var item = Fixture.item(1, unfinished: Self.accepted(nil))
    item.step = 1
    item.held = [HeldResult(attempt: AttemptID(9), step: 0, candidate: Fixture.object)]
    run.send(.started)
    run.send(.claimed(ClaimAnswer(items: [item], open: 0)))
    run.send(.checked(AttemptID(1), CheckReport(intents: [Fixture.intent])))
    run.send(.published(AttemptID(1), .published([])))
    #expect(receipts(run.last).map(\.step) == [0, 1])
    #expect(receipts(run.last).map(\.acceptance) == [Self.acceptance, Self.acceptance])
  }

  /// What becomes of an item that a person sent back, when its review says no again.
  private func saidNoAgain(rounds: Int, _ words: String) -> Effects {
    var run = MachineFixture(steps: Self.loop(rounds: rounds))
    var item = Fixture.item(1)
    var earlier = ReviewState(round: 7, feedback: "shorter")
    let detected = Digest(of: "the same words")
    for _ in 0..<2 { _ = earlier.detector.observe(detected) }
    item.review = ReviewState(sentBackWith: "use verbs", after: earlier)
    run.launch([item])
    run.send(.ended(AttemptID(1), Fixture.succeeded(Fixture.object)))
    run.send(.prepared(ItemID(1), .run(Fixture.key, why: "round 9")))
    run.send(.admitted([AttemptID(2)]))
    run.send(
      .ended(AttemptID(2), AttemptReport(end: .sentBack(feedback: words), usage: Fixture.usage)))
    return run.last
  }

  @Test("that more is wanted grants all rounds again, and counts them on")
  func granted() throws {
    let effects = saidNoAgain(rounds: 2, "shorter")
    let back = try #require(
      effects.changes.compactMap { if case .sentBack(let back) = $0 { back } else { nil } }.first)
    #expect(back.to == 0)
    #expect(back.state.round == 9)
    #expect(back.state.feedback == "shorter")
  }

  @Test("that more is wanted grants no more rounds than a review has")
  func grantedOnce() throws {
    let move = try #require(saidNoAgain(rounds: 1, "shorter").moves.first)
    #expect(move.to == .failed)
    #expect(move.signature?.text.hasPrefix("rounds") == true)
    #expect(move.review?.feedback == "shorter", "the person who has the next word is told it")
  }
}
