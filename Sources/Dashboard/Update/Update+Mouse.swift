// What the mouse does: a click chooses, a click on what is chosen opens, the wheel scrolls what it is
// over. It never acts by itself: a click on a hint is that key, with all its questions, and a click on
// an answer is the answer that stands there.

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
      let commands = overlay.map { click(event, on: $0) } ?? click(event)
      // Whoever clicks is here, as whoever presses a key.
      away.pressedAt = now
      return commands + markSeen()
    case .press, .release: return []
    }
  }

  /// So many lines are a notch.
  private static let notch = 3

  private mutating func wheel(_ event: MouseEvent, down isDown: Bool) -> [DashboardCommand] {
    let intent: Intent = isDown ? .down : .up
    if let overlay { return wheel(isDown ? .down : .up, on: overlay) }
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
    case .tab(let tab): return show(.item) + show(tab)
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

  /// Lists and the help are scrolled; a question is not answered by scrolling.
  private mutating func wheel(_ key: Key, on overlay: Overlay) -> [DashboardCommand] {
    switch overlay {
    case .help, .menu, .themes: press(key, on: overlay)
    case .sheet, .filter, .search, .prompt, .away, .palette: []
    }
  }

  private mutating func click(_ event: MouseEvent, on overlay: Overlay) -> [DashboardCommand] {
    switch hit(row: event.row, column: event.column, on: overlay) {
    case .key(let key): return press(key, on: overlay)
    case .line(let index): return click(line: index, on: overlay)
    case .completion(let line):
      self.overlay = .palette(Palette(line))
      return []
    case nil: return []
    }
  }

  /// A menu's line is done at once, as its letter is; a theme is shown first, and kept by a second
  /// click.
  private mutating func click(line index: Int, on overlay: Overlay) -> [DashboardCommand] {
    switch overlay {
    case .menu(var menu):
      menu.index = index
      return press(.enter, on: .menu(menu))
    case .themes(let picker) where picker.index == index: return press(.enter, on: overlay)
    case .themes(var picker):
      picker.index = index
      return show(picker)
    default: return []
    }
  }
}
