// The SQLite form of the store's writing side: the one connection that writes and checkpoints.

package import BatchModel
import Foundation
import GRDB

/// A store in an SQLite file (or in memory, for simulations).
///
/// *Concurrency*: calls are serialised by the connection's queue; the engine's order comes from the
/// write queue, which is the only caller while a run is worked on.
///
/// `@unchecked Sendable`: every `var` below is touched only inside `exclusive`, whose queue is serial.
package final class SQLiteStore: StoreWriting, SQLiteReading, @unchecked Sendable {
  /// How hard a commit is pushed to the disk.
  package enum Durability: Sendable {
    /// `synchronous = FULL`: a commit survives a loss of power.
    case full
    /// No syncs at all: for simulations and for replays that are thrown away.
    case none
  }

  /// Where the file is; `:memory:` for none.
  package let path: String
  let objects: any ObjectStoring
  let mirror: LedgerMirror?
  private let queue: DatabaseQueue
  private let connection: Connection
  /// What the engine holds; forgotten when the process ends, which is what a crash means.
  var window = Window()
  /// The newest event's sequence.
  var sequence: Int64 = 0
  var runs: [RunID: RunRecord] = [:]
  var comparisons: [RunID: SourceComparison] = [:]
  private var commits: Int64 = 0

  /// Opens the store's file, or makes it, and brings it to this program's schema.
  ///
  /// - Parameter mirrorFolder: `runs/`, where each run's `ledger.ndjson` lies; `nil` keeps none.
  /// - Throws: `newerSchema` with the file untouched; `corrupt`; `unavailable`.
  package convenience init(
    path: String, objects: any ObjectStoring, mirrorFolder: String?,
    durability: Durability = .full
  ) throws(StoreError) {
    let file = StoreFile(path: path)
    let version = try file.version()
    if version == nil { try file.create() }
    try self.init(
      path: path, version: version ?? 0, objects: objects, mirrorFolder: mirrorFolder,
      durability: durability)
  }

  /// A store that lives as long as this value.
  package convenience init(inMemoryWith objects: any ObjectStoring) throws(StoreError) {
    try self.init(
      path: ":memory:", version: 0, objects: objects, mirrorFolder: nil, durability: .none)
  }

  private init(
    path: String, version: Int, objects: any ObjectStoring, mirrorFolder: String?,
    durability: Durability
  ) throws(StoreError) {
    self.path = path
    self.objects = objects
    mirror = mirrorFolder.map {
      LedgerMirror(folder: $0, objects: objects, isDurable: durability == .full)
    }
    do {
      var configuration = Configuration()
      configuration.label = "footplate.store"
      configuration.busyMode = .timeout(5)
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw .wrapping(error, path: path)
    }
    connection = queue.inDatabase { Connection($0, path: path) }
    try prepare(version: version, durability: durability)
  }

  deinit {
    connection.finish()
  }

  /// Syncs the mirror and closes the file.
  ///
  /// Nothing may be called afterwards.
  package func close() throws(StoreError) {
    try exclusive { _ throws(StoreError) in try mirror?.sync() }
    queue.inDatabase { _ in connection.finish() }
    do { try queue.close() } catch { throw .wrapping(error, path: path) }
  }

  /// Runs `body` alone on the connection.
  func exclusive<Value>(
    _ body: (Connection) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    do {
      return try queue.inDatabase { _ in try body(connection) }
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  package func read<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError)
    -> Value
  {
    try exclusive(body)
  }

  package func changeCounter() throws(StoreError) -> Int64 {
    // `data_version` counts the commits of other connections only; here those are none.
    try exclusive { _ in commits }
  }

  /// One transaction: `body`, then the commit, then the mirror.
  ///
  /// All or nothing; on an error the memory beside the file (window, numbers, caches) is as it was.
  @discardableResult
  func transact<Value>(
    mode: Transaction.Mode = .live, _ body: (Transaction) throws(StoreError) -> Value
  ) throws(StoreError) -> Value {
    try exclusive { connection throws(StoreError) in
      let transaction = Transaction(
        connection, mode: mode, objects: objects, window: window, sequence: sequence, runs: runs)
      try connection.execute("BEGIN IMMEDIATE")
      let value: Value
      do throws(StoreError) {
        value = try body(transaction)
        try transaction.flush()
        try connection.execute("COMMIT")
      } catch {
        runs = [:]
        // The error that is thrown matters more; SQLite has often rolled back by itself already.
        if connection.isInTransaction { try? connection.execute("ROLLBACK") }
        throw error
      }
      window = transaction.window
      sequence = transaction.sequence
      runs = transaction.runs
      commits += 1
      try mirror?.append(transaction.events)
      return value
    }
  }

  private func prepare(version: Int, durability: Durability) throws(StoreError) {
    try exclusive { connection throws(StoreError) in
      try connection.execute(
        """
        PRAGMA journal_mode = \(path == ":memory:" ? "MEMORY" : "WAL");
        PRAGMA synchronous = \(durability == .full ? "FULL" : "OFF");
        PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -16000;
        """)
      try confirm(connection, "synchronous", durability == .full ? 2 : 0)
      try confirm(connection, "foreign_keys", 1)
      try migrate(connection, from: version)
      sequence =
        try connection("SELECT max(sequence) FROM events").first { row in row.int(0) } ?? 0
    }
    try catchUpMirrors()
  }

  private func confirm(
    _ connection: Connection, _ pragma: String, _ expected: Int64
  ) throws(StoreError) {
    let found = try connection.number(of: pragma)
    guard found == expected else {
      throw .unavailable(path: path, reason: "SQLite keeps \(pragma) at \(found)")
    }
  }

  private func migrate(_ connection: Connection, from version: Int) throws(StoreError) {
    guard version < Schema.version else { return }
    let steps = Schema.migrations[version...].joined(separator: "\n")
    do {
      try connection.execute(
        """
        BEGIN IMMEDIATE; \(steps)
        PRAGMA application_id = \(Schema.applicationID);
        PRAGMA user_version = \(Schema.version); COMMIT;
        """)
    } catch {
      // Half a migration is rolled back; closing the file would do it too.
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      throw error
    }
  }
}
