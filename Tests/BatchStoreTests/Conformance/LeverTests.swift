// What a person's levers leave in a store: holds, numbers of slots, and retries of a group that try a
// few items first.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Levers") struct LeverTests {
  private static let anthropic = Hold.provider("anthropic")
  private static let lint = Signature(text: "lint")

  // MARK: Holds

  @Test("A hold is known until it is taken back, of its own run", arguments: StoreForm.allCases)
  func holds(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let other = try Driver(driver.store, run: "run-2")
    let review = Hold.step("review of it")
    for hold in [review, Self.anthropic, review] {
      try driver.apply(.holdMoved(HoldMoved(hold, isHeld: true, by: "ann")))
    }
    #expect(try driver.store.holds(of: driver.run) == [Self.anthropic, review])
    #expect(try driver.store.holds(of: other.run) == [])
    try driver.apply(.holdMoved(HoldMoved(Self.anthropic, isHeld: false, by: "bob")))
    #expect(try driver.store.holds(of: driver.run) == [review])
  }

  @Test(
    "What waits for a hold is claimed as soon as its step is, and never before",
    arguments: StoreForm.allCases)
  func waits(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source("a", "b", "c")
    let items = try driver.claim().items.map(\.id)
    try driver.apply(held(items[0], step: 1), held(items[1], step: 0))
    try driver.move(items[2], to: .waiting)
    let row = try driver.row("a")
    #expect(row.state == .waiting)
    #expect(row.waitReason == .held)
    #expect(row.waitUntil == nil)
    #expect(row.tries == 2)
    #expect(try driver.store.nextDue(of: driver.run) == driver.now.advanced(by: .milliseconds(999)))
    let blocked = try claim(driver, blocked: [0, 1])
    #expect(blocked.items.isEmpty)
    #expect(blocked.open == 3)
    #expect(blocked.nextDue == nil)
    #expect(try claim(driver, blocked: [0]).items.map(\.key) == ["a"])
    #expect(try claim(driver, blocked: []).items.map(\.key) == ["b"])
    driver.tick(.seconds(1))
    #expect(try claim(driver, blocked: []).items.map(\.key) == ["c"])
  }

  @Test("A wait has a time, or is for a hold", arguments: StoreForm.allCases)
  func whole(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    var timed = ItemMoved(item: item, to: .waiting, step: 0, waitReason: .held)
    timed.until = driver.now
    var timeless = timed
    timeless.until = nil
    timeless.waitReason = .retry
    for wrong in [timed, timeless] {
      #expect(throws: StoreError.self) { try driver.apply(.itemMoved(wrong)) }
    }
  }

  private func held(_ item: ItemID, step: Int) -> Change {
    .itemMoved(ItemMoved(item: item, to: .waiting, step: step, tries: 2, waitReason: .held))
  }

  private func claim(_ driver: Driver, blocked: Set<Int>) throws -> Claim {
    try driver.store.claim(9, scope: .all, blocked: blocked, of: driver.run, at: driver.now)
  }

  // MARK: Slots

  @Test("Slots that a person has set hold for the run until they are taken back")
  func slots() throws {
    let driver = try Driver(StoreForm.memory.make())
    #expect(try driver.store.parallel(of: driver.run) == nil)
    for parallel in [Parallel(run: 2, llm: 3), Parallel(run: 1, llm: 9)] {
      try driver.apply(.parallelMoved(ParallelMoved(parallel, by: "ann")))
      #expect(try driver.store.parallel(of: driver.run) == parallel)
    }
    try driver.apply(.parallelMoved(ParallelMoved(nil, by: "ann")))
    #expect(try driver.store.parallel(of: driver.run) == nil)
  }

  // MARK: Retries that try a few items first

  /// So many items that have failed alike, one a millisecond.
  private func failed(_ form: StoreForm, _ count: Int) throws -> Driver {
    let driver = try Driver(form.make())
    try driver.source((0..<count).map { Driver.item("k\($0)") })
    for item in try driver.claim(count).items { try driver.fail(item.id, signature: "lint") }
    driver.tick()
    return driver
  }

  private func begin(
    _ driver: Driver, _ count: Int, _ id: String = "r1", _ overrides: Overrides = Overrides()
  ) throws -> Int {
    let action = Request.Action.retryGroup(Self.lint, canary: count, overrides)
    return try driver.store.retryGroup(
      Self.lint, canary: count, overrides, of: driver.run, request: driver.request(id, action),
      at: driver.now)
  }

  private func phases(_ driver: Driver) throws -> [CanaryMoved] {
    try driver.store.entries(of: driver.run, after: 0, limit: 100_000).compactMap { entry in
      if case .canaryMoved(let moved) = entry.change { moved } else { nil }
    }
  }

  private func figures(
    tried: Int, passed: Int, failed: Int, of: Int, rest: Int
  ) -> [CanaryFigures] {
    [
      CanaryFigures(
        signature: Self.lint, name: "G-01", tried: tried, passed: passed, failed: failed, of: of,
        rest: rest)
    ]
  }

  @Test("The rest is retried when all first items got done", arguments: StoreForm.allCases)
  func passes(_ form: StoreForm) throws {
    let driver = try failed(form, 5)
    #expect(try begin(driver, 2, "r1", Overrides(model: "large")) == 2)
    #expect(try driver.counts == ItemCounts(queued: 2, failed: 3))
    let first = try driver.claim().items
    #expect(first.map(\.key) == ["k0", "k1"])
    #expect(first.map(\.overrides.model) == ["large", "large"])
    try driver.finish(first[0].id)
    #expect(try driver.store.advanceCanaries(of: driver.run, at: driver.now) == 0)
    #expect(
      try driver.store.canaries(of: driver.run)
        == figures(tried: 1, passed: 1, failed: 0, of: 2, rest: 3))
    try driver.finish(first[1].id)
    // Nobody but the claim that follows judges it here.
    let rest = try driver.claim().items
    #expect(rest.map(\.key) == ["k2", "k3", "k4"])
    #expect(rest.map(\.overrides.model) == ["large", "large", "large"])
    #expect(try driver.store.canaries(of: driver.run) == [])
    #expect(try phases(driver).map(\.to) == [.begun, .passed, .released])
    #expect(try phases(driver).map(\.by) == ["ann", "ann", "ann"])
    #expect(try phases(driver).map(\.rest) == [3, 3, 0])
  }

  @Test("The rest stays failed when one first item does not", arguments: StoreForm.allCases)
  func fails(_ form: StoreForm) throws {
    let driver = try failed(form, 5)
    _ = try begin(driver, 2)
    let first = try driver.claim().items
    try driver.fail(first[0].id, signature: "lint")
    #expect(
      try driver.store.canaries(of: driver.run)
        == figures(tried: 1, passed: 0, failed: 1, of: 2, rest: 3))
    try driver.finish(first[1].id)
    #expect(try driver.store.advanceCanaries(of: driver.run, at: driver.now) == 0)
    #expect(try driver.counts == ItemCounts(done: 1, failed: 4))
    let verdict = try #require(try phases(driver).last)
    #expect(verdict.to == .failed)
    #expect((verdict.done, verdict.failed, verdict.rest) == (1, 1, 3))
    #expect(try driver.claim().items.isEmpty)
    #expect(try begin(driver, 9, "r2") == 4, "it may be tried again")
  }

  @Test("What failed after it began is none of the rest")
  func later() throws {
    let driver = try failed(.memory, 3)
    try driver.source("k0", "k1", "k2", "late")
    let late = try driver.claim().items[0].id
    _ = try begin(driver, 1)
    try driver.fail(late, signature: "lint")
    try driver.finish(try driver.claim().items[0].id)
    #expect(try driver.claim().items.map(\.key) == ["k1", "k2"])
    #expect(try driver.state("late") == .failed)
  }

  @Test("Only one is under way for a group; the other is refused with a note, and applied once")
  func twice() throws {
    let driver = try failed(.memory, 4)
    #expect(try begin(driver, 1) == 1)
    #expect(try begin(driver, 1) == 0)
    #expect(try begin(driver, 1, "r2") == 0)
    let notes = try driver.store.entries(of: driver.run, after: 0, limit: 1_000).filter {
      if case .noted(let note) = $0.change { note.code == "request-refused" } else { false }
    }
    #expect(notes.count == 1)
    #expect(try driver.counts == ItemCounts(queued: 1, failed: 3))
  }

  @Test("More than a chunk follows in chunks, and a dead engine's successor goes on in between")
  func chunks() throws {
    let driver = try Driver(StoreForm.memory.make())
    try driver.source((0..<10_501).map { Driver.item("k\($0)") })
    var moves: [Change] = []
    for item in try driver.claim(10_501).items {
      moves.append(
        .itemMoved(ItemMoved(item: item.id, to: .failed, step: 0, signature: Self.lint)))
    }
    try driver.store.apply(moves, of: driver.run, at: driver.now)
    driver.tick()
    #expect(try begin(driver, 1) == 1)
    driver.epoch = try driver.store.beginEpoch(pid: 2, bootID: "b", host: "h", at: driver.now)
    try driver.finish(try driver.claim().items[0].id)
    #expect(try driver.store.advanceCanaries(of: driver.run, at: driver.now) == 10_500)
    #expect(try driver.counts == ItemCounts(queued: 10_500, done: 1))
    let sizes = try driver.store.entries(of: driver.run, after: 0, limit: 100_000).compactMap {
      entry -> Int? in
      if case .itemsMoved(let moved) = entry.change { moved.count } else { nil }
    }
    #expect(sizes == [1, 10_000, 500])
    #expect(try phases(driver).map(\.to) == [.begun, .passed, .released])
  }

  @Test("A prompt of a retry is for the step that is retried, and for no other")
  func edits() throws {
    let driver = try Driver(StoreForm.memory.make(), steps: 3)
    try driver.source("a")
    let item = try driver.claim().items[0].id
    try driver.apply(
      .itemMoved(
        ItemMoved(item: item, to: .failed, step: 1, signature: Signature(text: "no"))))
    for (from, step) in [(nil, 1), (2, 2)] {
      driver.tick()
      let overrides = Overrides(prompt: "be brief", params: ["temperature": .integer(0)])
      _ = try driver.store.move(
        .ids([item]), .retry(fromStep: from, overrides: overrides), of: driver.run,
        request: driver.request("r\(step)"), at: driver.now)
      let claimed = try #require(try driver.claim().items.first)
      #expect(claimed.overrides.editedStep == step)
      #expect(claimed.overrides.prompt(ofStep: step) == "be brief")
      #expect(claimed.overrides.prompt(ofStep: 0) == nil)
      #expect(claimed.overrides.params(["top_p": .integer(1)], ofStep: 0) == ["top_p": .integer(1)])
      try driver.apply(
        .itemMoved(
          ItemMoved(item: item, to: .failed, step: step, signature: Signature(text: "no"))))
    }
  }
}
