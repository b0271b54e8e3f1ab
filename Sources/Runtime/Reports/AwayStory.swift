// A run's landmarks folded into what a person wants to know who was away: trips, waits, pauses, levers.

import BatchModel
import BatchStore
import Foundation
import Resilience

/// How long a provider let nothing through.
private struct LimitTime {
  var waited = Duration.zero
  /// By what the provider named.
  var byDimension: [String: Duration] = [:]
  /// What lasts.
  var since: (at: Instant, until: Instant?, dimension: String?)?

  /// Ends what lasts; before `from` nothing counts.
  mutating func end(at now: Instant, from: Instant) {
    guard let since else { return }
    self.since = nil
    let time = max(.zero, max(since.at, from).duration(to: now))
    waited += time
    if let dimension = since.dimension { byDimension[dimension, default: .zero] += time }
  }

  var worstDimension: String? {
    byDimension.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}

/// Gathers what landmarks tell, oldest first.
struct AwayStory {
  /// So many landmarks before the absence say how things stood when it began.
  static let prologue = 500

  private struct Breaker {
    var trips = 0
    var longest = Duration.zero
    /// Since when it is not closed.
    var openSince: Instant?
  }
  private let from: Instant
  private let names: [String: String]
  private var breakers: [String: Breaker] = [:]
  private var limits: [String: LimitTime] = [:]
  private var pauses: [AwayReport.Pause] = []
  private var cap: Money?
  private let ownCap: Money?
  private var capChanges: [AwayReport.CapChange] = []
  private var levers: [AwayReport.Lever] = []
  private var restarts: [Instant] = []
  private var reopened: [String] = []

  /// - Parameter cap: the definition's.
  init(from: Instant, cap: Money?, groups: [FailureGroup]) {
    self.from = from
    self.cap = cap
    ownCap = cap
    names = Dictionary(groups.map { ($0.signature.text, $0.name) }) { first, _ in first }
  }

  /// Takes in a landmark from before the absence: only how things stand counts.
  mutating func prepare(_ entry: LedgerEntry) {
    add(entry)
    for name in breakers.keys {
      breakers[name]?.trips = 0
      breakers[name]?.longest = .zero
    }
    for name in limits.keys {
      limits[name]?.waited = .zero
      limits[name]?.byDimension = [:]
    }
    pauses.removeAll { $0.to != nil }
    (capChanges, levers, restarts, reopened) = ([], [], [], [])
  }

  mutating func add(_ entry: LedgerEntry) {
    switch entry.change {
    case .runStarted(let started): if started.resumed { restarts.append(entry.at) }
    case .runMoved(let move): add(move, entry.at)
    case .providerMoved(let move): add(move, entry.at)
    case .budgetMoved(let move): add(move, entry.at)
    case .noted(let note): add(note, entry.at)
    default: break  // of items and attempts, or a request tells of it
    }
  }

  private mutating func add(_ move: RunMoved, _ at: Instant) {
    if let last = pauses.indices.last, pauses[last].to == nil, move.to != .paused {
      pauses[last].to = at
    }
    guard move.to == .paused, pauses.last?.to != nil || pauses.isEmpty else { return }
    pauses.append(AwayReport.Pause(from: at, to: nil, by: move.by, why: move.why))
  }

  private mutating func add(_ move: ProviderMoved, _ at: Instant) {
    note(move, breaker: &breakers[move.provider, default: Breaker()], at)
    var limit = limits[move.provider, default: LimitTime()]
    // A wait lasts until there is other news of the provider.
    limit.end(at: at, from: from)
    if move.to == "rate-limited" || move.to == "held" {
      limit.since = (at, move.until, move.to == "held" ? "quota" : Self.dimension(in: move.why))
    }
    limits[move.provider] = limit
  }

  private func note(_ move: ProviderMoved, breaker: inout Breaker, _ at: Instant) {
    switch move.to {
    case "breaker-open", "breaker-isolated":
      if breaker.openSince == nil {
        breaker.trips += 1
        breaker.openSince = at
      }
    case "breaker-closed", "breaker-disabled", "freed":
      guard let since = breaker.openSince else { return }
      breaker.longest = max(breaker.longest, max(since, from).duration(to: at))
      breaker.openSince = nil
    default: break  // half-open is not closed yet; a limit says nothing of the breaker
    }
  }

  /// `tokens`, when the provider named what has run out.
  private static func dimension(in why: String) -> String? {
    let text = why.lowercased()
    return ["input tokens", "output tokens", "tokens", "requests"].first { text.contains($0) }
  }

  private mutating func add(_ move: BudgetMoved, _ at: Instant) {
    let new = move.state.cap ?? ownCap
    defer { cap = new }
    guard new != cap else { return }
    capChanges.append(AwayReport.CapChange(at: at, from: cap, to: new, by: move.by))
  }

  private mutating func add(_ note: Noted, _ at: Instant) {
    if note.code == Noted.groupReopened {
      let name = note.message.prefix { $0 != " " }
      if !reopened.contains(String(name)) { reopened.append(String(name)) }
      return
    }
    // The store's own record of a request; one of another version says nothing here.
    guard note.code == ":request",
      let request = try? JSONDecoder().decode(Request.self, from: Data(note.message.utf8)),
      let what = LeverWords.text(of: request.action, groups: names)
    else { return }
    levers.append(AwayReport.Lever(at: at, by: request.by, what: what))
  }

  /// Writes what was gathered into the report; what still lasts, lasts until its end.
  func finish(_ report: inout AwayReport) {
    let now = report.to
    report.breakers = breakers.compactMap { name, breaker in
      var longest = breaker.longest
      if let since = breaker.openSince {
        longest = max(longest, max(since, from).duration(to: now))
      }
      guard breaker.trips > 0 || breaker.openSince != nil || longest > .zero else { return nil }
      return AwayReport.BreakerTrouble(
        provider: name, trips: breaker.trips, longest: longest, isOpen: breaker.openSince != nil)
    }.sorted {
      ($0.isOpen ? 0 : 1, .zero - $0.longest, $0.provider)
        < ($1.isOpen ? 0 : 1, .zero - $1.longest, $1.provider)
    }
    let waits = limits.mapValues { limit in
      var limit = limit
      limit.end(at: min(now, limit.since?.until ?? now), from: from)
      return limit
    }
    report.waited = waits.values.reduce(Duration.zero) { $0 + $1.waited }
    let worst = waits.filter { $0.value.waited > .zero }
      .max { ($0.value.waited, $1.key) < ($1.value.waited, $0.key) }
    report.worstWait = worst.map { name, limit in
      AwayReport.LimitWait(
        provider: name, dimension: limit.worstDimension, waited: limit.waited)
    }
    report.pauses = pauses.map { pause in
      var pause = pause
      pause.from = max(pause.from, from)
      return pause
    }
    report.cap = cap
    report.capChanges = capChanges
    report.levers = levers
    report.restarts = restarts
    report.reopenedGroups = reopened
  }
}
