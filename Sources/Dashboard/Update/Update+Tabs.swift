// The item's tabs: which is shown, what it needs to be fetched, and where a search finds its text.

import BatchModel
import Canvas

extension DashboardModel {
  mutating func turnTab(by count: Int) -> [DashboardCommand] {
    let tabs = ItemTab.allCases
    let index = tabs.firstIndex(of: item.tab) ?? 0
    return show(tabs[(index + count + tabs.count) % tabs.count])
  }

  mutating func show(_ tab: ItemTab) -> [DashboardCommand] {
    item.tab = tab
    item.top = 0
    return fetchText()
  }

  /// Asks for the shown tab's text, once for each state of the item.
  mutating func fetchText() -> [DashboardCommand] {
    guard item.tab.isFetched, let detail = item.detail, detail.row.id == queue.selected else {
      return []
    }
    let request = TextRequest(
      item: detail.row.id, tab: item.tab, attempts: detail.attempts.count,
      outcome: detail.attempts.last?.outcome, state: detail.row.state)
    guard request != item.asked else { return [] }
    item.asked = request
    return [.fetchTab(request.item, request.tab)]
  }

  /// A text of another item or of a tab that is no longer shown is old news.
  mutating func take(_ text: TabText, of tab: ItemTab, for id: ItemID) {
    guard id == queue.selected, tab == item.tab else { return }
    item.text = ItemText(item: id, tab: tab, text: text, columns: layout.itemTextColumns)
  }

  mutating func take(_ detail: ItemDetail?, for id: ItemID) -> [DashboardCommand] {
    guard id == queue.selected else { return [] }
    item.detail = detail
    return fetchText()
  }

  /// The text that the shown tab has; `nil` while it is on its way.
  package var shownText: ItemText? {
    guard let text = item.text, text.item == queue.selected, text.tab == item.tab else {
      return nil
    }
    return text
  }

  /// Searches what is shown from the present line on.
  mutating func searchItem(forward: Bool) {
    guard !log.search.isEmpty else {
      say("nothing is searched for; \(key(.filter)) searches what is shown")
      return
    }
    let isFound =
      item.tab == .log
      ? log.find(forward: forward, visible: layout.logRows) : findLine(forward: forward)
    guard !isFound else { return }
    say(
      item.tab == .log
        ? "'\(log.search)' is not in the part of the log that is held"
        : "'\(log.search)' is not in the \(item.tab.rawValue)")
  }

  private mutating func findLine(forward: Bool) -> Bool {
    let needle = Array(log.search.lowercased().utf8)
    let lines = ItemFacts.lines(of: self, tab: item.tab)
    guard !lines.isEmpty else { return false }
    let start = item.found ?? (forward ? item.top - 1 : item.top)
    for step in 1...lines.count {
      let offset = forward ? step : -step
      let index = ((start + offset) % lines.count + lines.count) % lines.count
      let text = lines[index].map(\.text).joined()
      guard LogTail.contains(Array(text.utf8), needle) else { continue }
      item.found = index
      item.top = max(0, min(index, lines.count - layout.itemRows))
      return true
    }
    return false
  }
}

extension Layout {
  /// Columns of text in the item's panel.
  var itemTextColumns: Int { max(1, itemText.columns - 1) }
}
