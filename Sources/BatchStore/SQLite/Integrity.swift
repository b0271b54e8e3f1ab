// Whether a store's file hangs together by itself: its tables are this program's, its pages and indexes
// are whole, and its definitions are what their digests say.

import BatchModel
import GRDB

extension SQLiteReader {
  /// What is wrong with the file itself; `nil` when nothing is.
  ///
  /// Whether its rows are what the ledger says is a question of its own.
  ///
  /// *Cost*: reads the whole file, and compares indexes with their tables.
  package func structuralProblem() throws(StoreError) -> String? {
    try read { connection throws(StoreError) in
      if let problem = try connection.schemaProblem() { return problem }
      let answer = try connection.composed("PRAGMA integrity_check(1)")
        .first { row in row.text(0) }
      guard answer == "ok" else { return answer ?? "no answer" }
      return try connection.definitionProblem()
    }
  }
}

extension Connection {
  /// Tables that are not those of the version that the file claims.
  ///
  /// The texts are compared as SQLite keeps them: it makes the same ones from the same migrations.
  fileprivate func schemaProblem() throws(StoreError) -> String? {
    let version = Int(try number(of: "user_version"))
    guard Schema.migrations.indices.contains(version - 1) else {
      return "its schema is \(version), which no version has"
    }
    let mine = try tables()
    let expected: [String]
    do {
      let model = try DatabaseQueue()
      expected = try model.inDatabase { database in
        let connection = Connection(database, path: ":memory:")
        defer { connection.finish() }
        try connection.execute(Schema.migrations[..<version].joined(separator: "\n"))
        return try connection.tables()
      }
    } catch {
      throw .wrapping(error, path: path)
    }
    return mine == expected ? nil : "its tables are not those of schema \(version)"
  }

  private func tables() throws(StoreError) -> [String] {
    try self("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all { row in
      (0...3).map { row.optionalText(Int32($0)) ?? "" }.joined(separator: " ")
    }
  }

  fileprivate func definitionProblem() throws(StoreError) -> String? {
    try self("SELECT digest, text FROM definitions ORDER BY digest").all { row in
      (row.text(0), Digest(of: row.text(1)).hex)
    }.first { $0.0 != $0.1 }.map { "the definition \($0.0) is not what its digest says" }
  }
}
