// What both SQLite forms share: the reading side over any connection.

/// A reading side that can lend its connection.
package protocol SQLiteReading: StoreReading {
  var path: String { get }
  /// Runs `body` on one consistent state of the store.
  func read<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value
}
