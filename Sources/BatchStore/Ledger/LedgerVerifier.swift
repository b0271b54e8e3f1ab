// Is the ledger whole, is the mirror its copy, and does replaying it give the state of the store?

package import BatchModel
import Foundation

/// What a verification found.
package struct LedgerReport: Hashable, Sendable {
  /// Events that were replayed.
  package var events: Int
  package var problems: [LedgerProblem]
  package init(events: Int, problems: [LedgerProblem]) {
    self.events = events
    self.problems = problems
  }
}

/// Verifies a store against its mirrors, in constant memory.
package struct LedgerVerifier {
  private let database: String
  private let mirrorFolder: String
  private let objects: any ObjectStoring

  package init(database: String, mirrorFolder: String, objects: any ObjectStoring) {
    self.database = database
    self.mirrorFolder = mirrorFolder
    self.objects = objects
  }

  /// Replays the mirrors into a temporary store and compares.
  ///
  /// Changes nothing.
  ///
  /// - Parameter temporaryFolder: Takes a store of about the size of the real one, for as long as
  ///   the call lasts.
  package func verify(temporaryFolder: String) throws(StoreError) -> LedgerReport {
    let reader = try SQLiteReader(path: database)
    let before = try reader.changeCounter()
    let path = "\(temporaryFolder)/verify-\(UUID().uuidString).db"
    defer { StoreFile(path: path).remove() }
    let copy = try SQLiteStore(
      path: path, objects: objects, mirrorFolder: nil, durability: .none)
    var merge = try LedgerMerge(folder: mirrorFolder, objects: objects)
    var replay = LedgerReplay(into: copy)
    var differing = EventComparison(reader)
    try replay.run(&merge) { event throws(StoreError) in try differing.compare(event) }
    var problems = merge.problems + replay.problems + differing.problems
    problems += try ends(replay.newest, reader)
    problems += try StateComparison(ledger: copy, store: reader).problems()
    if try reader.changeCounter() != before { problems = problems.filter(\.isLasting) + [.movedOn] }
    try copy.close()
    return LedgerReport(events: replay.events, problems: problems)
  }

  private func ends(
    _ newest: [RunID: Int64], _ reader: SQLiteReader
  ) throws(StoreError) -> [LedgerProblem] {
    let runs = try reader.read { connection throws(StoreError) in
      try connection("SELECT name, last_sequence FROM runs ORDER BY id")
        .all { row in (RunID(row.text(0)), row.int(1)) }
    }
    var problems: [LedgerProblem] = []
    for (run, last) in runs {
      let mirror = newest[run] ?? 0
      if mirror < last { problems.append(.behind(run: run, mirror: mirror, store: last)) }
      if mirror > last { problems.append(.ahead(run: run, mirror: mirror, store: last)) }
    }
    let known = Set(runs.map(\.0))
    for (run, mirror) in newest.sorted(by: { $0.key.text < $1.key.text })
    where !known.contains(run) {
      problems.append(.ahead(run: run, mirror: mirror, store: 0))
    }
    return problems
  }
}

extension LedgerProblem {
  /// Whether it stays a problem although the store moved on meanwhile.
  fileprivate var isLasting: Bool {
    switch self {
    case .corruptLine, .brokenChain, .gap, .differs, .missingObject, .refused: true
    case .tornTail, .behind, .ahead, .state, .counts, .movedOn: false
    }
  }
}

/// Compares events of the mirrors with the database's, a thousand at a time.
private struct EventComparison {
  private let reader: SQLiteReader
  private var known: [Int64: [UInt8]] = [:]
  private(set) var problems: [LedgerProblem] = []

  init(_ reader: SQLiteReader) { self.reader = reader }

  mutating func compare(_ event: RecordedEvent) throws(StoreError) {
    if known[event.sequence] == nil {
      known = try reader.read { connection throws(StoreError) in
        let rows = try connection(
          "SELECT sequence, body FROM events WHERE sequence >= ? ORDER BY sequence LIMIT 1000"
        ).all(event.sequence) { row in (row.int(0), row.withText(1) { Array($0) }) }
        return Dictionary(uniqueKeysWithValues: rows)
      }
    }
    // One that the database does not have is told of by its end.
    guard let body = known[event.sequence], body != event.body else { return }
    problems.append(.differs(sequence: event.sequence))
  }
}
