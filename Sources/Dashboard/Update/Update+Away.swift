// What happened while nobody looked: when it is asked for, and what its keys do.

import BatchModel
import Canvas
import Resilience

extension DashboardModel {
  /// Shows what happened since the person looked last, whatever it is.
  package mutating func askForAway() -> [DashboardCommand] {
    away.asked = .byHand
    return [.fetchAway(since: nil)]
  }

  /// Notes a key; the first one after a long silence waits for what happened in between.
  mutating func noteKey(_ key: Key) -> [DashboardCommand]? {
    let before = away.pressedAt
    away.pressedAt = now
    if case .silence(let held) = away.asked {
      // The answer takes too long: both keys do what they mean.
      away.asked = nil
      return pressNow(held) + pressNow(key)
    }
    guard let before, before.duration(to: now) >= AwayState.keySilence, overlay == nil,
      key != .control("c"), key != .character("q")
    else { return nil }
    away.asked = .silence(key)
    return [.fetchAway(since: before)]
  }

  /// Tells the store that somebody looks.
  mutating func markSeen() -> [DashboardCommand] {
    if let markedAt = away.markedAt, markedAt.duration(to: now) < AwayState.markSpacing {
      return []
    }
    away.markedAt = now
    return [.markSeen]
  }

  /// `nil`: nobody has looked at the run before.
  mutating func take(_ report: AwayReport?) -> [DashboardCommand] {
    guard let reason = away.asked else { return [] }
    away.asked = nil
    switch reason {
    case .byHand: showAway(report)
    case .attached:
      let isLong = report.map { $0.from.duration(to: now) >= AwayState.attachSilence } ?? false
      if isLong, overlay == nil, let report, !AwayText.lines(of: report, self).isEmpty {
        overlay = .away(report)
      }
    case .silence(let key):
      guard let report, !AwayText.lines(of: report, self).isEmpty else { return pressNow(key) }
      overlay = .away(report)
    }
    return []
  }

  private mutating func showAway(_ report: AwayReport?) {
    guard let report else {
      say("nobody has looked at this run before: there is nothing to compare with")
      return
    }
    guard !AwayText.lines(of: report, self).isEmpty else {
      let time = Wording.clock(report.from, zone: zone, seconds: false)
      say("nothing happened since \(time)")
      return
    }
    overlay = .away(report)
  }

  /// A line's number jumps to the panel that shows it; any other key only closes.
  mutating func press(_ key: Key, onAway report: AwayReport) -> [DashboardCommand] {
    overlay = nil
    guard case .character(let scalar) = key, let digit = Int(String(Character(scalar))) else {
      return []
    }
    let lines = AwayText.lines(of: report, self)
    return lines.indices.contains(digit - 1) ? show(lines[digit - 1].panel) : []
  }
}
