// What an acting key would act on, and why it cannot: asked by the hint line and by the key.

package import BatchModel
import Resilience

/// The items that an action means.
package struct Targets: Hashable, Sendable {
  package var selector: ItemSelector
  package var count: Int
  /// Keys for the sheet, at most five.
  package var samples: [String]
  /// `Sources/A.swift`, `31 items`, `G-07's 31 items`.
  package var name: String
}

extension DashboardModel {
  /// Why an acting intent cannot work now; `nil` when it can.
  package func reasonAgainst(_ intent: Intent) -> String? {
    if intent == .actions { return nil }
    if past != nil { return pastReason }
    if isReadOnly { return Self.readOnlyReason }
    guard let snapshot else { return Self.unknownRunReason }
    if intent == .doctorFix { return reasonAgainstFixing(fixScope) }
    if snapshot.summary.state == .superseded { return Self.supersededReason }
    if let reason = reasonFarFromItems(intent) { return reason }
    switch intent {
    case .retry, .skip, .cancel:
      // Asked at every frame: a hundred thousand marks are not gathered for it.
      if focus != .failures, !queue.marks.isEmpty { return nil }
      if case .failure(let reason) = targets(of: intent) { return reason.text }
      return nil
    case .retryAllFailed: return snapshot.summary.counts.failed == 0 ? "nothing failed" : nil
    case .pauseOrResume: return reasonAgainstPausing(snapshot)
    case .stop:
      if !hasEngine { return "no engine runs" }
      return snapshot.summary.state == .stopped ? "it is stopping already" : nil
    case .raiseCap:
      return snapshot.summary.state == .finished && snapshot.itemsLeft == 0
        ? "the run is finished" : nil
    case .note: return reasonAgainstNote()
    case .accept, .sendBack: return reasonAgainstJudging()
    case .edit: return reasonAgainstEditing()
    case .takeBack: return takeBackCandidate == nil ? "nothing waits to be taken back" : nil
    default: return nil
    }
  }

  /// In a gauge's panel an action on items would mean one that may not even be on the screen.
  private func reasonFarFromItems(_ intent: Intent) -> String? {
    switch intent {
    case .retry, .skip, .cancel, .edit, .note, .accept, .sendBack:
      guard PanelID.gauges.contains(focus) else { return nil }
      return "select an item first: \(key(.panel(.queue))) goes to the queue"
    default: return nil
    }
  }

  static let readOnlyReason = "attached with --read-only"
  static let unknownRunReason = "nothing is known of the run yet"
  static let supersededReason = "a newer run took over from this one"

  private func reasonAgainstPausing(_ snapshot: RunSnapshot) -> String? {
    guard snapshot.summary.state == .finished, snapshot.itemsLeft == 0 else { return nil }
    return snapshot.summary.counts.failed > 0
      ? "the run is finished; \(key(.retryAllFailed)) queues what failed again"
      : "the run is finished"
  }

  /// A request that can be taken back: ours first, the newest first.
  package var takeBackCandidate: TakeBack? {
    if let own = pending.last(where: { !$0.isTakenBack && now < $0.notBefore }) {
      return .own(token: own.token)
    }
    let own = Set(pending.compactMap(\.request))
    let request = snapshot?.pendingRequests.last { now < $0.notBefore && !own.contains($0.id) }
    return request.map { .other($0) }
  }

  /// The items that an intent means: the marked ones, else the selected one; on the failures'
  /// panel the selected group.
  package func targets(of intent: Intent) -> Result<Targets, NoTargets> {
    if focus == .failures { return groupTargets(of: intent) }
    if !queue.marks.isEmpty { return .success(markedTargets) }
    guard let row = selectedItem else { return .failure(NoTargets("no item is selected")) }
    return target(row, of: intent)
  }

  private func target(_ row: ItemRow, of intent: Intent) -> Result<Targets, NoTargets> {
    if let reason = reason(against: intent, on: row.state) {
      return .failure(NoTargets(reason))
    }
    return .success(
      Targets(selector: .ids([row.id]), count: 1, samples: [row.key], name: row.key))
  }

  private var markedTargets: Targets {
    let ids = queue.marks.keys.sorted()
    let samples = ids.lazy.compactMap { queue.marks[$0] }.prefix(5)
    return Targets(
      selector: .ids(ids), count: ids.count, samples: Array(samples),
      name: Wording.items(ids.count))
  }

  private func groupTargets(of intent: Intent) -> Result<Targets, NoTargets> {
    if let browsing = failures.browsing {
      guard let row = browsing.current?.row else {
        return .failure(NoTargets("no item is selected"))
      }
      return target(row, of: intent)
    }
    guard let group = selectedGroup else { return .failure(NoTargets("no group is selected")) }
    guard intent != .cancel else {
      return .failure(NoTargets("what failed has ended; \(key(.skip)) skips it"))
    }
    return .success(
      Targets(
        selector: .group(group.signature), count: group.count, samples: [group.sampleKey],
        name: "\(group.name)'s \(Wording.items(group.count))"))
  }

  private func reason(against intent: Intent, on state: ItemState) -> String? {
    switch (intent, state) {
    case (.retry, .failed), (.retry, .cancelled), (.retry, .skipped): nil
    case (.retry, _): "nothing failed is selected"
    case (.skip, .queued), (.skip, .waiting), (.skip, .failed), (.skip, .cancelled): nil
    case (.skip, .running): "it runs; \(key(.cancel)) cancels it"
    case (.skip, _): "it has ended"
    case (.cancel, .queued), (.cancel, .waiting), (.cancel, .running): nil
    case (.cancel, _): "it has ended"
    default: nil
    }
  }
}

/// Why there is nothing to act on.
package struct NoTargets: Error, Hashable, Sendable {
  package var text: String
  init(_ text: String) { self.text = text }
}

/// A request that `U` would take back.
package enum TakeBack: Hashable, Sendable {
  case own(token: Int)
  case other(Request)
}
