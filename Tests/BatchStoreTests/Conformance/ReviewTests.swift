// A person's word on candidates that a check or a review refused.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Testing

@Suite("Reviews")
struct ReviewTests {
  private static let tooLong = Failure(kind: .check, message: "lint: too long")

  private func give(
    _ action: ItemAction, _ item: ItemID, _ driver: Driver, _ id: String = "r1"
  ) throws -> Int {
    driver.tick()
    let selector = ItemSelector.ids([item])
    return try driver.store.move(
      selector, action, of: driver.run, request: driver.request(id, .items(action, selector)),
      at: driver.now
    ).changed
  }

  /// An item whose candidate a check refused after its last try.
  private func rejected(_ store: any StoreWriting, steps: Int = 2) throws -> (Driver, ItemID) {
    let driver = try Driver(store, steps: steps)
    try driver.source("a", "b")
    let item = try driver.claim(1).items[0].id
    try reject(item, driver, Self.tooLong)
    return (driver, item)
  }

  private func reject(_ item: ItemID, _ driver: Driver, _ failure: Failure) throws {
    let attempt = driver.nextAttempt()
    try driver.apply(
      driver.started(item, attempt), driver.launched(item, attempt),
      .resultRecorded(driver.result(item, attempt)))
    try refuse(item, attempt, driver, failure)
  }

  private func refuse(
    _ item: ItemID, _ attempt: AttemptID, step: Int = 0, _ driver: Driver, _ failure: Failure
  ) throws {
    let signature = Signature(text: failure.kind.rawValue)
    try driver.apply(
      .resultRejected(
        ResultRejected(attempt: attempt, item: item, failure: failure, signature: signature)),
      .itemMoved(
        ItemMoved(
          item: item, to: .failed, step: step, tries: 1, signature: signature,
          note: failure.message)))
  }

  /// An item whose first step's result is held, and whose review has no round left.
  private func roundsUsedUp(_ store: any StoreWriting) throws -> (Driver, ItemID) {
    let driver = try Driver(store, steps: 3)
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let (written, judged) = (driver.nextAttempt(), driver.nextAttempt())
    let failure = Failure(kind: .rounds, message: "step1 still wants changes after 2 rounds")
    try driver.apply(
      driver.started(item, written), driver.launched(item, written),
      .resultHeld(
        ResultHeld(
          attempt: written, item: item, step: 0, warnings: ["w"], nextStep: 1,
          result: driver.result(item, written))),
      driver.started(item, judged, step: 1), driver.launched(item, judged),
      .attemptEnded(
        AttemptEnded(
          attempt: judged, item: item, outcome: .failed, failure: failure,
          signature: Signature(text: "rounds"))),
      .itemMoved(
        ItemMoved(
          item: item, to: .failed, step: 0, tries: 1, signature: Signature(text: "rounds"),
          note: failure.message, review: ReviewState(round: 2, feedback: "shorter"))))
    return (driver, item)
  }

  @Test("A refused candidate waits with the check's words", arguments: StoreForm.allCases)
  func waits(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    let other = try driver.claim(1).items[0].id
    try driver.fail(other)
    let review = try #require(try driver.store.review(of: item))
    #expect(try driver.store.reviews(of: driver.run, after: nil, limit: 10) == [review])
    #expect(try driver.store.reviews(of: driver.run, after: item, limit: 10) == [])
    #expect(try driver.store.review(of: other) == nil, "it left no candidate")
    #expect(review.failure == Self.tooLong)
    #expect(review.at == driver.now.advanced(by: .milliseconds(-1)))
    #expect((review.step, review.sendsBackTo) == (0, 0))
    #expect(
      review.candidates
        == [
          PendingReview.Candidate(
            step: 0, attempt: AttemptID(1), object: driver.sealed("candidate 1"))
        ])
  }

  @Test("Every review is found, page by page", arguments: StoreForm.allCases)
  func pages(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source((0..<300).map { Driver.item("k\($0)") })
    for (index, item) in try driver.claim(300).items.enumerated() {
      if index % 3 == 0 {
        try driver.fail(item.id)
      } else {
        try reject(item.id, driver, Self.tooLong)
      }
    }
    var found: [String] = []
    var last: ItemID?
    while true {
      let page = try driver.store.reviews(of: driver.run, after: last, limit: 7)
      found += page.map(\.row.key)
      guard let end = page.last else { break }
      #expect(page.count <= 7)
      last = end.row.id
    }
    #expect(found == (0..<300).filter { $0 % 3 != 0 }.map { "k\($0)" })
  }

  @Test(
    "An accepted candidate is claimed to be published, not to run", arguments: StoreForm.allCases)
  func accepted(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    let ended = try #require(try driver.store.detail(of: item)).attempts[0].endedAt
    driver.tick(.seconds(3600))
    let action = ItemAction.accept(reason: "it is fine", overwrite: true)
    #expect(try give(action, item, driver) == 1)
    #expect(try driver.store.review(of: item) == nil)
    let claimed = try #require(try driver.claim(1).items.first)
    #expect(claimed.id == item)
    #expect(claimed.overrides == Overrides(overwrite: true))
    let unfinished = try #require(claimed.unfinished)
    #expect(unfinished.attempt == AttemptID(1))
    #expect(unfinished.candidate == driver.sealed("candidate 1"))
    #expect(unfinished.intents == [])
    #expect(
      unfinished.acceptance
        == Acceptance(by: "ann", at: driver.now, reason: "it is fine", overruled: "lint: too long"))
    try driver.apply(
      .stepDone(
        StepDone(
          attempt: AttemptID(1), item: item, step: 0, artifacts: [], nextStep: 1,
          acceptance: unfinished.acceptance)))
    #expect(try driver.row("a").step == 1)
    let receipt = try #require(try driver.store.receipts(itemKey: "a", limit: 5).first)
    #expect(receipt.acceptance == unfinished.acceptance)
    let attempts = try #require(try driver.store.detail(of: item)).attempts
    #expect(attempts.map(\.outcome) == [.succeeded])
    #expect(attempts.map(\.endedAt) == [ended], "a person's thinking is no work of the attempt")
  }

  @Test("Nothing of a superseded run waits for anybody", arguments: StoreForm.allCases)
  func superseded(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    try driver.apply(
      .runMoved(RunMoved(run: driver.run, to: .superseded, why: "changed", by: "engine")))
    #expect(try driver.store.review(of: item) == nil)
    #expect(try driver.store.reviews(of: driver.run, after: nil, limit: 10) == [])
    #expect(try give(.accept(reason: "", overwrite: false), item, driver) == 0)
  }

  @Test("Nothing is accepted twice, nor without a candidate", arguments: StoreForm.allCases)
  func once(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    let other = try driver.claim(1).items[0].id
    let action = ItemAction.accept(reason: "", overwrite: false)
    #expect(try give(action, other, driver, "r0") == 0, "the engine holds it")
    try driver.fail(other)
    #expect(try give(action, other, driver, "r1") == 0)
    #expect(try give(.sendBack(feedback: "no"), other, driver, "r2") == 0)
    #expect(try give(action, item, driver, "r3") == 1)
    #expect(try give(action, item, driver, "r3") == 0)
    #expect(try give(action, item, driver, "r4") == 0)
    #expect(try driver.state("b") == .failed)
    try reject(try driver.claim(1).items[0].id, driver, Self.tooLong)
    driver.tick()
    let twice = try driver.store.move(
      .ids([item, item]), action, of: driver.run, request: driver.request("r6"), at: driver.now)
    #expect(twice.changed == 1)
    let all = try driver.store.move(
      .failed, action, of: driver.run, request: driver.request("r5"), at: driver.now)
    #expect(all == MovedItems(changed: 0, held: []), "each candidate is judged by itself")
  }

  @Test(
    "A candidate that is sent back is made again, and told what is wrong",
    arguments: StoreForm.allCases)
  func sentBack(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    #expect(try give(.sendBack(feedback: "too dry"), item, driver) == 1)
    let claimed = try #require(try driver.claim(1).items.first)
    #expect(claimed.id == item)
    #expect(claimed.unfinished == nil)
    #expect((claimed.step, claimed.tries) == (0, 0))
    #expect(claimed.review?.feedback == "too dry")
    #expect(claimed.review?.round == 1)
    #expect(claimed.review?.roundsUsed == 0)
  }

  @Test("Each round's words stay with the review that said them", arguments: StoreForm.allCases)
  func eachRound(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source("a")
    let item = try driver.claim().items[0].id
    for (round, words) in [(1, "shorter"), (2, "use verbs")] {
      let (written, judged) = (driver.nextAttempt(), driver.nextAttempt())
      try driver.apply(
        driver.started(item, written), driver.launched(item, written),
        .resultHeld(
          ResultHeld(
            attempt: written, item: item, step: 0, warnings: [], nextStep: 1,
            result: driver.result(item, written))),
        driver.started(item, judged, step: 1), driver.launched(item, judged),
        .sentBack(
          SentBack(
            attempt: judged, item: item, step: 1, to: 0,
            state: ReviewState(round: round, feedback: words),
            result: driver.result(item, judged, step: 1))))
    }
    let attempts = try #require(try driver.store.detail(of: item)).attempts
    #expect(attempts.map(\.feedback) == [nil, "shorter", nil, "use verbs"])
  }

  @Test(
    "A review's last no is overruled: what it judged is held until its publication",
    arguments: StoreForm.allCases)
  func rounds(_ form: StoreForm) throws {
    let (driver, item) = try roundsUsedUp(form.make())
    let review = try #require(try driver.store.review(of: item))
    #expect(review.feedback == "shorter")
    #expect((review.step, review.sendsBackTo) == (1, 0))
    #expect(review.candidates.map(\.attempt) == [AttemptID(1)])
    #expect(try give(.accept(reason: "", overwrite: false), item, driver) == 1)
    let claimed = try #require(try driver.claim().items.first)
    #expect(claimed.step == 1)
    #expect(claimed.held.map(\.attempt) == [AttemptID(1)])
    let unfinished = try #require(claimed.unfinished)
    #expect(unfinished.attempt == AttemptID(2))
    #expect(unfinished.candidate == nil)
    try driver.apply(
      .stepDone(
        StepDone(
          attempt: AttemptID(1), item: item, step: 0, artifacts: [], nextStep: 1,
          acceptance: unfinished.acceptance)),
      .stepDone(
        StepDone(
          attempt: AttemptID(2), item: item, step: 1, artifacts: [], nextStep: 2,
          acceptance: unfinished.acceptance)))
    #expect(try driver.row("a").step == 2)
    let receipts = try #require(try driver.store.detail(of: item)).receipts
    #expect(receipts.map(\.acceptance?.by) == ["ann", "ann"])
  }

  @Test(
    "A review's last no is upheld: the rounds go on where they were, and all are there again",
    arguments: StoreForm.allCases)
  func moreRounds(_ form: StoreForm) throws {
    let (driver, item) = try roundsUsedUp(form.make())
    #expect(try give(.sendBack(feedback: "use verbs"), item, driver) == 1)
    let claimed = try #require(try driver.claim().items.first)
    #expect(claimed.step == 0)
    #expect(claimed.review?.round == 3)
    #expect(claimed.review?.roundsUsed == 0)
    #expect(claimed.review?.feedback == "use verbs")
    try driver.move(item, to: .failed)
    #expect(try driver.store.review(of: item) == nil, "what was held is judged")
  }

  @Test("What could not be published can be accepted again", arguments: StoreForm.allCases)
  func refusedAgain(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    _ = try give(.accept(reason: "", overwrite: false), item, driver)
    _ = try driver.claim(1)
    let intent = PublishIntent(
      path: "out/a", object: driver.sealed("candidate 1"), replaces: .absent)
    try driver.apply(
      .publishing(Publishing(attempt: AttemptID(1), item: item, intents: [intent])))
    let changed = Failure(kind: .targetChanged, message: "out/a was changed by hand")
    try refuse(item, AttemptID(1), driver, changed)
    #expect(try driver.store.review(of: item)?.failure == changed)
    #expect(try give(.accept(reason: "", overwrite: true), item, driver, "r2") == 1)
    let unfinished = try #require(try driver.claim(1).items.first?.unfinished)
    #expect(unfinished.intents == [], "what stands there is looked at again")
    #expect(unfinished.acceptance?.overruled == "out/a was changed by hand")
  }

  @Test(
    "A crash in the middle of its publication leaves it open, to be gone on with",
    arguments: StoreForm.allCases)
  func crash(_ form: StoreForm) throws {
    let (driver, item) = try rejected(form.make())
    _ = try give(.accept(reason: "", overwrite: false), item, driver)
    _ = try driver.claim(1)
    #expect(try driver.store.openAttempts(of: driver.run) == [])
    let intent = PublishIntent(
      path: "out/a", object: driver.sealed("candidate 1"), replaces: .absent)
    try driver.apply(
      .publishing(Publishing(attempt: AttemptID(1), item: item, intents: [intent])))
    driver.epoch = try driver.store.beginEpoch(pid: 2, bootID: "b", host: "h", at: driver.now)
    let open = try driver.store.openAttempts(of: driver.run)
    #expect(open.map(\.publishing) == [[intent]])
    #expect(open.map(\.hasResult) == [true])
    try driver.move(item, to: .queued)
    let unfinished = try #require(try driver.claim(1).items.first?.unfinished)
    #expect(unfinished.intents == [intent])
    #expect(unfinished.acceptance?.by == "ann")
  }

  @Test("Dependants that were skipped come back with the acceptance", arguments: StoreForm.allCases)
  func dependants(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a"), Driver.item("z", after: ["a"])])
    let item = try driver.claim(1).items[0].id
    try reject(item, driver, Self.tooLong)
    #expect(try driver.state("z") == .skipped)
    _ = try give(.accept(reason: "", overwrite: false), item, driver)
    #expect(try driver.state("z") == .queued)
  }

  @Test("Replaying the ledger gives the same words", arguments: [true, false])
  func replayed(isAccepted: Bool) throws {
    let folder = try StoreFolder()
    let store = try folder.open()
    let (driver, item) = try roundsUsedUp(store)
    let action =
      isAccepted
      ? ItemAction.accept(reason: "good", overwrite: true) : .sendBack(feedback: "use verbs")
    #expect(try give(action, item, driver) == 1)
    let expected = try driver.claim().items
    try store.close()
    #expect(try folder.verify().problems == [])
    try FileManager.default.removeItem(atPath: folder.database)
    _ = try folder.rebuild()
    let rebuilt = try folder.open()
    let found = try rebuilt.claim(9, scope: .all, blocked: [], of: driver.run, at: driver.now)
    #expect(found.items == expected)
    #expect(
      try rebuilt.move(
        .ids([item]), action, of: driver.run, request: driver.request("r1"), at: driver.now
      ).changed == 0)
    try rebuilt.close()
  }
}
