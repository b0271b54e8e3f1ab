// Time travel: the screen goes to a moment of the run's past, steps and plays, and comes back.

import BatchModel
package import Resilience

extension DashboardModel {
  var pastReason: String { "this is the past; \(key(.past)) goes back to now" }

  /// Why the keys of the past mean nothing; `nil` in the past.
  var reasonAgainstReplay: String? { past == nil ? "\(key(.past)) enters the past first" : nil }

  mutating func travel(_ intent: Intent) -> [DashboardCommand] {
    switch intent {
    case .past: return past == nil ? enterPast(at: .sequence(.max)) : leavePast()
    case .eventBack: return movePast(to: .events(-1))
    case .eventForward: return movePast(to: .events(1))
    case .troubleBack: return movePast(to: .trouble(isForward: false))
    case .troubleForward: return movePast(to: .trouble(isForward: true))
    default:
      togglePace()
      return []
    }
  }

  /// The time that a person typed; distances count from the moment that is shown.
  package func pastTime(_ text: String) throws(PastTime.Problem) -> Instant {
    try PastTime.parse(text, now: now, present: past?.moment?.at ?? now, zone: zone)
  }

  /// Shows the run as it was at a time, from the present or in the past.
  package mutating func goTo(_ time: Instant) -> [DashboardCommand] {
    past == nil ? enterPast(at: .time(time)) : movePast(to: .time(time))
  }

  private mutating func enterPast(at place: PastPlace) -> [DashboardCommand] {
    // A frozen display thaws: both hide what comes, and one of them is enough.
    let live = unseen ?? snapshot
    frozenAt = nil
    frozenHistory = nil
    unseen = nil
    visits += 1
    past = PastState(visit: visits, live: live)
    forgetAsked()
    return [.stopLog, .enterPast(place, visit: visits)]
  }

  mutating func leavePast() -> [DashboardCommand] {
    guard let live = past?.live else {
      past = nil
      return [.leavePast]
    }
    past = nil
    forgetAsked()
    snapshot = nil
    return [.leavePast] + show(live, isBack: true) + followSelected() + [.fetchSpending]
  }

  /// Answers of the other time are not taken: what is still on its way is asked for again.
  private mutating func forgetAsked() {
    queue.awaited = nil
    item.asked = nil
  }

  /// A step by hand ends the playing.
  mutating func movePast(to place: PastPlace) -> [DashboardCommand] {
    past?.pace = .standing
    past?.playedAt = nil
    return [.movePast(place)]
  }

  mutating func take(_ news: PastNews) -> [DashboardCommand] {
    switch news {
    case .moment(let moment, let shown): return arrive(at: moment, shown)
    case .progress(let part):
      past?.progress = part
      return []
    case .answer(let message): return takeAnswer(message)
    case .refused(let reason):
      past?.progress = nil
      past?.pace = .standing
      say(reason)
      return []
    case .failed(let reason):
      say(reason, isError: true)
      return leavePast()
    }
  }

  private mutating func arrive(
    at moment: PastMoment, _ shown: RunSnapshot
  ) -> [DashboardCommand] {
    let isFirst = past?.moment == nil
    past?.moment = moment
    past?.progress = nil
    if past?.pace != .standing { past?.playedAt = now }
    if moment.at >= moment.last.at, past?.pace != .standing {
      past?.pace = .standing
      say("this is the newest event; \(key(.past)) goes back to now")
    }
    let commands = show(shown, isBack: isFirst)
    return isFirst ? commands + followSelected() + [.fetchSpending] : commands
  }

  private mutating func followSelected() -> [DashboardCommand] {
    guard let selected = queue.selected else { return [] }
    log.follow(selected)
    return [.followLog(selected)]
  }

  // MARK: Playing

  private mutating func togglePace() {
    guard let past, past.moment != nil else { return }
    let all = PastState.Pace.allCases
    let next = ((all.firstIndex(of: past.pace) ?? 0) + 1) % all.count
    self.past?.pace = all[next]
    self.past?.playedAt = all[next] == .standing ? nil : now
  }

  /// Moves on by the time that has passed, at most ten times a second, one move at a time.
  mutating func playOn() -> [DashboardCommand] {
    guard let past, past.pace != .standing, let moment = past.moment, let playedAt = past.playedAt
    else { return [] }
    let passed = playedAt.duration(to: now)
    guard passed >= Self.playedAtLeast else { return [] }
    self.past?.playedAt = nil
    // After a long pause of the terminal's it goes on where it was.
    let step = min(passed, Self.playedAtMost) * past.pace.rawValue
    return [.movePast(.time(moment.at.advanced(by: step)))]
  }

  private static let playedAtLeast = Duration.milliseconds(100)
  private static let playedAtMost = Duration.seconds(2)

  /// Whether the screen changes by itself.
  package var isPlaying: Bool { past.map { $0.pace != .standing } ?? false }
}
