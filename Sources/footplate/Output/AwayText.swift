// What happened while nobody looked, in the lines of the away screen.

import BatchModel
import Resilience

enum AwayText {
  static func lines(_ report: AwayReport) -> [String] {
    let away = report.from.duration(to: report.to).brief
    let head = "AWAY \(away) (last seen \(report.from.localTime))"
    if report.isEmpty { return [head, " nothing happened"] }
    var lines = [items(report)]
    lines += report.breakers.map(breaker)
    if let wait = report.worstWait {
      let dimension = wait.dimension.map { " \($0)" } ?? ""
      lines.append(
        "rate limits cost \(report.waited.brief) of waiting, worst: \(wait.provider)\(dimension)")
    }
    if report.spent > .zero || report.capReachedAt != nil { lines.append(money(report)) }
    let hands = report.pauses.map(pause) + report.capChanges.map(cap)
    if !hands.isEmpty { lines.append(hands.joined(separator: "; ")) }
    if !report.levers.isEmpty { lines.append(levers(report.levers)) }
    if let last = report.restarts.last {
      let count = report.restarts.count
      lines.append("an engine went on \(count == 1 ? "once" : "\(count)×"), \(last.localTime)")
    }
    return [head] + lines.enumerated().map { " \($0.offset + 1) \($0.element)" }
  }

  private static func items(_ report: AwayReport) -> String {
    var text = "done +\(report.done)   failed +\(report.failed)"
    let new = report.newGroups.count
    if new > 0 { text += " in \(new) new \(new == 1 ? "group" : "groups")" }
    if !report.reopenedGroups.isEmpty {
      text += "   REOPENED \(report.reopenedGroups.joined(separator: ", "))"
    }
    if report.skipped > 0 { text += "   skipped +\(report.skipped)" }
    if report.cancelled > 0 { text += "   cancelled +\(report.cancelled)" }
    if let slip = report.slip, slip >= .seconds(60) { text += "   ETA slipped \(slip.brief)" }
    if let slip = report.slip, slip <= .seconds(-60) {
      text += "   ETA earlier by \((.zero - slip).brief)"
    }
    return text
  }

  private static func breaker(_ breaker: AwayReport.BreakerTrouble) -> String {
    var text = "breaker \(breaker.provider)"
    if breaker.trips > 0 { text += " tripped \(breaker.trips)×," }
    text += " longest \(breaker.longest.brief)"
    return text + (breaker.isOpen ? ", OPEN now" : "")
  }

  private static func money(_ report: AwayReport) -> String {
    var text = "spent \(report.spent.dollars)"
    if let moment = report.capReachedAt {
      text += "; the cap is reached at ~\(moment.localTime) at this rate"
    }
    return text
  }

  private static func pause(_ pause: AwayReport.Pause) -> String {
    let end = pause.to.map { "–\($0.localTime)" } ?? ", still"
    return "paused \(pause.from.localTime)\(end) (\(pause.why), \(pause.by))"
  }

  private static func cap(_ change: AwayReport.CapChange) -> String {
    "cap \(change.from?.dollars ?? "none") → \(change.to?.dollars ?? "none") (\(change.by))"
  }

  /// The newest few; the ledger has them all.
  private static func levers(_ levers: [AwayReport.Lever]) -> String {
    let shown = levers.suffix(4).map { "\($0.what) (\($0.by) \($0.at.localTime))" }
    let more = levers.count > shown.count ? "\(levers.count - shown.count) more, then " : ""
    return more + shown.joined(separator: "; ")
  }
}
