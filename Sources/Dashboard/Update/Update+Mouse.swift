// What the mouse does: a click chooses, a click on what is chosen opens, the wheel scrolls what it is
// over. It never acts by itself: a click on a hint is that key, with all its questions.

import BatchModel
import Canvas

extension DashboardModel {
  mutating func take(_ event: MouseEvent) -> [DashboardCommand] {
    // Where one line is all there is, nothing that could be meant is seen.
    guard isMouseOn, layout.form != .line else { return [] }
    switch event.action {
    case .wheelUp: return wheel(event, down: false)
    case .wheelDown: return wheel(event, down: true)
    case .press(.left):
      // A question is answered with keys.
      return overlay == nil ? click(event) : []
    case .press, .release: return []
    }
  }

  /// So many lines are a notch.
  private static let notch = 3

  private mutating func wheel(_ event: MouseEvent, down isDown: Bool) -> [DashboardCommand] {
    let intent: Intent = isDown ? .down : .up
    if overlay != nil {
      let key: Key = isDown ? .down : .up
      return press(key)
    }
    guard let (panel, _) = panel(row: event.row, column: event.column) else { return [] }
    switch panel {
    case .queue: return moveSelection(by: isDown ? Self.notch : -Self.notch)
    case .failures: return moveGroup(by: isDown ? 1 : -1)
    case .item: for _ in 0..<Self.notch { scrollItem(intent) }
    case .breakers, .waits, .cost, .sync, .doctor: moveGauge(panel, intent)
    }
    return []
  }

  private mutating func click(_ event: MouseEvent) -> [DashboardCommand] {
    switch hit(row: event.row, column: event.column) {
    case .key(let key): return press(key)
    case .name(let panel), .panel(let panel): return focus == panel ? [] : show(panel)
    case .tab(let tab):
      item.tab = tab
      item.top = 0
      return show(.item)
    case .queueRow(let index):
      let isChosen = focus == .queue && queue.rows[index].id == queue.selected
      return isChosen ? perform(.open) : show(.queue) + select(index: index)
    case .group(let signature):
      let isChosen = focus == .failures && selectedGroup?.signature == signature
      failures.selected = signature
      return isChosen ? perform(.open) : show(.failures)
    case .gaugeRow(let panel, let row):
      let isChosen = focus == panel && selectedGaugeRow(of: panel) == row
      gauges.selected[panel] = row
      return isChosen ? perform(.open) : show(panel)
    case nil: return []
    }
  }
}
