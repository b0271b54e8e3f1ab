// Every row of a run, page by page, so that no transaction lasts and memory stays small.

import BatchModel
import BatchStore

extension StoreReading {
  /// Calls `body` with every row that a filter lets through, in source order.
  func forEachRow(of run: RunID, filter: ItemFilter, _ body: (ItemRow) throws -> Void) throws {
    var start = ItemQuery.Start.first
    while true {
      let page = try page(
        ItemQuery(filter: filter, order: .source, start: start, limit: 1000), of: run)
      for row in page.rows { try body(row) }
      guard page.hasLater, let last = page.rows.last else { return }
      start = .after(last.id)
    }
  }

  /// The row with exactly this key and occurrence.
  func row(_ key: String, _ occurrence: Int, in run: RunID) throws -> ItemRow? {
    try find(key, in: run, limit: occurrence + 8)
      .first { $0.key == key && $0.occurrence == occurrence }
  }
}
