// The append-only copies of the ledger, a file a run: what a damaged database is rebuilt from.

import BatchModel
import Foundation

/// Writes every committed event to its run's file before it is acknowledged.
///
/// *Concurrency*: inside the writing connection's queue.
final class LedgerMirror {
  let folder: String
  private let objects: any ObjectStoring
  /// Whether lines are forced to the disk.
  private let isDurable: Bool
  /// Runs are worked on one after the other, so few files are open.
  private var files: [RunID: MirrorFile] = [:]
  private static let openMax = 8
  /// Events that are committed and not in their files yet: none, but on a full disk.
  private var backlog: [RecordedEvent] = []
  private static let backlogMax = 100_000
  private var lastSync = ContinuousClock.now

  init(folder: String, objects: any ObjectStoring, isDurable: Bool) {
    self.folder = folder
    self.objects = objects
    self.isDurable = isDurable
  }

  /// Where a run's file lies.
  ///
  /// - Throws: `conflict` for a name that would lead out of the folder.
  static func path(of run: RunID, in folder: String) throws(StoreError) -> String {
    guard !run.text.isEmpty, !run.text.hasPrefix("."), !run.text.contains("/"),
      !run.text.utf8.contains(0)
    else { throw .conflict(reason: "\(run.text.debugDescription) is no name of a run") }
    return "\(folder)/\(run.text)/ledger.ndjson"
  }

  /// Appends the events of a transaction, in order.
  ///
  /// The transaction is committed already, so on a full disk the lines wait for `flush`, which the
  /// caller makes before it acknowledges: throwing here would have the transaction repeated.
  func append(_ events: [RecordedEvent]) throws(StoreError) {
    backlog += events
    do throws(StoreError) {
      try flush()
    } catch .diskFull where backlog.count <= Self.backlogMax {
      return
    }
    try syncWhenDue(isIdle: false)
  }

  /// Writes the lines that wait.
  ///
  /// - Throws: `diskFull` when there is still no room; they go on waiting.
  func flush() throws(StoreError) {
    while let first = backlog.first {
      let others = backlog.firstIndex { $0.run != first.run } ?? backlog.count
      do throws(StoreError) {
        try file(of: first.run).append(backlog[..<others], store: store)
      } catch {
        // Opened again, it finds out how far it got.
        files[first.run] = nil
        throw error
      }
      backlog.removeFirst(others)
    }
  }

  /// The runs that have a file with at least one byte.
  static func runs(in folder: String) throws(StoreError) -> [RunID] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { name in
          var status = stat()
          return stat("\(folder)/\(name)/ledger.ndjson", &status) == 0 && status.st_size > 0
        }
        .map { RunID($0) }
    } catch {
      throw .unavailable(path: folder, reason: error.localizedDescription)
    }
  }

  /// The sequence of a run's newest line.
  func newest(of run: RunID) throws(StoreError) -> Int64 { try file(of: run).sequence }

  /// Syncs once a second while lines are written, and at once when nothing more comes.
  func syncWhenDue(isIdle: Bool) throws(StoreError) {
    try flush()
    guard isIdle || lastSync.duration(to: .now) >= .seconds(1) else { return }
    try sync()
  }

  /// Makes all lines survive a loss of power.
  func sync() throws(StoreError) {
    try flush()
    lastSync = .now
    guard isDurable else { return }
    for run in files.keys.sorted(by: { $0.text < $1.text }) { try files[run]?.sync() }
  }

  private func file(of run: RunID) throws(StoreError) -> MirrorFile {
    if let file = files[run] { return file }
    if files.count >= Self.openMax {
      try sync()
      files = [:]
    }
    let file = try MirrorFile(path: Self.path(of: run, in: folder), isDurable: isDurable)
    files[run] = file
    return file
  }

  private func store(_ bytes: [UInt8]) throws(StoreError) -> Digest {
    do { return try objects.put(bytes).digest } catch { throw .wrapping(error, path: "objects") }
  }
}

extension SQLiteStore {
  /// Appends what the mirrors lack: a crash came between a commit and its lines.
  ///
  /// - Throws: `corrupt` when the mirrors have more than the database: that has lost transactions.
  func catchUpMirrors() throws(StoreError) {
    guard let mirror else { return }
    let runs = try exclusive { connection throws(StoreError) in
      try connection("SELECT id, name, last_sequence FROM runs ORDER BY id")
        .all { row in (number: row.int(0), id: RunID(row.text(1)), last: row.int(2)) }
    }
    let known = Set(runs.map(\.id))
    for run in try LedgerMirror.runs(in: mirror.folder) where !known.contains(run) {
      throw .corrupt(path: path, reason: "it has lost \(run), of which there is a ledger")
    }
    for run in runs {
      let newest = try mirror.newest(of: run.id)
      guard newest <= run.last else {
        throw .corrupt(
          path: path, reason: "it ends at event \(run.last) of \(run.id), its ledger at \(newest)")
      }
      var sequence = newest
      while sequence < run.last {
        let events = try exclusive { connection throws(StoreError) in
          try connection.recordedEvents(of: run.number, run.id, after: sequence, limit: 1_000)
        }
        guard let last = events.last else { break }
        try mirror.append(events)
        sequence = last.sequence
      }
    }
    try mirror.sync()
  }
}

extension Connection {
  /// A run's events with their bytes.
  func recordedEvents(
    of number: Int64, _ run: RunID, after sequence: Int64, limit: Int
  ) throws(StoreError) -> [RecordedEvent] {
    try self(
      """
      SELECT sequence, at, body FROM events WHERE run = ? AND sequence > ?
      ORDER BY sequence LIMIT ?
      """
    ).all(number, sequence, limit) { row throws(StoreError) in
      let body = row.withText(2) { Array($0) }
      return RecordedEvent(
        sequence: row.int(0), run: run, at: row.int(1),
        kind: try row.json(ChangeType.self, 2).type, body: body)
    }
  }
}

/// The one member of a body that says what it is.
struct ChangeType: Decodable {
  var type: Change.Kind
}
