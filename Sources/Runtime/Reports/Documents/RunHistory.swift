// A run's ledger read once from its beginning to its end: what a report tells over time.

import BatchModel
import BatchStore
import Resilience

/// What a run's events add up to.
///
/// *Memory*: constant, but for the failures' groups.
struct RunHistory {
  /// So many columns fit a page.
  static let intervals = 60
  private static let slowestMax = 10
  private static let landmarksMax = 100

  struct Interval: Hashable {
    var done = 0
    var failed = 0
    var spent = Money.zero
  }

  /// An attempt and how long it took.
  struct TimedAttempt: Hashable {
    var attempt: AttemptID
    var item: ItemID
    /// `nil` for one that failed.
    var step: Int?
    var elapsed: Duration
  }

  /// Something that a person would want to see on the time's line.
  struct Landmark: Hashable {
    var at: Instant
    var text: String
  }

  private let start: Instant
  private let length: Duration
  private(set) var timeline = [Interval](repeating: Interval(), count: intervals)
  /// The longest first.
  private(set) var slowest: [TimedAttempt] = []
  /// What failed attempts cost, by their group.
  private(set) var wasted: [Signature: Money] = [:]
  private(set) var landmarks: [Landmark] = []
  private(set) var landmarksLeftOut = 0

  /// - Throws: `StoreError`.
  init(of summary: RunSummary, _ store: any StoreReading) throws(StoreError) {
    start = summary.startedAt
    length = max(.milliseconds(1), summary.startedAt.duration(to: summary.updatedAt))
    var sequence: Int64 = 0
    while true {
      let entries = try store.entries(of: summary.run, after: sequence, limit: 5000)
      guard let last = entries.last else { return }
      for entry in entries { add(entry) }
      sequence = last.sequence
    }
  }

  private mutating func add(_ entry: LedgerEntry) {
    let place = place(of: entry.at)
    switch entry.change {
    case .attemptEnded(let end):
      timeline[place].spent += metered(end.consumption)
      if let signature = end.signature {
        wasted[signature, default: .zero] += metered(end.consumption)
      }
      if let usage = end.usage { time(end.attempt, end.item, nil, usage) }
    case .resultRecorded(let result): add(result, place)
    case .resultHeld(let held): if let result = held.result { add(result, place) }
    case .sentBack(let back): add(back.result, place)
    case .stepDone(let done):
      if let result = done.result { add(result, place) }
      if done.nextStep == nil { timeline[place].done += 1 }
    case .itemMoved(let move): if move.to == .failed { timeline[place].failed += 1 }
    case .runMoved(let move): mark(entry.at, "run \(move.to.rawValue): \(move.why) (\(move.by))")
    case .providerMoved(let move): mark(entry.at, "\(move.provider) \(move.to): \(move.why)")
    case .budgetMoved(let move): mark(entry.at, "budget: \(move.why) (\(move.by))")
    case .holdMoved(let move): mark(entry.at, "\(move.why) (\(move.by))")
    case .parallelMoved(let move): mark(entry.at, "parallel: \(move.why) (\(move.by))")
    case .canaryMoved(let move): mark(entry.at, "retry of a group: \(move.why) (\(move.by))")
    case .noted(let note):
      if !note.code.hasPrefix(":") { mark(entry.at, "\(note.code): \(note.message)") }
    case .itemsMoved(let move):
      mark(entry.at, "\(move.count) items: \(move.action.word) (\(move.by))")
    case .runStarted, .itemsEnqueued, .attemptStarted, .attemptLaunched, .resultRejected,
      .publishing, .artifactTracked, .remarked:
      break
    }
  }

  private mutating func add(_ result: ResultRecorded, _ place: Int) {
    timeline[place].spent += metered(result.consumption)
    time(result.attempt, result.item, result.step, result.usage)
  }

  private func metered(_ consumption: Consumption?) -> Money {
    consumption?.billing == .metered ? consumption?.cost ?? .zero : .zero
  }

  private mutating func time(
    _ attempt: AttemptID, _ item: ItemID, _ step: Int?, _ usage: ProcessUsage
  ) {
    let elapsed = Duration.milliseconds(usage.elapsedMilliseconds)
    if slowest.count == Self.slowestMax, let last = slowest.last, last.elapsed >= elapsed { return }
    let place = slowest.firstIndex { $0.elapsed < elapsed } ?? slowest.endIndex
    slowest.insert(
      TimedAttempt(attempt: attempt, item: item, step: step, elapsed: elapsed), at: place)
    if slowest.count > Self.slowestMax { slowest.removeLast() }
  }

  private mutating func mark(_ at: Instant, _ text: String) {
    if landmarks.count < Self.landmarksMax {
      landmarks.append(Landmark(at: at, text: text))
    } else {
      landmarksLeftOut += 1
    }
  }

  private func place(of moment: Instant) -> Int {
    let share = start.duration(to: moment) / length
    return min(Self.intervals - 1, max(0, Int(share * Double(Self.intervals))))
  }
}

extension ItemAction {
  fileprivate var word: String {
    switch self {
    case .retry: "queued again"
    case .skip: "skipped"
    case .cancel: "cancelled"
    case .accept: "accepted"
    case .sendBack: "sent back"
    }
  }
}
