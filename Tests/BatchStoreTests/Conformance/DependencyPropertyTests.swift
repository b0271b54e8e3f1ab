// Whatever happens to a run, each item stands where its dependencies say, and the counts are right.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Dependencies and counts under random work")
struct DependencyPropertyTests {
  @Test("Every item stands where its dependencies put it", arguments: 0..<24)
  func standing(seed: UInt64) throws {
    var run = try RandomRun(StoreForm.memory.make(), seed: seed)
    for _ in 0..<100 {
      try run.step()
      try Self.check(run)
    }
  }

  /// Compares with what a naive look at all items and their `after` says.
  private static func check(_ run: RandomRun) throws {
    let driver = run.driver
    // Items that were given back behind a failed dependency are skipped by the next claim.
    let claimed = try driver.claim(1_000).items.map(\.id)
    driver.store.release(claimed)
    let rows = try driver.rows()
    var counts = ItemCounts()
    for row in rows { counts[row.state] += 1 }
    #expect(try driver.counts == counts)
    let live = rows.filter { !($0.state == .cancelled && $0.note == "gone") }
    let byKey = Dictionary(grouping: live, by: \.key)
    var ready = 0
    for row in live {
      let after = try driver.store.detail(of: row.id)?.after ?? []
      // An item that needs what the source does not have never starts.
      let isMissing = after.contains { byKey[$0] == nil }
      let needs = isMissing ? [] : after.flatMap { byKey[$0] ?? [] }
      let isBlocked = needs.contains(where: isBad)
      let isHeld = run.held[row.id] != nil
      if isBlocked, !isHeld {
        #expect(row.state != .queued && row.state != .waiting, "\(row) needs \(needs)")
      }
      if row.state == .skipped, row.skipReason == .dependencyFailed {
        #expect(isBlocked, "\(row) is skipped without a reason: \(needs)")
      }
      let isOpen =
        row.state == .queued || (row.state == .waiting && row.waitUntil ?? row.since <= driver.now)
      if isOpen, !isHeld, !isMissing, needs.allSatisfy(isSatisfied) { ready += 1 }
    }
    #expect(claimed.count == ready)
  }

  private static func isSatisfied(_ row: ItemRow) -> Bool {
    row.state == .done || row.skipReason == .unchanged || row.skipReason == .olderRecipe
  }

  private static func isBad(_ row: ItemRow) -> Bool {
    row.state == .failed || row.state == .cancelled
      || (row.state == .skipped && !isSatisfied(row))
  }
}
