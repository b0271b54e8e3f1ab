// Marked items: a trial run's, and those that a narrowed run lets through.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Scopes of claims")
struct ScopeTests {
  private func driver(_ form: StoreForm, count: Int = 100) throws -> Driver {
    let driver = try Driver(form.make())
    try driver.source((0..<count).map { Driver.item("k\($0)") })
    return driver
  }

  private func mark(_ driver: Driver, _ scope: ClaimScope, _ selection: Selection) throws -> Int {
    try driver.store.mark(scope, selection, of: driver.run, at: driver.now)
  }

  @Test("A trial takes the first items, or evenly spread ones", arguments: StoreForm.allCases)
  func picks(_ form: StoreForm) throws {
    let driver = try driver(form)
    #expect(try mark(driver, .canary, .pick(.first, count: 3, seed: 1)) == 3)
    var claim = try driver.claim(100, .canary)
    #expect(claim.items.map(\.ordinal) == [1, 2, 3])
    driver.store.release(claim.items.map(\.id))
    #expect(try mark(driver, .canary, .pick(.spread, count: 4, seed: 1)) == 4)
    claim = try driver.claim(100, .canary)
    #expect(claim.items.map(\.ordinal) == [1, 26, 51, 76])
    #expect(claim.open == 0)
  }

  @Test("A random trial depends on its seed alone", arguments: StoreForm.allCases)
  func random(_ form: StoreForm) throws {
    let driver = try driver(form)
    func drawn(_ seed: UInt64) throws -> [Int64] {
      #expect(try mark(driver, .canary, .pick(.random, count: 10, seed: seed)) == 10)
      let items = try driver.claim(100, .canary).items
      driver.store.release(items.map(\.id))
      return items.map(\.ordinal)
    }
    let first = try drawn(1)
    #expect(try drawn(1) == first)
    #expect(try drawn(2) != first)
    #expect(Set(first).count == 10)
  }

  @Test("A glob, a limit and a sample narrow a run", arguments: StoreForm.allCases)
  func narrowed(_ form: StoreForm) throws {
    let driver = try driver(form)
    let all = Selection.matching(glob: "k1*", limit: nil, sample: nil, seed: 0)
    #expect(try mark(driver, .focus, all) == 11)
    let some = Selection.matching(glob: "k1*", limit: 5, sample: 2, seed: 0)
    #expect(try mark(driver, .focus, some) == 2)
    #expect(try driver.claim(100, .focus).items.count == 2)
    #expect(try mark(driver, .focus, .matching(glob: "z*", limit: nil, sample: nil, seed: 0)) == 0)
  }

  @Test("The marked items' counts follow them", arguments: StoreForm.allCases)
  func counts(_ form: StoreForm) throws {
    let driver = try driver(form)
    _ = try mark(driver, .canary, .pick(.first, count: 3, seed: 1))
    let items = try driver.claim(3, .canary).items
    try driver.finish(items[0].id)
    try driver.fail(items[1].id)
    #expect(
      try driver.store.counts(of: .canary, in: driver.run)
        == ItemCounts(queued: 1, done: 1, failed: 1))
    driver.store.release([items[2].id])
    let claim = try driver.claim(10, .canary)
    #expect(claim.items.map(\.id) == [items[2].id])
    try driver.move(items[2].id, to: .waiting)
    let waiting = try driver.claim(10, .canary)
    #expect(waiting.open == 1)
    #expect(waiting.nextDue != nil)
    _ = try mark(driver, .canary, .pick(.first, count: 1, seed: 1))
    #expect(try driver.store.counts(of: .canary, in: driver.run) == ItemCounts(waiting: 1))
  }
}
