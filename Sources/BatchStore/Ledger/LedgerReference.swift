// What the mirrors say, replayed once into a store of its own, which databases are held against.

package import BatchModel
import Foundation

/// The state that the mirrors give.
///
/// Its store is thrown away with this value.
package final class LedgerReference {
  /// Events that were replayed.
  package let events: Int
  private let copy: SQLiteStore
  private let newest: [RunID: Int64]
  /// What is wrong with the mirrors, whatever a database says.
  private let ownProblems: [LedgerProblem]

  /// - Parameter temporaryFolder: Takes a store of about the size of the real one.
  package init(
    mirrorFolder: String, objects: any ObjectStoring, temporaryFolder: String
  ) throws(StoreError) {
    let path = "\(temporaryFolder)/verify-\(UUID().uuidString).db"
    do throws(StoreError) {
      copy = try SQLiteStore(
        path: path, objects: objects, mirrorFolder: nil, durability: .none)
      var merge = try LedgerMerge(folder: mirrorFolder, objects: objects)
      var replay = LedgerReplay(into: copy)
      try replay.run(&merge)
      events = replay.events
      newest = replay.newest
      ownProblems = merge.problems + replay.problems
    } catch {
      StoreFile(path: path).remove()
      throw error
    }
  }

  deinit {
    // Nothing of it is needed any more.
    try? copy.close()
    StoreFile(path: copy.path).remove()
  }

  /// What differs between the mirrors and a database, and what is wrong with the mirrors.
  package func problems(of reader: SQLiteReader) throws(StoreError) -> [LedgerProblem] {
    let state = try StateComparison(ledger: copy, store: reader).problems()
    let isStateOther = state.contains { if case .state = $0 { true } else { false } }
    let differing = try EventComparison(ledger: copy, store: reader).differing()
    let events = differing.map { event -> LedgerProblem in
      // A line is proven by the one after it. Of the last one only what came of it speaks.
      guard isStateOther, newest[event.run] == event.sequence else {
        return .differs(sequence: event.sequence)
      }
      return .unproven(run: event.run, sequence: event.sequence)
    }
    return try ownProblems + events + ends(reader) + state
  }

  private func ends(_ reader: SQLiteReader) throws(StoreError) -> [LedgerProblem] {
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

/// Compares the events of two stores, a thousand at a time.
private struct EventComparison {
  private struct Event: Equatable {
    var run: String
    var at: Int64
    var body: [UInt8]
  }
  private static let pageSize = 1_000
  let ledger: any SQLiteReading
  let store: any SQLiteReading

  /// Events that both have, and not the same; what only one has is told of by its end.
  func differing() throws(StoreError) -> [(run: RunID, sequence: Int64)] {
    var found: [(RunID, Int64)] = []
    var last: Int64 = 0
    while true {
      let mine = try page(of: ledger, after: last)
      guard let end = mine.last?.0 else { return found }
      let theirs = Dictionary(try page(of: store, after: last)) { $1 }
      for (sequence, event) in mine {
        guard let other = theirs[sequence], other != event else { continue }
        found.append((RunID(event.run), sequence))
      }
      last = end
    }
  }

  private func page(
    of side: any SQLiteReading, after last: Int64
  ) throws(StoreError) -> [(Int64, Event)] {
    try side.read { connection throws(StoreError) in
      try connection(
        """
        SELECT sequence, coalesce(runs.name, ''), at, body
        FROM events LEFT JOIN runs ON runs.id = events.run
        WHERE sequence > ? ORDER BY sequence LIMIT ?
        """
      ).all(last, Self.pageSize) { row in
        (row.int(0), Event(run: row.text(1), at: row.int(2), body: row.withText(3) { Array($0) }))
      }
    }
  }
}
