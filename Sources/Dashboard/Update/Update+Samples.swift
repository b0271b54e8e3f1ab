// Stepping through the samples of a group; the item's panel follows.

import BatchModel
import Resilience

extension DashboardModel {
  /// Opens the selected group, or, where it is open already, shows its items in the queue.
  mutating func openGroup() -> [DashboardCommand] {
    if let browsing = failures.browsing {
      return group(of: browsing.signature).map { showInQueue($0) } ?? []
    }
    guard let group = selectedGroup else { return [] }
    failures.selected = group.signature
    failures.browsing = SampleBrowsing(of: group.signature, cameFrom: queue.selected)
    return [fetchSamples(of: group.signature)]
  }

  private func fetchSamples(of signature: Signature) -> DashboardCommand {
    .fetchSamples(signature, limit: SampleBrowsing.samplesMax)
  }

  private mutating func showInQueue(_ group: FailureGroup) -> [DashboardCommand] {
    failures.browsing = nil
    queue.filter = ItemFilter(states: [.failed], signature: group.signature)
    queue.filterText = "st:fail group:\(group.name)"
    return show(.queue) + reloadQueue()
  }

  /// What came for a group that is no longer looked at is old news.
  mutating func take(samples: [FailureSample], of signature: Signature) -> [DashboardCommand] {
    guard var browsing = failures.browsing, browsing.signature == signature else { return [] }
    let index = browsing.index
    browsing.samples = Array(samples.prefix(SampleBrowsing.samplesMax))
    browsing.isLoaded = true
    let isHere = browsing.samples.contains { $0.row.id == browsing.selected }
    guard !isHere, !browsing.samples.isEmpty else {
      failures.browsing = browsing
      return []
    }
    // The one that was looked at has left the group: the next one takes its place.
    browsing.selected = browsing.samples[min(index, browsing.samples.count - 1)].row.id
    failures.browsing = browsing
    return followSample()
  }

  /// The samples again, after the run has changed.
  func refreshSamples() -> [DashboardCommand] {
    failures.browsing.map { [fetchSamples(of: $0.signature)] } ?? []
  }

  mutating func moveSample(by count: Int) -> [DashboardCommand] {
    guard var browsing = failures.browsing, !browsing.samples.isEmpty else { return [] }
    let last = browsing.samples.count - 1
    let next = min(last, max(0, browsing.index + count))
    guard browsing.samples[next].row.id != browsing.selected else {
      say(
        count > 0
          ? "this is the last sample; \(key(.open)) shows all of them" : "this is the first one")
      return []
    }
    browsing.selected = browsing.samples[next].row.id
    failures.browsing = browsing
    return followSample()
  }

  private mutating func followSample() -> [DashboardCommand] {
    queue.selected = failures.browsing?.selected
    return selectionChanged()
  }

  /// Back to the groups, and to the item that was selected before.
  mutating func leaveSamples() -> [DashboardCommand] {
    guard let browsing = failures.browsing else { return [] }
    failures.browsing = nil
    guard queue.selected != browsing.cameFrom else { return [] }
    queue.selected = browsing.cameFrom
    queue.reveal(visible: layout.queueRows)
    return selectionChanged()
  }
}
