// A backlog counted and trimmed with the store's pages: the relay and the doctor do both.

import BatchModel
import BatchStore
import Outbox

extension Backlog {
  private static let pageSize = 2_000

  /// Counts everything that waits and is not counted yet.
  ///
  /// - Parameter each: shown each page before it is counted.
  mutating func count(
    in store: any StoreReading, each: ([OutboxEntry]) -> Void = { _ in }
  ) throws(StoreError) {
    while true {
      let page = try store.outboxEntries(after: tail, limit: Self.pageSize)
      each(page)
      count(page)
      if page.count < Self.pageSize { return }
    }
  }

  /// Gives up what is too much, the least important first.
  mutating func trim(_ bounds: Bounds, showing store: any StoreReading) throws(StoreError) {
    while true {
      switch trim(bounds) {
      case .nothing: return
      case .low(let after):
        let page = try store.outboxEntries(after: after, limit: Self.pageSize)
        giveUpLow(
          page.filter { $0.sequence <= tail }, isLast: page.count < Self.pageSize, bounds)
      case .high(let after):
        let page = try store.outboxEntries(after: after, limit: Self.pageSize)
        giveUpAny(page.filter { $0.sequence <= tail }, bounds)
      }
    }
  }
}
