// The past of a fake run: an event a second, ten items done with each ten events, three failures.

import BatchModel
import Dashboard
import Resilience

/// A visit to the past, as a client sees it.
struct FakePast {
  static let first = FakeRun.now.advanced(by: .seconds(-800))
  static let last: Int64 = 801
  static let failures: [Int64] = [100, 400, 401]
  var visit: Int
  var sequence = last
  var at = FakeRun.now

  /// What comes of a command; `nil` when it is about the present.
  static func answers(
    to command: DashboardCommand, _ past: inout FakePast?, _ run: FakeRun
  ) -> [Message]? {
    switch command {
    case .enterPast(let place, let visit):
      var there = FakePast(visit: visit)
      let news = there.move(to: place, run)
      past = there
      return [news]
    case .movePast(let place):
      guard var there = past else { return [] }
      let news = there.move(to: place, run)
      past = there
      return [news]
    case .leavePast:
      past = nil
      return []
    case .fetchPage(let query):
      return past.map { [.replay(.answer(.page(run.page(query), for: query)), visit: $0.visit)] }
    case .fetchDetail(let id):
      return past.map { [.replay(.answer(.detail(run.detail(id), for: id)), visit: $0.visit)] }
    case .followLog(let id):
      return past.map { [.replay(.answer(.log(run.log(id))), visit: $0.visit)] }
    case .fetchTab(let id, let tab):
      guard let past else { return nil }
      let text = TabText(lines: ["as it was at \(past.sequence)"])
      return [.replay(.answer(.tab(id, tab, text)), visit: past.visit)]
    default: return nil
    }
  }

  private mutating func move(to place: PastPlace, _ run: FakeRun) -> Message {
    switch place {
    case .sequence(let wanted): sequence = min(Self.last, max(1, wanted))
    case .events(let count): sequence = min(Self.last, max(1, sequence + Int64(count)))
    case .time(let time):
      at = min(FakeRun.now, max(Self.first, time))
      sequence = 1 + Self.first.duration(to: at).nanosecondsClamped / 1_000_000_000
      return .replay(.moment(moment, snapshot(run)), visit: visit)
    case .trouble(let isForward):
      let found =
        isForward
        ? Self.failures.first { $0 > sequence } : Self.failures.last { $0 < sequence }
      guard let found else { return .replay(.refused("nothing failed there"), visit: visit) }
      sequence = found
    }
    at = Self.time(of: sequence)
    return .replay(.moment(moment, snapshot(run)), visit: visit)
  }

  private static func time(of sequence: Int64) -> Instant {
    first.advanced(by: .seconds(sequence - 1))
  }

  var moment: PastMoment {
    var parts = [Int](repeating: 0, count: 100)
    for failure in Self.failures { parts[Int((failure - 1) * 100 / Self.last)] += 1 }
    return PastMoment(
      event: PastEvent(sequence: sequence, at: Self.time(of: sequence)), at: at,
      first: PastEvent(sequence: 1, at: Self.first),
      last: PastEvent(sequence: Self.last, at: FakeRun.now),
      sentence: Self.failures.contains(sequence)
        ? "FAIL Sources/Auth/Token.swift: 14:81 line too long"
        : "done Sources/File\(sequence).swift",
      failures: parts)
  }

  private func snapshot(_ run: FakeRun) -> RunSnapshot {
    var snapshot = run.snapshot(at: at)
    snapshot.engine = .absent
    snapshot.summary.counts.failed = Self.failures.count { $0 <= sequence }
    snapshot.summary.counts.done = Int(sequence) / 10
    return snapshot
  }
}
