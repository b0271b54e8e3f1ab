// The Swift values that a statement takes as arguments, bound without boxing.

import BatchModel
import GRDBSQLite

/// A value for a statement's placeholder.
protocol Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// SQLite copies the bytes before `sqlite3_bind_…` returns.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private func bindText(
  _ bytes: UnsafeRawBufferPointer, to statement: OpaquePointer, at index: Int32
) -> Int32 {
  // An empty buffer may have no address, which SQLite would take for NULL.
  guard !bytes.isEmpty else { return sqlite3_bind_text(statement, index, "", 0, copied) }
  let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress
  return sqlite3_bind_text(statement, index, text, Int32(bytes.count), copied)
}

extension Int64: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self)
  }
}

extension Int: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, Int64(self))
  }
}

extension Double: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_double(statement, index, self)
  }
}

extension String: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bindText(UnsafeRawBufferPointer($0), to: statement, at: index) }
  }
}

extension Optional: Binding where Wrapped: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    guard let value = self else { return sqlite3_bind_null(statement, index) }
    return value.bind(to: statement, at: index)
  }
}

extension Bool: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self ? 1 : 0)
  }
}

extension Digest: Binding {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    hex.bind(to: statement, at: index)
  }
}

/// UTF-8 bytes in an array that are stored as text.
struct TextView: Binding {
  var bytes: [UInt8]
  init(_ bytes: [UInt8]) { self.bytes = bytes }
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.withUnsafeBytes { bindText($0, to: statement, at: index) }
  }
}
