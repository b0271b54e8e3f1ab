// Moving: in the list that has the focus, between panels and tabs.

import BatchModel
import Resilience

extension DashboardModel {
  mutating func move(_ intent: Intent) -> [DashboardCommand] {
    switch focus {
    case .queue:
      if intent == .first { return selectFirst() }
      if intent == .last { return selectLast() }
      return moveSelection(by: step(intent, page: layout.queueRows))
    case .failures:
      if intent == .first { return moveGroup(by: -groups.count) }
      if intent == .last { return moveGroup(by: groups.count) }
      return moveGroup(by: step(intent, page: 5))
    case .item:
      scrollItem(intent)
      return []
    case .breakers, .waits, .cost, .sync, .doctor:
      moveGauge(focus, intent)
      return []
    }
  }

  /// Selects another line of a gauge.
  mutating func moveGauge(_ panel: PanelID, _ intent: Intent) {
    let ids = gaugeRows(of: panel).compactMap(\.id)
    guard !ids.isEmpty else { return }
    let index = selectedGaugeRow(of: panel).flatMap { ids.firstIndex(of: $0) } ?? 0
    let next: Int
    switch intent {
    case .first: next = 0
    case .last: next = ids.count - 1
    default: next = index + step(intent, page: 5)
    }
    gauges.selected[panel] = ids[min(ids.count - 1, max(0, next))]
  }

  private func step(_ intent: Intent, page: Int) -> Int {
    switch intent {
    case .down: 1
    case .up: -1
    case .halfPageDown: max(1, page / 2)
    case .halfPageUp: -max(1, page / 2)
    case .pageDown: max(1, page - 1)
    case .pageUp: -max(1, page - 1)
    default: 0
    }
  }

  mutating func scrollItem(_ intent: Intent) {
    if item.tab == .log {
      scrollLog(intent)
      return
    }
    item.found = nil
    let visible = layout.itemRows
    let last = max(0, ItemFacts.lines(of: self, tab: item.tab).count - visible)
    switch intent {
    case .first: item.top = 0
    case .last: item.top = last
    default: item.top = min(last, max(0, item.top + step(intent, page: visible)))
    }
  }

  private mutating func scrollLog(_ intent: Intent) {
    let visible = layout.logRows
    switch intent {
    case .first: log.scroll(by: -log.lines.count, visible: visible)
    case .last: log.isFollowing = true
    default: log.scroll(by: step(intent, page: visible), visible: visible)
    }
  }

  /// Selects another group: `n` and `N` step through them as well.
  mutating func moveGroup(by count: Int) -> [DashboardCommand] {
    guard failures.browsing == nil else { return moveSample(by: count) }
    guard !groups.isEmpty else { return [] }
    let index = groups.firstIndex { $0.signature == failures.selected } ?? 0
    failures.selected = groups[min(groups.count - 1, max(0, index + count))].signature
    return []
  }

  mutating func navigate(_ intent: Intent) -> [DashboardCommand] {
    switch intent {
    case .left: return turnTab(by: -1)
    case .right: return turnTab(by: 1)
    case .nextPanel: return show(panel(after: focus, by: 1))
    case .previousPanel: return show(panel(after: focus, by: -1))
    case .panel(let panel): return show(panel)
    case .open: return open()
    default: return goBack()
    }
  }

  private func panel(after panel: PanelID, by count: Int) -> PanelID {
    let all = PanelID.allCases
    let index = all.firstIndex(of: panel) ?? 0
    return all[(index + count + all.count) % all.count]
  }

  mutating func show(_ panel: PanelID) -> [DashboardCommand] {
    focus = panel
    queue.reveal(visible: layout.queueRows)
    return fillQueue() + wanted(by: panel)
  }

  /// What a panel shows that does not come with every snapshot.
  private mutating func wanted(by panel: PanelID) -> [DashboardCommand] {
    switch panel {
    case .cost: return [.fetchSpending]
    case .doctor:
      let isOld = gauges.examination.map { $0.at.duration(to: now) > Self.examinationAge } ?? true
      return isOld ? examine(thoroughly: false) : []
    default: return []
    }
  }

  private static let examinationAge = Duration.seconds(30)

  /// One examination at a time.
  mutating func examine(thoroughly: Bool) -> [DashboardCommand] {
    guard gauges.examiningSince == nil else { return [] }
    gauges.examiningSince = now
    return [.examine(thoroughly: thoroughly)]
  }

  private mutating func open() -> [DashboardCommand] {
    switch focus {
    case .queue: return queue.selected == nil ? [] : show(.item)
    case .failures: return openGroup()
    case .item, .breakers, .waits, .cost, .sync, .doctor:
      isZoomed.toggle()
      return []
    }
  }

  private mutating func goBack() -> [DashboardCommand] {
    if isZoomed {
      isZoomed = false
      return show(focus)
    }
    if focus == .failures, failures.browsing != nil { return leaveSamples() }
    if focus != .queue { return show(.queue) }
    if queue.rangeStart != nil {
      queue.rangeStart = nil
      return []
    }
    if past != nil { return leavePast() }
    guard !queue.filterText.isEmpty else {
      say("there is nothing to go back from; \(key(.quit)) leaves")
      return []
    }
    queue.filter = ItemFilter()
    queue.filterText = ""
    return reloadQueue()
  }
}
