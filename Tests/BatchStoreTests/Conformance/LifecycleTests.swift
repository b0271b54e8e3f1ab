// An item's way through its steps, as every form of the store must record it.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("An item's way through a store")
struct LifecycleTests {
  @Test("A claimed item that finishes is done, with its receipt", arguments: StoreForm.allCases)
  func finishing(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let claim = try driver.claim(1)
    #expect(claim.items.map(\.key) == ["a"])
    #expect(claim.open == 1)
    let item = claim.items[0].id
    try driver.finish(item, artifact: "docs/a.md")
    #expect(try driver.state("a") == .done)
    #expect(try driver.counts == ItemCounts(queued: 1, done: 1))
    let receipts = try driver.store.receipts(itemKey: "a", limit: 10)
    #expect(receipts.count == 1)
    #expect(receipts[0].artifacts.map(\.path) == ["docs/a.md"])
    #expect(receipts[0].candidate == driver.sealed("candidate 1"))
    #expect(receipts[0].key == driver.key("\(item)"))
    #expect(try driver.store.receipts(for: [driver.key("\(item)").key])[0] == receipts[0])
    #expect(
      try driver.store.latestReceipt(itemKey: "a", occurrence: 1, step: "step0") == receipts[0])
    #expect(try driver.store.latestReceipt(itemKey: "a", occurrence: 2, step: "step0") == nil)
  }

  @Test("A held item is not claimed twice, a released one is", arguments: StoreForm.allCases)
  func holding(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c")
    let first = try driver.claim(2).items
    #expect(first.map(\.key) == ["a", "b"])
    #expect(try driver.claim(2).items.map(\.key) == ["c"])
    driver.store.release([first[0].id])
    #expect(try driver.claim(2).items.map(\.key) == ["a"])
  }

  @Test("An item stays with the engine between its steps", arguments: StoreForm.allCases)
  func steps(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source("a")
    let item = try driver.claim().items[0].id
    #expect(try driver.store.newestAttempt(of: item) == nil)
    let attempt = driver.nextAttempt()
    try driver.apply(
      driver.started(item, attempt), driver.launched(item, attempt),
      driver.done(item, attempt, next: 1))
    #expect(try driver.row("a").state == .queued)
    #expect(try driver.row("a").step == 1)
    #expect(try driver.claim().items.isEmpty)
    let second = driver.nextAttempt()
    try driver.apply(
      driver.started(item, second, step: 1), driver.launched(item, second))
    #expect(try driver.row("a").state == .running)
    try driver.apply(driver.done(item, second, step: 1))
    #expect(try driver.state("a") == .done)
    let detail = try #require(try driver.store.detail(of: item))
    #expect(detail.receipts.map(\.step) == ["step0", "step1"])
    #expect(detail.attempts.map(\.outcome) == [.succeeded, .succeeded])
    #expect(try driver.store.newestAttempt(of: item) == second)
  }

  @Test("A waiting item is claimed when its time has come", arguments: StoreForm.allCases)
  func waiting(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let item = try driver.claim(1).items[0].id
    try driver.move(item, to: .waiting)
    let due = driver.now.advanced(by: .milliseconds(999))
    #expect(try driver.store.nextDue(of: driver.run) == due)
    var claim = try driver.claim(1)
    #expect(claim.items.map(\.key) == ["b"])
    #expect(claim.nextDue == due)
    #expect(claim.open == 1)
    driver.now = due
    claim = try driver.claim(1)
    #expect(claim.items.map(\.id) == [item])
    #expect(claim.nextDue == nil)
    #expect(claim.open == 0)
  }

  @Test("A result that a crash left behind is handed out again", arguments: StoreForm.allCases)
  func unfinished(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    try driver.apply(
      driver.started(item, attempt), driver.launched(item, attempt),
      .resultRecorded(driver.result(item, attempt)))
    let intent = PublishIntent(path: "a.md", object: driver.sealed("x"), replaces: .absent)
    try driver.apply(
      .publishing(Publishing(attempt: attempt, item: item, intents: [intent])))
    _ = try driver.store.beginEpoch(pid: 2, bootID: "b", host: "h", at: driver.now)
    let open = try driver.store.openAttempts(of: driver.run)
    #expect(open.map(\.attempt) == [attempt])
    #expect(open.map(\.hasResult) == [true])
    try driver.move(item, to: .queued)
    let unfinished = try #require(try driver.claim().items.first?.unfinished)
    #expect(unfinished.attempt == attempt)
    #expect(unfinished.key == driver.key("\(item)"))
    #expect(unfinished.candidate == driver.sealed("candidate \(attempt)"))
    #expect(unfinished.intents == [intent])
    try driver.apply(driver.done(item, attempt, withResult: false))
    #expect(try driver.state("a") == .done)
    #expect(try driver.store.openAttempts(of: driver.run).isEmpty)
  }

  @Test("A rejected result is not handed out again", arguments: StoreForm.allCases)
  func rejected(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    let failure = Failure(kind: .check, message: "empty")
    try driver.apply(
      driver.started(item, attempt), .resultRecorded(driver.result(item, attempt)),
      .resultRejected(
        ResultRejected(
          attempt: attempt, item: item, failure: failure, signature: Signature(text: "check"))))
    try driver.move(item, to: .queued)
    #expect(try driver.claim().items.first?.unfinished == nil)
    let detail = try #require(try driver.store.detail(of: item))
    #expect(detail.attempts.first?.outcome == .failed)
    #expect(detail.attempts.first?.failure == failure)
  }

  @Test("An unknown outcome is counted", arguments: StoreForm.allCases)
  func unknown(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    try driver.apply(driver.started(item, attempt), driver.launched(item, attempt))
    try driver.apply(
      .attemptEnded(AttemptEnded(attempt: attempt, item: item, outcome: .unknown)))
    #expect(try driver.store.summary(of: driver.run)?.unknownAttempts == 1)
  }

  @Test("What the state does not allow is refused whole", arguments: StoreForm.allCases)
  func conflicts(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let items = try driver.claim().items.map(\.id)
    try driver.finish(items[0])
    let before = try driver.store.entries(of: nil, after: 0, limit: 100)
    let late = driver.nextAttempt()
    #expect {
      try driver.apply(
        driver.started(items[1], late), driver.launched(items[1], late),
        driver.started(items[0], driver.nextAttempt()))
    } throws: {
      guard case .conflict = $0 as? StoreError else { return false }
      return true
    }
    #expect(try driver.store.entries(of: nil, after: 0, limit: 100) == before)
    #expect(try driver.row("b").state == .queued)
    #expect(try driver.counts == ItemCounts(queued: 1, done: 1))
    try driver.finish(items[1])
    #expect(try driver.counts == ItemCounts(done: 2))
  }

  @Test("The ledger has every change in order, without gaps", arguments: StoreForm.allCases)
  func ledger(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    try driver.finish(try driver.claim().items[0].id)
    let entries = try driver.store.entries(of: driver.run, after: 0, limit: 100)
    #expect(entries.map(\.sequence) == Array(1...Int64(entries.count)))
    #expect(
      entries.map(\.change.kind) == [
        .runStarted, .itemsEnqueued, .attemptStarted, .attemptLaunched, .stepDone,
      ])
    #expect(try driver.store.entries(of: driver.run, after: 4, limit: 1).map(\.sequence) == [5])
  }
}
