// What is told outside of the screen: the window's title, and what must not wait until somebody
// looks at it again.

package import BatchModel
import Resilience

/// The window's name as it was set last.
struct WindowTitle: Hashable, Sendable {
  var text = ""
  var setAt: Instant?
}

extension DashboardModel {
  /// The title when it changed, at most once a second; the alerts while nobody looks.
  mutating func tellOutside(of news: RunSnapshot) -> [DashboardCommand] {
    let before = unseen ?? snapshot
    let alerts = isTerminalFocused ? [] : Alerts.texts(from: before, to: news)
    return alerts.map(DashboardCommand.alert) + retitle(news)
  }

  private mutating func retitle(_ news: RunSnapshot) -> [DashboardCommand] {
    let text = Alerts.title(of: news)
    let isSoon = title.setAt.map { $0.duration(to: now) < .seconds(1) } ?? false
    guard text != title.text, !isSoon else { return [] }
    title = WindowTitle(text: text, setAt: now)
    return [.setTitle(text)]
  }
}

/// What a person wants to know who looks at something else.
package enum Alerts {
  /// `footplate: document-modules 41% 37 failed`.
  package static func title(of snapshot: RunSnapshot) -> String {
    let counts = snapshot.summary.counts
    let percent = Wording.percent(counts.ended, of: counts.total)
    let failed = counts.failed > 0 ? " \(Wording.count(counts.failed)) failed" : ""
    let halted = snapshot.summary.state == .paused ? " paused" : ""
    return "footplate: \(snapshot.summary.batch) \(percent)%\(failed)\(halted)"
  }

  /// What came about between two snapshots: each thing once, however long it stays.
  package static func texts(from old: RunSnapshot?, to new: RunSnapshot) -> [String] {
    guard let old, old.summary.run == new.summary.run else { return [] }
    let name = new.summary.batch
    var texts: [String] = []
    if let ending = ending(from: old, to: new) { texts.append("\(name): \(ending)") }
    if isCapReached(new), !isCapReached(old) { texts.append("\(name): the cap is reached") }
    for provider in opened(from: old, to: new) {
      texts.append("\(name): breaker \(provider) is open")
    }
    return texts
  }

  private static func ending(from old: RunSnapshot, to new: RunSnapshot) -> String? {
    guard old.summary.state != new.summary.state else { return nil }
    switch new.summary.state {
    case .finished:
      let failed = new.summary.counts.failed
      return failed > 0 ? "finished, \(Wording.count(failed)) failed" : "finished, all done"
    case .paused:
      // Who paused it knows; the engine's own words for that are these.
      let isByHand = new.summary.why.isEmpty || new.summary.why == "paused by hand"
      return isByHand ? nil : "paused: \(new.summary.why)"
    default: return nil
    }
  }

  /// No call is so cheap that it would still fit, or a bill was higher than its bound.
  private static func isCapReached(_ snapshot: RunSnapshot) -> Bool {
    guard let budget = snapshot.budget else { return false }
    return budget.isLatched || budget.cap.map { $0 <= budget.spent } ?? false
  }

  private static func opened(from old: RunSnapshot, to new: RunSnapshot) -> [String] {
    // Without an engine nothing is known of them: one that comes back tells no news.
    guard let gates = new.gauges?.gates, let before = old.gauges?.gates else { return [] }
    return gates.filter { $0.breaker == "open" }.map(\.provider).filter { provider in
      before.contains { $0.provider == provider && !["open", "half-open"].contains($0.breaker) }
    }
  }
}
