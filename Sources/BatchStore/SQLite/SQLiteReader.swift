// The SQLite form of the reading side for everyone but the engine: never writes, never checkpoints.

import GRDB
import Glibc

/// A read-only connection to a store that another process may be writing.
///
/// *Concurrency*: safe from any thread; calls follow each other. Who wants a long scan beside quick
/// pages opens two.
///
/// `@unchecked Sendable`: the connection and `isTogether` are touched only inside the serial queue.
package final class SQLiteReader: SQLiteReading, @unchecked Sendable {
  package let path: String
  private let queue: DatabaseQueue
  private let connection: Connection
  /// The reads of this moment share a transaction.
  private var isTogether = false

  /// Opens the store's file for reading.
  ///
  /// - Throws: `newerSchema`; `unavailable` when there is no store.
  package init(path: String) throws(StoreError) {
    self.path = path
    queue = try Self.patiently { () throws(StoreError) in try Self.open(path) }
    connection = queue.inDatabase { Connection($0, path: path, keepsEvents: true) }
    try read { connection throws(StoreError) in
      try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -8000")
    }
  }

  deinit {
    connection.finish()
  }

  private static func open(_ path: String) throws(StoreError) -> DatabaseQueue {
    guard let version = try StoreFile(path: path).version(), version > 0 else {
      throw .unavailable(path: path, reason: "there is no store yet; `footplate run` makes it")
    }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.label = "footplate.reader"
      configuration.busyMode = .timeout(2)
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  /// Tries again what found the store busy.
  ///
  /// While an engine closes it, it is busy at once, without the time-out, and free a moment later.
  private static func patiently<Value>(
    _ body: () throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    for milliseconds in [2, 10, 50, 200] as [UInt32] {
      do throws(StoreError) {
        return try body()
      } catch {
        guard error.isRetryable else { throw error }
        usleep(milliseconds * 1000)
      }
    }
    return try body()
  }

  /// - Parameter body: may be called again.
  package func read<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError)
    -> Value
  {
    try Self.patiently { () throws(StoreError) in try readOnce(body) }
  }

  private func readOnce<Value>(
    _ body: (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    do {
      return try queue.unsafeReentrantWrite { _ in
        if isTogether { return try body(connection) }
        // One snapshot for all statements of a call; it ends with the call.
        try connection("BEGIN").run()
        defer { try? connection("COMMIT").run() }  // nothing was written: nothing can be lost
        return try body(connection)
      }
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  package func together<Value>(_ body: () throws -> Value) throws -> Value {
    try queue.unsafeReentrantWrite { _ in
      guard !isTogether else { return try body() }
      try connection("BEGIN").run()
      isTogether = true
      defer {
        isTogether = false
        try? connection("COMMIT").run()  // nothing was written: nothing can be lost
      }
      return try body()
    }
  }

  package func changeCounter() throws(StoreError) -> Int64 {
    do {
      return try queue.unsafeReentrantWrite { _ in try connection.number(of: "data_version") }
    } catch {
      throw .wrapping(error, path: path)
    }
  }
}
