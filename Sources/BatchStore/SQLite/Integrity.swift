// Whether the pages of a store's file hang together, asked of SQLite.

extension SQLiteReader {
  /// What is wrong with the file's structure, in SQLite's words; `nil` when nothing is.
  ///
  /// Reads the whole file; indexes are not compared with their tables.
  package func structuralProblem() throws(StoreError) -> String? {
    try read { connection throws(StoreError) in
      let answer = try connection.composed("PRAGMA quick_check(1)").first { row in row.text(0) }
      return answer == "ok" ? nil : answer ?? "no answer"
    }
  }
}
