// One write transaction: the ledger's new events, the counts' deltas, and what memory will say
// once it is committed.

import BatchModel
import Foundation
import Resilience

/// The work of one transaction.
///
/// Its rules are in the extensions, a kind of change each.
final class Transaction {
  /// Where the changes come from.
  enum Mode {
    /// From the engine: what follows from a change (skipped dependants) is worked out and recorded.
    case live
    /// From a ledger: what followed stands in the ledger already and is not worked out again.
    case replay
  }

  let connection: Connection
  let mode: Mode
  let objects: any ObjectStoring
  var window: Window
  var sequence: Int64
  var runs: [RunID: RunRecord]
  /// What the mirror gets after the commit.
  private(set) var events: [RecordedEvent] = []
  private var tallies: [Int64: Tally] = [:]
  /// The ledger's own form of the next event, when it is replayed.
  var recorded: RecordedEvent?
  /// Set during a bulk change: what follows is gathered and settled at its end.
  var deferred: DependantMoves?

  init(
    _ connection: Connection, mode: Mode, objects: any ObjectStoring, window: Window,
    sequence: Int64, runs: [RunID: RunRecord]
  ) {
    self.connection = connection
    self.mode = mode
    self.objects = objects
    self.window = window
    self.sequence = sequence
    self.runs = runs
  }

  /// The run's record.
  ///
  /// - Throws: `conflict` when the store has no such run.
  func run(_ id: RunID) throws(StoreError) -> RunRecord {
    if let record = runs[id] { return record }
    guard let record = try connection.runRecord(id) else {
      throw .conflict(reason: "there is no run \(id)")
    }
    runs[id] = record
    return record
  }

  /// Appends the change's event to the ledger.
  ///
  /// - Returns: the event's sequence.
  @discardableResult
  func append(_ change: Change, of run: RunRecord, at: Int64) throws(StoreError) -> Int64 {
    let event: RecordedEvent
    if let recorded {
      event = recorded
      sequence = recorded.sequence
    } else {
      sequence += 1
      event = RecordedEvent(
        sequence: sequence, run: run.id, at: at, kind: change.kind,
        body: EventCoding.body(of: change))
    }
    try connection("INSERT INTO events(sequence, run, at, body) VALUES(?, ?, ?, ?)")
      .run(event.sequence, run.number, at, TextView(event.body))
    events.append(event)
    tallies[run.number, default: Tally()].touched = (at, sequence)
    return sequence
  }

  /// Puts bytes into the object store; an event names them by their digest.
  func store(_ bytes: [UInt8]) throws(StoreError) -> Digest {
    do { return try objects.put(bytes).digest } catch { throw .wrapping(error, path: "objects") }
  }

  // MARK: Counts

  /// Counts an item's move, for every scope that it belongs to.
  func count(_ item: ItemRecord, from old: ItemState?, to new: ItemState) {
    var tally = tallies.removeValue(forKey: item.run) ?? Tally()
    for scope in item.scopes {
      if let old { tally.counts[Int(scope.code)][Int(old.code)] -= 1 }
      tally.counts[Int(scope.code)][Int(new.code)] += 1
    }
    tallies[item.run] = tally
  }

  /// Counts several new items, or a change of a scope.
  func count(_ delta: Int, _ state: ItemState, scope: ClaimScope, in run: RunRecord) {
    tallies[run.number, default: Tally()].counts[Int(scope.code)][Int(state.code)] += delta
  }

  func countUnknownAttempt(in run: RunRecord) {
    tallies[run.number, default: Tally()].unknownAttempts += 1
  }

  /// Writes the deltas; right before the commit.
  func flush() throws(StoreError) {
    for (run, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      for (scope, states) in tally.counts.enumerated() {
        for (state, delta) in states.enumerated() where delta != 0 {
          try connection(
            """
            INSERT INTO counts(run, scope, state, count) VALUES(?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET count = count + excluded.count
            """
          ).run(run, scope, state, delta)
        }
      }
      guard let touched = tally.touched else { continue }
      try connection(
        """
        UPDATE runs SET updated = ?, last_sequence = ?, unknown_attempts = unknown_attempts + ?
        WHERE id = ?
        """
      ).run(touched.at, touched.sequence, tally.unknownAttempts, run)
    }
    tallies = [:]
  }

  private struct Tally {
    /// By scope and state code.
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: ItemState.byCode.count),
      count: ClaimScope.byCode.count)
    var unknownAttempts = 0
    /// When the run was touched last, and by which event.
    var touched: (at: Int64, sequence: Int64)?
  }
}

extension Connection {
  func runRecord(_ id: RunID) throws(StoreError) -> RunRecord? {
    try self("SELECT id, state, steps, has_edges, source_open FROM runs WHERE name = ?")
      .first(id.text) { row throws(StoreError) in
        RunRecord(
          number: row.int(0), id: id, state: try row.coded(RunState.self, 1),
          steps: try row.json([String].self, 2), hasEdges: row.flag(3), isSourceOpen: row.flag(4))
      }
  }
}
