// What waits and what is given up, counted against a plain recount.

import BatchModel
import Outbox
import Resilience
import Testing

@Suite("The backlog")
struct BacklogTests {
  private static let bounds = Backlog.Bounds(bytesMax: 10_000, keep: .seconds(7 * 86_400))

  /// Trims as the runtime does: pages of so many entries.
  private static func trim(
    _ backlog: inout Backlog, _ entries: [OutboxEntry], _ bounds: Backlog.Bounds, page: Int = 7
  ) {
    while true {
      switch backlog.trim(bounds) {
      case .nothing: return
      case .low(let after):
        let shown = Array(entries.filter { $0.sequence > after }.prefix(page))
        backlog.giveUpLow(shown, isLast: shown.count < page, bounds)
      case .high(let after):
        backlog.giveUpAny(Array(entries.filter { $0.sequence > after }.prefix(page)), bounds)
      }
    }
  }

  @Test("gives up the oldest events of little weight first, and counts each")
  func lowFirst() {
    let driver = RelayDriver(seed: 1)
    for _ in 0..<100 {
      driver.append(1, rank: .low)
      driver.append(1, rank: .high)
    }
    Self.trim(&driver.backlog, driver.entries, Self.bounds)
    #expect(driver.backlog.sizeBytes == 10_000)
    #expect(driver.backlog.cursor.lost == 100)
    let pending = driver.entries.filter { driver.backlog.cursor.isPending($0) }
    #expect(pending.count == driver.backlog.pending)
    #expect(pending.allSatisfy { $0.rank == .high })
  }

  @Test(
    "keeps its numbers true through any mixture of growth, delivery and loss", arguments: 0..<200)
  func recount(seed: Int) {
    let driver = RelayDriver(seed: UInt64(seed))
    let ranks: [OutboxRank] = [.none, .low, .high]
    for _ in 0..<60 {
      switch driver.random.next() % 3 {
      case 0, 1:
        for _ in 0..<(driver.random.next() % 30) {
          driver.append(
            1, rank: ranks[Int(driver.random.next() % 3)],
            sizeBytes: Int(driver.random.next() % 400))
        }
        Self.trim(&driver.backlog, driver.entries, Self.bounds)
        #expect(driver.backlog.sizeBytes <= Self.bounds.bytesMax)
      default: driver.step()
      }
      let pending = driver.entries.filter { driver.backlog.cursor.isPending($0) }
      #expect(driver.backlog.pending == pending.count)
      #expect(driver.backlog.sizeBytes == pending.map(\.sizeBytes).reduce(0, +))
    }
    let cursor = driver.backlog.cursor
    let wanted = driver.entries.filter { $0.rank != .none }.count
    #expect(
      Int(cursor.delivered + cursor.lost + cursor.failed) + driver.backlog.pending == wanted)
  }

  @Test("gives up what has waited for more than seven days, whatever its weight")
  func expiry() {
    let driver = RelayDriver(seed: 2)
    driver.append(10)
    let old = driver.now
    driver.now = old.advanced(by: .seconds(86_400))
    driver.append(10, rank: .low)
    let now = old.advanced(by: Self.bounds.keep).advanced(by: .seconds(1))
    #expect(driver.backlog.expire(driver.entries, Self.bounds, at: now) == false)
    #expect(driver.backlog.pending == 10)
    #expect(driver.backlog.cursor.lost == 10)
    #expect(driver.backlog.cursor.position == 10)
  }
}
