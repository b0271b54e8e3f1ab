// What people ask for: retries, skips and cancels on many items, each request once.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Requests")
struct RequestTests {
  private static let retry = ItemAction.retry(fromStep: nil, overrides: Overrides())

  private func failed(_ form: StoreForm, _ count: Int) throws -> Driver {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source((0..<count).map { Driver.item("k\($0)") })
    for (index, item) in try driver.claim(count).items.enumerated() where index % 3 != 2 {
      try driver.fail(item.id, signature: "exit \(index % 3)")
    }
    return driver
  }

  private func move(
    _ driver: Driver, _ selector: ItemSelector, _ action: ItemAction, _ id: String = "r1"
  ) throws -> MovedItems {
    try driver.store.move(
      selector, action, of: driver.run, request: driver.request(id), at: driver.now)
  }

  @Test("Every failed item is retried", arguments: StoreForm.allCases)
  func retryFailed(_ form: StoreForm) throws {
    let driver = try failed(form, 9)
    #expect(try move(driver, .failed, Self.retry) == MovedItems(changed: 6, held: []))
    #expect(try driver.counts == ItemCounts(queued: 9))
    #expect(try driver.row("k0").tries == 0)
    #expect(try driver.store.failureGroups(of: driver.run).isEmpty)
  }

  @Test("A group is retried alone, with overrides", arguments: StoreForm.allCases)
  func retryGroup(_ form: StoreForm) throws {
    let driver = try failed(form, 9)
    let groups = try driver.store.failureGroups(of: driver.run)
    #expect(groups.map(\.name) == ["G-01", "G-02"])
    #expect(groups.map(\.count) == [3, 3])
    #expect(groups[1].sampleKey == "k1")
    let overrides = Overrides(timeoutMilliseconds: 5, force: true)
    let action = ItemAction.retry(fromStep: 1, overrides: overrides)
    #expect(try move(driver, .group(groups[1].signature), action).changed == 3)
    let item = try #require(try driver.claim().items.first)
    #expect(item.key == "k1")
    #expect(item.step == 1)
    #expect(item.overrides == overrides)
  }

  @Test("A request is applied once", arguments: StoreForm.allCases)
  func once(_ form: StoreForm) throws {
    let driver = try failed(form, 3)
    #expect(try move(driver, .failed, Self.retry).changed == 2)
    driver.tick(.seconds(1))
    try driver.fail(try driver.claim(1).items[0].id)
    driver.tick(.seconds(1))
    #expect(try move(driver, .failed, Self.retry).changed == 0)
    #expect(try driver.counts.failed == 1)
    #expect(try move(driver, .failed, Self.retry, "r2").changed == 1)
  }

  @Test("A pause is recorded once, with who asked for it", arguments: StoreForm.allCases)
  func recorded(_ form: StoreForm) throws {
    let driver = try failed(form, 3)
    let change = Change.runMoved(
      RunMoved(run: driver.run, to: .paused, why: "paused by hand", by: "ann"))
    let request = driver.request("r9")
    #expect(try driver.store.record(request, [change], of: driver.run, at: driver.now))
    #expect(try driver.store.record(request, [change], of: driver.run, at: driver.now) == false)
    let summary = try driver.store.summary(of: driver.run)
    #expect(summary?.state == .paused)
    #expect(summary?.why == "paused by hand")
    let moves = try driver.store.entries(of: driver.run, after: 0, limit: 1_000)
      .filter { $0.change == change }
    #expect(moves.count == 1)
  }

  @Test("Held items are named, not moved", arguments: StoreForm.allCases)
  func held(_ form: StoreForm) throws {
    let driver = try failed(form, 3)
    let held = try driver.id("k2")
    let ids = try ["k0", "k1", "k2"].map { try driver.id($0) }
    let moved = try move(driver, .ids(ids), .cancel(reason: "not needed"))
    #expect(moved == MovedItems(changed: 2, held: [held]))
    #expect(try driver.counts == ItemCounts(queued: 1, cancelled: 2))
    #expect(try driver.row("k0").note == "not needed")
  }

  @Test("Skipping by hand blocks what comes after", arguments: StoreForm.allCases)
  func skip(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a"), Driver.item("b", after: ["a"])])
    let ids = [try driver.id("a"), try driver.id("b")]
    #expect(try move(driver, .ids([ids[0]]), .skip(reason: "broken")).changed == 1)
    #expect(try driver.row("a").skipReason == .byHand)
    #expect(try driver.row("b").skipReason == .dependencyFailed)
    // What is blocked comes back with its dependency, not by itself.
    #expect(try move(driver, .ids(ids), Self.retry, "r2").changed == 1)
    #expect(try driver.counts == ItemCounts(queued: 2))
  }

  @Test("More than a chunk is moved chunk by chunk")
  func chunks() throws {
    let driver = try Driver(StoreForm.memory.make())
    try driver.source((0..<20_500).map { Driver.item("k\($0)") })
    let ids = try driver.rows(ItemQuery(order: .source, limit: 100_000)).map(\.id)
    #expect(try move(driver, .ids(ids), .cancel(reason: "no")).changed == 20_500)
    let events = try driver.store.entries(of: driver.run, after: 0, limit: 100)
    let counts = events.compactMap { entry -> Int? in
      if case .itemsMoved(let moved) = entry.change { moved.count } else { nil }
    }
    #expect(counts == [10_000, 10_000, 500])
    #expect(try driver.counts == ItemCounts(cancelled: 20_500))
  }

  @Test("A file's change queues what recorded it", arguments: StoreForm.allCases)
  func recheck(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a"), Driver.item("b"), Driver.item("c", after: ["a"])])
    let items = try driver.claim().items.map(\.id)
    try driver.finish(items[0], artifact: "out/a", key: driver.key("a", path: "in/a"))
    try driver.finish(items[1], artifact: "out/b", key: driver.key("b", path: "in/b"))
    try driver.finish(try driver.claim().items[0].id, artifact: "out/c")
    func recheck(_ paths: String...) throws -> Int {
      try driver.store.recheck(paths: paths, of: driver.run, at: driver.now)
    }
    #expect(try recheck("in/zzz") == 0)
    #expect(try recheck("in/a") == 1)
    #expect(try driver.states() == ["a/1": .queued, "b/1": .done, "c/1": .queued])
    #expect(try recheck("out/b", "out/b", "in/b") == 1)
    #expect(try driver.counts == ItemCounts(queued: 3))
  }

  @Test("A later run's item is found by its earlier run's files", arguments: StoreForm.allCases)
  func recheckLaterRun(_ form: StoreForm) throws {
    let first = try Driver(form.make())
    try first.source("a")
    try first.finish(try first.claim().items[0].id, key: first.key("a", path: "in/a"))
    let second = try Driver(first.store, run: "run-2")
    try second.source("a")
    let item = try second.claim().items[0].id
    try second.apply(
      .itemMoved(ItemMoved(item: item, to: .skipped, step: 0, skipReason: .unchanged)))
    #expect(try second.store.recheck(paths: ["in/a"], of: second.run, at: second.now) == 1)
    #expect(try second.state("a") == .queued)
    #expect(try first.state("a") == .done)
  }
}
