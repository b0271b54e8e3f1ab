// A run at any moment of its past, replayed from its ledger: the store of then answers what the
// store of now answers.

package import BatchModel
package import BatchStore
import DurableFiles
import Engine
import Foundation
import Resilience

/// Why there is no such moment.
package enum PastError: Error, Hashable, CustomStringConvertible {
  case noEvents
  case noTrouble(isForward: Bool)
  /// A replay needs about as much room as the run itself.
  case noRoom(neededBytes: Int64, freeBytes: Int64)

  package var description: String {
    switch self {
    case .noEvents: "the ledger has no event of this run"
    case .noTrouble(isForward: true): "nothing failed and no breaker changed after this"
    case .noTrouble(isForward: false): "nothing failed and no breaker changed before this"
    case .noRoom(let needed, let free):
      "the past needs \(needed >> 20) MB of room, and \(free >> 20) MB are free: footplate gc"
    }
  }
}

/// One run's past.
///
/// Its files go with this value.
///
/// *Concurrency*: one caller at a time; `store` may be read by others while nobody moves.
package final class PastRun {
  /// What an event says in a line.
  package typealias Sentence = (Change, [ItemID: String], [String]) -> String

  private static let failureParts = 100
  private static let countedEvery = Duration.seconds(5)
  /// An event that is asked for by its distance is at most so far away.
  private static let distanceMax = 100_000

  private let run: RunID
  private let source: SQLiteReader
  private let folder: PastFolder
  private let replay: PastReplay
  private let limits: BudgetLimits
  private let steps: [String]
  private let sentence: Sentence
  private var counted: (last: Instant, counts: [Int])?
  /// Where it stands; `nil` before the first move.
  package private(set) var moment: PastMoment?

  /// - Throws: `PastError.noRoom`, `ClientError.noRun`, `StoreError`.
  package init(
    _ client: RunClient, run: RunID, pace: PastReplay.Pace = PastReplay.Pace(),
    sentence: @escaping Sentence
  ) throws {
    guard let summary = try client.store.summary(of: run) else {
      throw ClientError.noRun(name: run.text)
    }
    self.run = run
    self.sentence = sentence
    steps = summary.steps
    limits = try client.store.batch(of: run)?.budget ?? BudgetLimits()
    source = try SQLiteReader(path: client.layout.database)
    folder = try PastFolder(in: client.layout.past)
    try Self.checkRoom(for: client.layout.database, in: folder.path)
    replay = try PastReplay(
      of: run, source: source, folder: folder.path,
      objects: ObjectStore(readingAt: client.layout.objects), pace: pace)
  }

  /// The run as it stood at the moment.
  package var store: any StoreReading { replay.store }

  /// Goes to a place; the first move's distances count from the newest event.
  ///
  /// A place before the first event is the first event, one after the last the last.
  ///
  /// - Parameter goesOn: told how much of the way is done, 0…1, and asked whether to go on.
  /// - Returns: `nil` when it was told not to go on.
  package func move(
    to place: PastPlace, while goesOn: (Double) -> Bool = { _ in true }
  ) throws -> PastMoment? {
    guard let (first, last) = try source.ends(of: run) else { throw PastError.noEvents }
    let (event, time) = try find(place, first, last, while: { goesOn(0) })
    guard let event, try replay.move(to: event.sequence, while: goesOn) else { return nil }
    let moment = PastMoment(
      event: event, at: time, first: first, last: last, sentence: try sentence(of: event),
      failures: try failures(first.at, last.at))
    self.moment = moment
    return moment
  }

  /// Counted again when the run has become notably longer: a million of them take their time.
  private func failures(_ first: Instant, _ last: Instant) throws -> [Int] {
    if let known = counted, known.last.duration(to: last) < Self.countedEvery {
      return known.counts
    }
    let counts = try source.failures(of: run, from: first, to: last, parts: Self.failureParts)
    counted = (last, counts)
    return counts
  }

  private func find(
    _ place: PastPlace, _ first: PastEvent, _ last: PastEvent, while goesOn: () -> Bool
  ) throws -> (event: PastEvent?, time: Instant) {
    let present = moment?.event ?? last
    var found: PastEvent?
    var time: Instant?
    switch place {
    case .sequence(let sequence): found = try source.event(of: run, upTo: sequence) ?? first
    case .time(let wanted):
      found = try source.event(of: run, at: wanted) ?? first
      time = min(max(wanted, first.at), last.at)
    case .events(let count):
      let bounded = min(Self.distanceMax, max(-Self.distanceMax, count))
      found = try source.event(of: run, from: present.sequence, by: bounded)
    case .trouble(let isForward):
      found = try source.trouble(
        of: run, from: present.sequence, isForward: isForward, while: goesOn)
      if found == nil, goesOn() { throw PastError.noTrouble(isForward: isForward) }
    }
    return (found, max(time ?? first.at, found?.at ?? first.at))
  }

  /// The run as a client sees it at the moment; no engine works on the past.
  ///
  /// - Throws: `PastError.noEvents` before the first move.
  package func snapshot() throws -> RunSnapshot {
    guard let moment, let summary = try store.summary(of: run) else { throw PastError.noEvents }
    return RunSnapshot(
      at: moment.at, summary: summary, engine: .absent,
      groups: try store.failureGroups(of: run, at: moment.at, withResolved: false),
      nextDue: try store.nextDue(of: run), pendingRequests: [],
      budget: try store.budget(of: run, under: limits, at: moment.at),
      holds: try store.holds(of: run), canaries: try store.canaries(of: run))
  }

  /// How the providers stood, as far as the ledger tells: their breakers.
  package func gates() throws -> [GateGauge] {
    try store.providerStates().sorted { $0.key < $1.key }.map { name, state in
      let breaker = state.breaker?.state ?? .closed
      var gate = GateGauge(
        provider: name, breaker: breaker.word, inFlight: 0, concurrencyLimit: nil, waiting: 0,
        waitReason: state.heldUntil == nil ? nil : .quota, until: state.heldUntil, calls: 0,
        inputTokens: 0, outputTokens: 0)
      if case .open(let until) = breaker { gate.probeAt = until }
      return gate
    }
  }

  private func sentence(of event: PastEvent) throws -> String {
    let entry = try source.entries(of: run, after: event.sequence - 1, limit: 1).first
    guard let change = entry?.change else { return "" }
    var keys: [ItemID: String] = [:]
    if let item = change.item { keys[item] = try store.detail(of: item)?.row.key }
    return sentence(change, keys, steps)
  }

  private static func checkRoom(for database: String, in folder: String) throws {
    var file = stat()
    var disk = statvfs()
    guard stat(database, &file) == 0, statvfs(folder, &disk) == 0 else { return }
    let needed = Int64(file.st_size) * 2
    let free = Int64(disk.f_bavail) * Int64(disk.f_frsize)
    guard free >= needed else { throw PastError.noRoom(neededBytes: needed, freeBytes: free) }
  }
}
