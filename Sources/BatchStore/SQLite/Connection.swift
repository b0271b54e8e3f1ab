// An open connection with its prepared statements, kept for as long as the file is open.

import BatchModel
import GRDB
import GRDBSQLite

/// A connection's statements by their text.
///
/// *Concurrency*: only inside the GRDB queue that owns `database`.
package final class Connection {
  let path: String
  private let database: Database
  /// By the address of the literal: a lookup costs a hash of one word.
  private var literals: [UnsafePointer<UInt8>: Command] = [:]
  private var composed: [String: Command] = [:]
  /// Events that were read, by their sequences; `nil` where none are kept.
  private var known: [Int64: Change]?

  /// So many events are kept at most.
  private static let knownMax = 256

  /// - Parameter keepsEvents: for a connection that sees committed events only: those never change.
  init(_ database: Database, path: String, keepsEvents: Bool = false) {
    self.database = database
    database.add(function: KeyPattern.function())
    self.path = path
    known = keepsEvents ? [:] : nil
  }

  /// The change of an event.
  func change(_ sequence: Int64) throws(StoreError) -> Change {
    if let change = known?[sequence] { return change }
    let change = try self("SELECT body FROM events WHERE sequence = ?")
      .first(sequence) { row throws(StoreError) in try row.json(Change.self, 0) }
    guard let change else { throw .corrupt(path: path, reason: "event \(sequence) is missing") }
    if let count = known?.count, count >= Self.knownMax { known = [:] }
    known?[sequence] = change
    return change
  }

  /// The statement of a literal, prepared once.
  func callAsFunction(_ sql: StaticString) throws(StoreError) -> Command {
    if let command = literals[sql.utf8Start] { return command }
    let command = try prepare(sql.description)
    literals[sql.utf8Start] = command
    return command
  }

  /// The statement of a text that was put together; there is a bounded number of shapes.
  func composed(_ sql: String) throws(StoreError) -> Command {
    if let command = composed[sql] { return command }
    let command = try prepare(sql)
    composed[sql] = command
    return command
  }

  /// Runs a script of statements without arguments.
  func execute(_ script: String) throws(StoreError) {
    var message: UnsafeMutablePointer<CChar>?
    let code = sqlite3_exec(database.sqliteConnection, script, nil, nil, &message)
    defer { sqlite3_free(message) }
    guard code != SQLITE_OK else { return }
    let reason = message.map { String(cString: $0) } ?? "no message"
    throw .sqlite(sqlite3_extended_errcode(database.sqliteConnection), message: reason, path: path)
  }

  /// A pragma's single number.
  func number(of pragma: String) throws(StoreError) -> Int64 {
    try composed("PRAGMA \(pragma)").first { row in row.int(0) } ?? 0
  }

  /// Rows that the latest statement inserted, changed or deleted.
  var changed: Int { Int(sqlite3_changes(database.sqliteConnection)) }

  var isInTransaction: Bool { sqlite3_get_autocommit(database.sqliteConnection) == 0 }

  /// Forgets every statement; before the connection closes.
  func finish() {
    literals = [:]
    composed = [:]
  }

  private func prepare(_ sql: String) throws(StoreError) -> Command {
    do {
      return Command(try database.makeStatement(sql: sql), path: path)
    } catch {
      throw .wrapping(error, path: path)
    }
  }
}
