// What a failure does to the items that come after, and its being taken back.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Dependants")
struct DependencyTests {
  private func chain(_ form: StoreForm) throws -> Driver {
    let driver = try Driver(form.make())
    try driver.source([
      Driver.item("a"), Driver.item("b", after: ["a"]), Driver.item("c", after: ["b"]),
      Driver.item("other"),
    ])
    return driver
  }

  @Test("A failure skips all that come after, with the cause named", arguments: StoreForm.allCases)
  func skips(_ form: StoreForm) throws {
    let driver = try chain(form)
    try driver.fail(try driver.claim(1).items[0].id)
    for key in ["b", "c"] {
      let row = try driver.row(key)
      #expect(row.state == .skipped)
      #expect(row.skipReason == .dependencyFailed)
      #expect(row.note == "needs a")
    }
    #expect(try driver.counts == ItemCounts(queued: 1, skipped: 2, failed: 1))
  }

  @Test("A retry takes it back, and success lets them run", arguments: StoreForm.allCases)
  func takenBack(_ form: StoreForm) throws {
    let driver = try chain(form)
    let item = try driver.claim(1).items[0].id
    try driver.fail(item)
    try driver.move(item, to: .queued)
    #expect(try driver.counts == ItemCounts(queued: 4))
    #expect(try driver.claim().items.map(\.key) == ["a", "other"])
    try driver.finish(item)
    #expect(try driver.claim().items.map(\.key) == ["b"])
  }

  @Test("Only some skips satisfy", arguments: StoreForm.allCases, SkipReason.allTested)
  func skipReasons(_ form: StoreForm, _ reason: SkipReason) throws {
    let driver = try chain(form)
    let item = try driver.claim(1).items[0].id
    try driver.apply(
      .itemMoved(ItemMoved(item: item, to: .skipped, step: 0, skipReason: reason)))
    let satisfies = reason == .unchanged || reason == .olderRecipe
    #expect(try driver.state("b") == (satisfies ? .queued : .skipped))
    #expect(try driver.claim().items.map(\.key) == (satisfies ? ["b", "other"] : ["other"]))
  }

  @Test("An item that is held runs to its end although its dependency fails meanwhile")
  func held() throws {
    let driver = try chain(.memory)
    let first = try driver.claim(1).items[0].id
    try driver.finish(first)
    let second = try driver.claim(1).items[0].id
    try driver.move(first, to: .queued)
    try driver.fail(first)
    #expect(try driver.state("b") == .queued)
    try driver.finish(second)
    #expect(try driver.state("b") == .done)
  }

  @Test("An item that is given back behind a failure is skipped", arguments: StoreForm.allCases)
  func givenBack(_ form: StoreForm) throws {
    let driver = try chain(form)
    let first = try driver.claim(1).items[0].id
    try driver.finish(first)
    let second = try driver.claim(1).items[0].id
    try driver.move(first, to: .queued)
    try driver.fail(first)
    driver.store.release([second])
    #expect(try driver.claim().items.map(\.key) == ["other"])
    #expect(try driver.state("b") == .skipped)
    #expect(try driver.state("c") == .skipped)
  }

  @Test("A failure with thousands of dependants is one change and a few events")
  func many() throws {
    let driver = try Driver(StoreForm.memory.make())
    let items =
      [Driver.item("root")] + (0..<12_000).map { Driver.item("d\($0)", after: ["root"]) }
    try driver.source(items)
    let before = try driver.store.entries(of: nil, after: 0, limit: 1_000).count
    try driver.fail(try driver.claim(1).items[0].id)
    #expect(try driver.counts == ItemCounts(skipped: 12_000, failed: 1))
    #expect(try driver.store.entries(of: nil, after: 0, limit: 1_000).count == before + 6)
    try driver.move(try driver.id("root"), to: .queued)
    #expect(try driver.counts == ItemCounts(queued: 12_001))
  }

  @Test("The artifacts of what an item comes after are found", arguments: StoreForm.allCases)
  func artifacts(_ form: StoreForm) throws {
    let driver = try chain(form)
    try driver.finish(try driver.claim(1).items[0].id, artifact: "out/a")
    let artifacts = try driver.store.artifacts(ofDependencies: try driver.id("b"))
    #expect(artifacts == [Artifact(path: "out/a", object: driver.sealed("out/a"))])
    #expect(try driver.store.artifacts(ofDependencies: try driver.id("a")) == [])
  }
}

extension SkipReason {
  fileprivate static let allTested: [SkipReason] = [.unchanged, .olderRecipe, .byHand]
}
