// Between the screen and the run's past: replays and answers on a thread of its own, so that the
// present goes on being collected meanwhile.

import BatchModel
import BatchStore
import Dashboard
import Dispatch
import Foundation
import Resilience
import Runtime
import Synchronization

/// Answers the dashboard's questions while it is in the past.
///
/// `@unchecked Sendable`: `past` and `followed` are touched on `queue` only, which is serial.
final class PastFeed: @unchecked Sendable {
  private struct Visit {
    /// `nil` in the present.
    var number: Int?
    /// Moves that were asked for and not begun; the steps of an impatient key are one.
    var places: [PastPlace] = []
  }

  private static let progressPause = Duration.milliseconds(100)

  private let client: RunClient
  private let run: RunID
  private let inbox: MessageInbox
  private let queue = DispatchQueue(label: "footplate.past")
  private let visit = Mutex(Visit())
  /// Kept from one visit to the next: going back there is no new replay.
  private var past: PastRun?
  private var followed: (item: ItemID, attempt: AttemptID?)?

  init(client: RunClient, run: RunID, inbox: MessageInbox) {
    self.client = client
    self.run = run
    self.inbox = inbox
  }

  /// Takes a command that is the past's; false when it is the present's.
  func take(_ command: DashboardCommand) -> Bool {
    switch command {
    case .enterPast(let place, let number):
      visit.withLock { $0 = Visit(number: number, places: [place]) }
      answer(number) { try $0.move(number) }
      return true
    case .movePast(let place):
      let number = visit.withLock { visit in
        visit.places.append(place)
        return visit.number
      }
      if let number { answer(number) { try $0.move(number) } }
      return true
    case .leavePast:
      visit.withLock { $0 = Visit() }
      return true
    case .fetchPage, .fetchDetail, .fetchTab, .fetchSamples, .collectMarks, .followLog, .stopLog,
      .fetchSpending:
      guard let number = visit.withLock({ $0.number }) else { return false }
      answer(number) { try $0.answer(command, number) }
      return true
    default: return false
    }
  }

  /// The screen shows the past.
  var isShown: Bool { visit.withLock { $0.number != nil } }

  /// The newest attempt that an item had then; `nil` for none, and while it cannot be read.
  func newestAttempt(of item: ItemID) -> AttemptID? {
    queue.sync { past.flatMap { past in try? past.store.newestAttempt(of: item) } }
  }

  private func questions(of past: PastRun) -> StoreQuestions {
    StoreQuestions(layout: client.layout, store: past.store, run: run)
  }

  /// Ends what is under way and removes the replay's files.
  func stop() {
    visit.withLock { $0 = Visit() }
    queue.sync { past = nil }
  }

  private func isStill(_ number: Int) -> Bool { visit.withLock { $0.number == number } }

  private func answer(_ number: Int, _ work: @escaping @Sendable (PastFeed) throws -> Void) {
    queue.async { [self] in
      guard isStill(number) else { return }
      do {
        try work(self)
      } catch let error as PastError {
        post(past?.moment == nil ? .failed("\(error)") : .refused("\(error)"), number)
      } catch {
        post(.failed("\(error)"), number)
      }
    }
  }

  private func post(_ news: PastNews, _ number: Int) { inbox.post(.replay(news, visit: number)) }

  // MARK: Moving

  private func move(_ number: Int) throws {
    let places = visit.withLock { visit in
      defer { visit.places = [] }
      return visit.places
    }
    guard !places.isEmpty else { return }
    let past = try opened()
    var toldAt = Instant.wallClock
    for place in places.joined {
      let moment = try past.move(to: place) { part in
        let now = Instant.wallClock
        if toldAt.duration(to: now) >= Self.progressPause {
          toldAt = now
          post(.progress(part), number)
        }
        return isStill(number)
      }
      guard moment != nil else { return }
    }
    try tell(past, number)
  }

  private func opened() throws -> PastRun {
    if let past { return past }
    let opened = try PastRun(client, run: run) { change, keys, steps in
      EventText.sentence(change, keys: keys, steps: steps)
    }
    past = opened
    return opened
  }

  private func tell(_ past: PastRun, _ number: Int) throws {
    guard let moment = past.moment else { return }
    var snapshot = try past.snapshot()
    let gates = try past.gates()
    if !gates.isEmpty {
      // The panels of providers draw gauges; these are what the ledger kept of them.
      snapshot.engine = .live(
        Gauges(
          at: moment.at, pid: 0, itemsPerSecond: 0, slotsUsed: 0, slots: 0, windowItems: 0,
          writes: WriteFigures(), gates: gates))
    }
    post(.moment(moment, snapshot), number)
    if let item = followed?.item { try showLog(of: item, past, number) }
  }

  // MARK: Answering

  private func answer(_ command: DashboardCommand, _ number: Int) throws {
    guard let past, past.moment != nil else { return }
    switch command {
    case .followLog(let item):
      followed = nil
      try showLog(of: item, past, number)
    case .stopLog: followed = nil
    default:
      if let answer = try questions(of: past).answer(to: command) { post(.answer(answer), number) }
    }
  }

  /// The log of the try that was the newest then; a log has no times, so it is whole.
  private func showLog(of item: ItemID, _ past: PastRun, _ number: Int) throws {
    let attempt = try past.store.newestAttempt(of: item)
    if let followed, followed.item == item, followed.attempt == attempt { return }
    followed = (item, attempt)
    let path = attempt.map { client.layout.log(of: $0, in: run) }
    let lines = try path.map { try LogFollower(path: $0).lastLines() } ?? []
    let kept = Array(lines.suffix(RunFeed.backlogLines))
    let piece = LogPiece(
      item: item, isNewLog: true, lines: kept, dropped: lines.count - kept.count)
    post(.answer(.log(piece)), number)
  }
}

extension [PastPlace] {
  /// Steps that follow each other are one move.
  fileprivate var joined: [PastPlace] {
    reduce(into: []) { places, place in
      if case .events(let more) = place, case .events(let count) = places.last {
        places[places.count - 1] = .events(count + more)
      } else {
        places.append(place)
      }
    }
  }
}
