// The run as sentences, one a change: for screen readers, and for terminals that are no screen.

package import BatchModel
internal import Resilience

/// Says what changed from one snapshot to the next, and nothing twice.
package struct Announcer: Hashable, Sendable {
  private let zone: Zone
  private var told: RunSnapshot?
  private var progressAt: Instant?
  private var progressPercent = 0
  /// How many of each group were told.
  private var failures: [Signature: Int] = [:]
  private var breakers: [String: String] = [:]
  private var hasEngine = true

  /// Progress is told at every fifth percent, but not more often than this.
  private static let progressPause = Duration.seconds(10)
  /// Without a fifth percent it is told after this.
  private static let progressPauseMax = Duration.seconds(300)

  package init(zone: Zone) { self.zone = zone }

  /// The sentences for a snapshot; empty when nothing is new.
  package mutating func take(_ news: RunSnapshot) -> [String] {
    defer { told = news }
    var sentences: [String] = []
    if told == nil || told?.summary.state != news.summary.state {
      sentences.append(standing(news))
    }
    sentences += engine(news) + groups(news) + breakers(news)
    if told?.budget?.isLatched != true, news.budget?.isLatched == true {
      sentences.append("a bill exceeded its bound: nothing more is sent until the cap is set again")
    }
    if isProgressDue(news) { sentences.append(progress(news)) }
    return sentences
  }

  /// Where the run stands, as it was told last or would be; `nil` before the first snapshot.
  package var standing: String? { told.map { standing($0) + "; " + progress($0) } }

  /// `document-modules is RUNNING`, with the reason of a pause.
  private func standing(_ news: RunSnapshot) -> String {
    let why = news.summary.why.isEmpty ? "" : ": \(news.summary.why)"
    return "\(news.summary.batch) is \(Wording.runState(news.summary.state))\(why)"
  }

  private mutating func engine(_ news: RunSnapshot) -> [String] {
    let isThere = news.engine != .absent
    defer { hasEngine = isThere }
    guard isThere != hasEngine, news.summary.state != .finished else { return [] }
    return [isThere ? "an engine works on it again" : "no engine works on it"]
  }

  private mutating func groups(_ news: RunSnapshot) -> [String] {
    var sentences: [String] = []
    for group in news.groups {
      let before = failures[group.signature]
      // A group that grows is told when it has doubled: forty failures are not forty sentences.
      guard group.count >= max(1, 2 * (before ?? 0)) else { continue }
      failures[group.signature] = group.count
      let word =
        before == nil ? (group.isReopened ? "failing again" : "new failure") : "more failures"
      sentences.append(
        "\(word) \(group.name): \(Wording.items(group.count)), \(group.signature.text)")
    }
    return sentences
  }

  private mutating func breakers(_ news: RunSnapshot) -> [String] {
    var sentences: [String] = []
    for gate in news.gauges?.gates ?? [] {
      let before = breakers.updateValue(gate.breaker, forKey: gate.provider) ?? "closed"
      guard before != gate.breaker else { continue }
      let held = gate.waiting > 0 ? ", \(Wording.items(gate.waiting)) wait" : ""
      sentences.append("breaker \(gate.provider) is \(Wording.breaker(gate.breaker))\(held)")
    }
    return sentences
  }

  private mutating func isProgressDue(_ news: RunSnapshot) -> Bool {
    let percent = Wording.percent(news.summary.counts.ended, of: news.summary.counts.total)
    let isStill = told?.summary.counts == news.summary.counts
    let since = progressAt.map { $0.duration(to: news.at) }
    let isDue =
      switch since {
      case nil: true
      case let since? where isStill: since < .zero
      case let since?:
        since >= Self.progressPauseMax
          || (percent / 5 != progressPercent / 5 && since >= Self.progressPause)
          || news.summary.state != told?.summary.state
      }
    guard isDue else { return false }
    progressAt = news.at
    progressPercent = percent
    return true
  }

  /// `41 percent: 412,880 done, 37 failed, 16 running, $214.00 spent, ends about 06:30`.
  private func progress(_ news: RunSnapshot) -> String {
    let counts = news.summary.counts
    var parts = ["\(Wording.count(counts.done)) done"]
    if counts.failed > 0 { parts.append("\(Wording.count(counts.failed)) failed") }
    if counts.running > 0 { parts.append("\(Wording.count(counts.running)) running") }
    if counts.waiting > 0 { parts.append("\(Wording.count(counts.waiting)) waiting") }
    if let spent = news.budget?.spent, spent > .zero { parts.append("\(spent.dollars) spent") }
    if let left = news.timeLeft, news.summary.state == .running {
      let end = news.at.advanced(by: left)
      parts.append("ends about \(Wording.clock(end, zone: zone, seconds: false))")
    }
    let percent = Wording.percent(counts.ended, of: counts.total)
    return "\(percent) percent: " + parts.joined(separator: ", ")
  }
}
