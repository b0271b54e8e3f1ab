// A run's events replayed up to a moment, in a file that is thrown away: steps back are rollbacks.

import BatchModel
import Foundation
import GRDB

/// The store of one moment of the past.
///
/// While it is stepped about, its latest changes are one open transaction with a savepoint every few
/// hundred events: going back is rolling back to one of them, not replaying from the beginning.
///
/// *Concurrency*: safe from any thread; who moves it while others read has to keep them apart.
///
/// `@unchecked Sendable`: every `var` is touched only inside the serial queue.
final class PastStore: SQLiteReading, @unchecked Sendable {
  let path: String
  private let objects: any ObjectStoring
  private let queue: DatabaseQueue
  private let connection: Connection
  /// The sequences at which savepoints stand, in order.
  private var marks: [Int64] = []
  private var runs: [RunID: RunRecord] = [:]
  private var newest: Int64 = 0
  /// Events that could not be applied, and were left out.
  private(set) var refused = 0

  /// Opens a file that `make` made, or a copy of one.
  init(path: String, objects: any ObjectStoring) throws(StoreError) {
    self.path = path
    self.objects = objects
    do {
      var configuration = Configuration()
      configuration.label = "footplate.past"
      // The open transaction outlasts a call: it is the way back.
      configuration.allowsUnsafeTransactions = true
      queue = try DatabaseQueue(path: path, configuration: configuration)
    } catch {
      throw .wrapping(error, path: path)
    }
    connection = queue.inDatabase { Connection($0, path: path) }
    newest = try read { connection throws(StoreError) in
      // Savepoints' pages go to a file: memory stays small however large the run is.
      try connection.execute(
        """
        PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = FILE;
        PRAGMA cache_size = -16000
        """)
      return try connection("SELECT max(sequence) FROM events").first { row in row.int(0) } ?? 0
    }
  }

  deinit {
    connection.finish()
  }

  /// Makes an empty store for a run of another one.
  ///
  /// The names of groups are numbers of signatures, counted over all runs: they are taken over.
  static func make(
    path: String, like source: SQLiteReader, objects: any ObjectStoring
  ) throws(StoreError) -> PastStore {
    try SQLiteStore(path: path, objects: objects, mirrorFolder: nil, durability: .none).close()
    let store = try PastStore(path: path, objects: objects)
    let signatures = try source.read { connection throws(StoreError) in
      try connection("SELECT id, text FROM signatures").all { row in (row.int(0), row.text(1)) }
    }
    try store.read { connection throws(StoreError) in
      try connection.execute("BEGIN")
      for (id, text) in signatures {
        try connection("INSERT INTO signatures(id, text) VALUES(?, ?)").run(id, text)
      }
      try connection.execute("COMMIT")
    }
    return store
  }

  func read<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
    do {
      return try queue.inDatabase { _ in try body(connection) }
    } catch {
      throw .wrapping(error, path: path)
    }
  }

  func changeCounter() throws(StoreError) -> Int64 { sequence }

  /// The newest event that was applied; 0 at the beginning.
  var sequence: Int64 { queue.inDatabase { _ in newest } }

  /// The newest savepoint, and how many there are.
  var lastMark: (sequence: Int64, count: Int)? {
    queue.inDatabase { _ in marks.last.map { ($0, marks.count) } }
  }

  /// Lets a later call of `goBack` return to here.
  func mark() throws(StoreError) {
    try read { connection throws(StoreError) in
      guard marks.last != newest else { return }
      try connection.execute("SAVEPOINT mark_\(newest)")
      marks.append(newest)
    }
  }

  /// Commits everything; there is no way back from here.
  func settle() throws(StoreError) {
    try read { connection throws(StoreError) in
      guard let first = marks.first else { return }
      marks = []
      try connection.execute("RELEASE mark_\(first)")
    }
  }

  /// Goes back to the newest mark up to a sequence.
  ///
  /// - Returns: false when there is none.
  func goBack(upTo sequence: Int64) throws(StoreError) -> Bool {
    try read { connection throws(StoreError) in
      guard let mark = marks.last(where: { $0 <= sequence }) else { return false }
      try connection.execute("ROLLBACK TO mark_\(mark)")
      marks.removeAll { $0 > mark }
      runs = [:]
      newest = mark
      return true
    }
  }

  /// Applies the next events, all of them or as many as can be.
  func apply(
    _ events: ArraySlice<(event: RecordedEvent, change: Change)>
  ) throws(StoreError) {
    do throws(StoreError) {
      try applyTogether(events)
    } catch {
      guard error.isOfOneEvent else { throw error }
      for event in events { try applyAlone(event) }
    }
  }

  private func applyAlone(_ event: (event: RecordedEvent, change: Change)) throws(StoreError) {
    do throws(StoreError) {
      try applyTogether([event])
    } catch {
      guard error.isOfOneEvent else { throw error }
      try read { _ in
        refused += 1
        newest = event.event.sequence
      }
    }
  }

  private func applyTogether(
    _ events: ArraySlice<(event: RecordedEvent, change: Change)>
  ) throws(StoreError) {
    try read { connection throws(StoreError) in
      let transaction = Transaction(
        connection, mode: .replay, objects: objects, window: Window(), sequence: newest, runs: runs)
      try connection.execute("SAVEPOINT part")
      do throws(StoreError) {
        for (event, change) in events {
          transaction.recorded = event
          try transaction.replay(change, as: event)
        }
        try transaction.flush()
      } catch {
        runs = [:]
        // The error that is thrown matters more; the whole file is thrown away after one of the disk.
        try? connection.execute("ROLLBACK TO part; RELEASE part")
        throw error
      }
      try connection.execute("RELEASE part")
      runs = transaction.runs
      newest = transaction.sequence
    }
  }

  /// Brings everything into the one file, so that it can be copied.
  func gather() throws(StoreError) {
    try settle()
    try read { connection throws(StoreError) in
      try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  /// Closes the file and removes it; nothing may be called afterwards.
  func discard() {
    queue.inDatabase { _ in connection.finish() }
    // Nothing of it is needed any more.
    try? queue.close()
    StoreFile(path: path).remove()
  }
}
