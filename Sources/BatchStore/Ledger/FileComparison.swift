// What a ledger says of files, looked up in a store. One-sided, unlike the tables of whole rows: what
// an older Footplate noted of files was less exact, and more is not wrong.

import BatchModel

/// Compares what made and used files.
struct FileComparison {
  private static let pageSize = 4_000
  let ledger: any SQLiteReading
  let store: any SQLiteReading

  /// What the ledger gives and the store has not.
  func problems() throws(StoreError) -> [LedgerProblem] {
    [try missingRoles(), try missingSources()].compactMap { $0 }
  }

  private struct Missing {
    var rows = 0
    var example = ""

    mutating func note(_ key: String) {
      rows += 1
      if example.isEmpty { example = key }
    }

    func problem(in table: String) -> LedgerProblem? {
      rows == 0 ? nil : .state(table: table, rows: rows, example: example)
    }
  }

  private func missingRoles() throws(StoreError) -> LedgerProblem? {
    var missing = Missing()
    var last = (path: Int64.min, item: Int64.min)
    while true {
      let page = try ledger.read { connection throws(StoreError) in
        try connection(
          """
          SELECT path, item, role FROM item_files WHERE (path, item) > (?, ?)
          ORDER BY path, item LIMIT ?
          """
        ).all(last.path, last.item, Self.pageSize) { row in
          (path: row.int(0), item: row.int(1), role: row.int(2))
        }
      }
      guard let end = page.last else { return missing.problem(in: "item_files") }
      last = (end.path, end.item)
      try store.read { connection throws(StoreError) in
        for row in page {
          let found = try connection("SELECT role FROM item_files WHERE path = ? AND item = ?")
            .first(row.path, row.item) { $0.int(0) }
          // Older ones did not note what came after what.
          let wanted = row.role & ~FileRole.upstream.rawValue
          if (found ?? 0) & wanted != wanted { missing.note("\(row.item)") }
        }
      }
    }
  }

  private func missingSources() throws(StoreError) -> LedgerProblem? {
    var missing = Missing()
    var last = (path: "", sequence: Int64.min)
    while true {
      let page = try ledger.read { connection throws(StoreError) in
        try connection(
          """
          SELECT path, sequence FROM tracked_sources WHERE (path, sequence) > (?, ?)
          ORDER BY path, sequence LIMIT ?
          """
        ).all(last.path, last.sequence, Self.pageSize) { row in
          (path: row.text(0), sequence: row.int(1))
        }
      }
      guard let end = page.last else { return missing.problem(in: "tracked_sources") }
      last = end
      try store.read { connection throws(StoreError) in
        for row in page {
          let found = try connection(
            "SELECT 1 FROM tracked_sources WHERE path = ? AND sequence = ?"
          ).first(row.path, row.sequence) { $0.flag(0) }
          if found == nil { missing.note("\(row.sequence)") }
        }
      }
    }
  }
}
