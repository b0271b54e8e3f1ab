// One prepared statement, run through SQLite's own calls: the hot paths cannot afford boxed rows.

import GRDB
import GRDBSQLite

/// A prepared statement.
///
/// A call resets it when it ends, so no read outlives the call.
///
/// *Concurrency*: only inside its connection's queue. A command is not run inside its own `body`.
final class Command {
  /// Keeps the pointer alive.
  private let statement: Statement
  fileprivate let pointer: OpaquePointer
  fileprivate let path: String

  init(_ statement: Statement, path: String) {
    self.statement = statement
    self.pointer = statement.sqliteStatement
    self.path = path
  }

  /// Runs a statement that returns no rows.
  func run<each Value: Binding>(_ values: repeat each Value) throws(StoreError) {
    try bind(repeat each values)
    defer { sqlite3_reset(pointer) }
    while try step() {}
  }

  /// Runs a statement that returns no rows and has many arguments; `bind` gives them in order.
  func run(bind: (inout Arguments) -> Void) throws(StoreError) {
    var arguments = Arguments(pointer)
    bind(&arguments)
    try check(arguments.code)
    defer { sqlite3_reset(pointer) }
    while try step() {}
  }

  /// Calls `body` for every row.
  func forEach<each Value: Binding>(
    _ values: repeat each Value, body: (Row) throws(StoreError) -> Void
  ) throws(StoreError) {
    try bind(repeat each values)
    defer { sqlite3_reset(pointer) }
    while try step() { try body(Row(command: self)) }
  }

  /// What `read` makes of the first row; `nil` when there is none.
  func first<Result, each Value: Binding>(
    _ values: repeat each Value, read: (Row) throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    try bind(repeat each values)
    defer { sqlite3_reset(pointer) }
    return try step() ? try read(Row(command: self)) : nil
  }

  /// How many rows from the first on satisfy `isIn`.
  func firstRows<each Value: Binding>(
    _ values: repeat each Value, while isIn: (Row) -> Bool
  ) throws(StoreError) -> Int {
    try bind(repeat each values)
    defer { sqlite3_reset(pointer) }
    var count = 0
    while try step(), isIn(Row(command: self)) { count += 1 }
    return count
  }

  /// What `read` makes of every row.
  func all<Result, each Value: Binding>(
    _ values: repeat each Value, read: (Row) throws(StoreError) -> Result
  ) throws(StoreError) -> [Result] {
    var results: [Result] = []
    try bind(repeat each values)
    defer { sqlite3_reset(pointer) }
    while try step() { results.append(try read(Row(command: self))) }
    return results
  }

  /// Runs a statement whose arguments were gathered at run time.
  func all<Result>(
    arguments: [any Binding], read: (Row) throws(StoreError) -> Result
  ) throws(StoreError) -> [Result] {
    var index: Int32 = 0
    for value in arguments {
      index += 1
      try check(value.bind(to: pointer, at: index))
    }
    defer { sqlite3_reset(pointer) }
    var results: [Result] = []
    while try step() { results.append(try read(Row(command: self))) }
    return results
  }

  private func bind<each Value: Binding>(_ values: repeat each Value) throws(StoreError) {
    var index: Int32 = 0
    for value in repeat each values {
      index += 1
      try check(value.bind(to: pointer, at: index))
    }
  }

  private func check(_ code: Int32) throws(StoreError) {
    guard code == SQLITE_OK else { throw failure(code) }
  }

  private func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(pointer)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else { throw failure(code) }
    return false
  }

  private func failure(_ code: Int32) -> StoreError {
    let connection = sqlite3_db_handle(pointer)
    return .sqlite(
      sqlite3_extended_errcode(connection), message: String(cString: sqlite3_errmsg(connection)),
      path: path)
  }
}

/// A statement's arguments, bound one after the other.
struct Arguments {
  private let pointer: OpaquePointer
  private var index: Int32 = 0
  /// The first failure.
  fileprivate var code = SQLITE_OK

  fileprivate init(_ pointer: OpaquePointer) { self.pointer = pointer }

  mutating func append(_ value: some Binding) {
    index += 1
    let code = value.bind(to: pointer, at: index)
    if self.code == SQLITE_OK { self.code = code }
  }
}

/// The row that a command stands on; valid inside the command's `body` or `read` only.
struct Row {
  fileprivate let command: Command

  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(command.pointer, column) }

  func count(_ column: Int32) -> Int { Int(int(column)) }

  func real(_ column: Int32) -> Double { sqlite3_column_double(command.pointer, column) }

  func flag(_ column: Int32) -> Bool { int(column) != 0 }

  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(command.pointer, column) == SQLITE_NULL
  }

  func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

  /// The column's text as bytes, valid inside `body`.
  func withText<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let text = sqlite3_column_text(command.pointer, column)
    let size = Int(sqlite3_column_bytes(command.pointer, column))
    return body(UnsafeBufferPointer(start: text, count: text == nil ? 0 : size))
  }

  func text(_ column: Int32) -> String { withText(column) { String(decoding: $0, as: UTF8.self) } }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// A coded value; an unknown number means a damaged file, never a default.
  func coded<Value: Coded>(_ type: Value.Type, _ column: Int32) throws(StoreError) -> Value {
    let code = int(column)
    guard Value.byCode.indices.contains(Int(code)), !isNull(column) else {
      throw damaged("\(code) is no \(Value.self)")
    }
    return Value.byCode[Int(code)]
  }

  func optionalCoded<Value: Coded>(
    _ type: Value.Type, _ column: Int32
  ) throws(StoreError) -> Value? {
    isNull(column) ? nil : try coded(type, column)
  }

  func damaged(_ reason: String) -> StoreError { .corrupt(path: command.path, reason: reason) }
}
