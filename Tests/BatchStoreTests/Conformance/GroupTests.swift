// Groups of failures: what they cost, how they go, when they are resolved, and when they come back.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Groups of failures")
struct GroupTests {
  private static let retry = ItemAction.retry(fromStep: nil, overrides: Overrides())
  private static let signature = Signature(text: "exit 1")

  private func driver(_ form: StoreForm, _ keys: String...) throws -> Driver {
    let driver = try Driver(form.make())
    try driver.source(keys.map { Driver.item($0) })
    return driver
  }

  private func claimAndFail(_ driver: Driver, _ count: Int = 9, cost: Int64? = nil) throws {
    for item in try driver.claim(count).items {
      try driver.fail(item.id, cost: cost.map { Money(picodollars: $0) })
    }
  }

  private func retryAll(_ driver: Driver, _ id: String) throws {
    driver.tick()
    _ = try driver.store.move(
      .failed, Self.retry, of: driver.run, request: driver.request(id), at: driver.now)
  }

  private func all(_ driver: Driver) throws -> [FailureGroup] {
    try driver.store.failureGroups(of: driver.run, at: driver.now, withResolved: true)
  }

  private func only(_ driver: Driver) throws -> FailureGroup {
    let groups = try all(driver)
    #expect(groups.count == 1)
    return try #require(groups.first)
  }

  @Test("A group has cost what its failed items have cost", arguments: StoreForm.allCases)
  func cost(_ form: StoreForm) throws {
    let driver = try driver(form, "a", "b", "c")
    try claimAndFail(driver, 2, cost: 5)
    #expect(try only(driver).cost == Money(picodollars: 10))
    // What a retry costs comes on top when it fails again.
    try driver.apply(driver.queuedAgain(try driver.id("a")))
    #expect(try only(driver).cost == Money(picodollars: 5))
    try claimAndFail(driver, 1, cost: 7)
    #expect(try only(driver).cost == Money(picodollars: 17))
    #expect(try only(driver).count == 2)
  }

  @Test("A charge that comes after an item failed is its group's", arguments: StoreForm.allCases)
  func lateCharge(_ form: StoreForm) throws {
    let driver = try driver(form, "a")
    let item = try #require(try driver.claim().items.first).id
    let attempt = driver.nextAttempt()
    try driver.apply(driver.started(item, attempt), driver.launched(item, attempt))
    try driver.move(item, to: .failed)
    try driver.apply(
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .unknown,
          consumption: Consumption(
            provider: "acme", model: "m", cost: Money(picodollars: 3)))))
    #expect(try only(driver).cost == Money(picodollars: 3))
  }

  @Test("Failures are counted by stretches of five minutes", arguments: StoreForm.allCases)
  func recent(_ form: StoreForm) throws {
    let driver = try driver(form, "a", "b", "c", "d")
    try claimAndFail(driver, 1)
    driver.tick(.seconds(300))
    try claimAndFail(driver, 2)
    #expect(try only(driver).recent == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
    driver.tick(.seconds(600))
    try claimAndFail(driver, 1)
    #expect(try only(driver).recent == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 1])
    // Nothing failed for an hour, and it is still open.
    driver.tick(.seconds(3600))
    #expect(try only(driver).recent == [Int](repeating: 0, count: 12))
    #expect(
      try driver.store.failureGroups(of: driver.run).first?.recent
        == [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 1])
  }

  @Test("A group is resolved when all of it was retried to done", arguments: StoreForm.allCases)
  func resolved(_ form: StoreForm) throws {
    let driver = try driver(form, "a", "b")
    try claimAndFail(driver)
    let lastAt = driver.now
    try retryAll(driver, "r1")
    let items = try driver.claim().items
    #expect(try only(driver).retrying == 2)
    try driver.finish(items[0].id)
    #expect(try only(driver).resolvedAt == nil)
    #expect(try driver.store.failureGroups(of: driver.run) == [])
    try driver.finish(items[1].id)
    let group = try only(driver)
    #expect(group.resolvedAt == driver.now)
    #expect((group.count, group.retrying) == (0, 0))
    #expect((group.name, group.sampleKey, group.lastAt) == ("G-01", "b", lastAt))
  }

  @Test("A group whose items are skipped or cancelled is resolved", arguments: StoreForm.allCases)
  func skipped(_ form: StoreForm) throws {
    let driver = try driver(form, "a", "b")
    try claimAndFail(driver)
    try driver.move(try driver.id("a"), to: .skipped)
    #expect(try only(driver).resolvedAt == nil)
    try driver.move(try driver.id("b"), to: .cancelled)
    #expect(try only(driver).resolvedAt == driver.now)
  }

  @Test(
    "A retried item that its dependency takes out holds its group open no more",
    arguments: StoreForm.allCases)
  func dependency(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a"), Driver.item("b", after: ["a"])])
    try driver.finish(try #require(try driver.claim().items.first).id)
    try claimAndFail(driver)
    driver.tick()
    let ids = [try driver.id("a"), try driver.id("b")]
    _ = try driver.store.move(
      .ids(ids), Self.retry, of: driver.run, request: driver.request("r1"), at: driver.now)
    #expect(try only(driver).retrying == 1)
    try driver.fail(try #require(try driver.claim().items.first).id, signature: "timeout")
    #expect(try driver.state("b") == .skipped)
    let group = try #require(try all(driver).first { $0.signature == Self.signature })
    #expect((group.count, group.retrying) == (0, 0))
    #expect(group.resolvedAt == driver.now)
  }

  @Test("What fails again at once was never resolved", arguments: StoreForm.allCases)
  func again(_ form: StoreForm) throws {
    let driver = try driver(form, "a")
    try claimAndFail(driver)
    try retryAll(driver, "r1")
    try claimAndFail(driver)
    let group = try only(driver)
    #expect((group.count, group.retrying, group.isReopened) == (1, 0, false))
    #expect(group.resolvedAt == nil)
  }

  @Test("A resolved group that fails again is reopened, and the ledger says so once")
  func reopened() throws {
    let driver = try driver(.memory, "a", "b", "c")
    try claimAndFail(driver, 1)
    try retryAll(driver, "r1")
    try driver.finish(try #require(try driver.claim(1).items.first).id)
    #expect(try only(driver).resolvedAt != nil)
    try claimAndFail(driver, 2)
    let group = try only(driver)
    #expect((group.count, group.isReopened) == (2, true))
    #expect(group.resolvedAt == nil)
    let notes = try driver.store.entries(of: driver.run, after: 0, limit: 1000)
      .compactMap { entry in if case .noted(let note) = entry.change { note } else { nil } }
      .filter { $0.code == Noted.groupReopened }
    #expect(notes.map(\.message) == ["G-01 fails again: exit 1"])
    try retryAll(driver, "r2")
    for item in try driver.claim().items { try driver.finish(item.id) }
    #expect(try only(driver).isReopened == false)
  }

  @Test("An item that fails otherwise goes to the other group", arguments: StoreForm.allCases)
  func other(_ form: StoreForm) throws {
    let driver = try driver(form, "a")
    try claimAndFail(driver)
    try retryAll(driver, "r1")
    try driver.fail(
      try #require(try driver.claim().items.first).id, signature: "timeout")
    let groups = try all(driver)
    #expect(groups.map(\.signature.text) == ["timeout", "exit 1"])
    #expect(groups.map(\.count) == [1, 0])
    #expect(groups[1].resolvedAt == driver.now)
  }

  @Test(
    "Notes stay with their group and item until they are taken away",
    arguments: StoreForm.allCases)
  func notes(_ form: StoreForm) throws {
    let driver = try driver(form, "a")
    try claimAndFail(driver)
    let item = try driver.id("a")
    func note(_ target: NoteTarget, _ text: String) throws {
      try driver.apply(
        .remarked(Remarked(run: driver.run, target: target, text: text, by: "ann")))
    }
    try note(.group(Self.signature), "known: ticket 7")
    try note(.item(item), "first")
    try note(.item(item), "second")
    #expect(try only(driver).note == "known: ticket 7")
    #expect(try driver.store.detail(of: item)?.remark == "second")
    try note(.group(Self.signature), "")
    try note(.item(item), "")
    #expect(try only(driver).note == nil)
    #expect(try driver.store.detail(of: item)?.remark == nil)
  }

  @Test("A note on what nobody knows harms nothing", arguments: StoreForm.allCases)
  func strange(_ form: StoreForm) throws {
    let driver = try driver(form, "a")
    try driver.apply(
      .remarked(
        Remarked(run: driver.run, target: .item(ItemID(99)), text: "x", by: "ann")),
      .remarked(
        Remarked(
          run: driver.run, target: .group(Signature(text: "none")), text: "x", by: "ann")))
    #expect(try all(driver) == [])
  }

  @Test("A note is clipped")
  func clipped() {
    let remark = Remarked(
      run: RunID("r"), target: .item(ItemID(1)),
      text: String(repeating: "ä", count: 10_000), by: "ann")
    #expect(remark.text.utf8.count == Remarked.bytesMax)
  }
}
