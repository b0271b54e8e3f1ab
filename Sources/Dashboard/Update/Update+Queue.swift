// The queue's window: which page is asked for next, and what a page that comes changes.

import BatchModel

extension DashboardModel {
  /// Rows that a page must bring, whatever the window's height: two screens.
  private var pageRows: Int { max(40, 2 * layout.queueRows) }
  /// Rows that are held at most: three screens.
  private var rowsMax: Int { max(60, 3 * layout.queueRows) }

  private mutating func fetch(
    _ start: ItemQuery.Start, limit: Int, landing: AwaitedPage.Landing = .keep
  ) -> [DashboardCommand] {
    let query = queue.query(start, limit: limit)
    queue.awaited = AwaitedPage(query: query, landing: landing)
    queue.isStale = false
    return [.fetchPage(query)]
  }

  /// The list anew from its beginning: another order, another filter.
  mutating func reloadQueue() -> [DashboardCommand] {
    queue.rangeStart = nil
    return fetch(.first, limit: pageRows, landing: .first)
  }

  /// The same part of the list again, because something changed.
  mutating func refreshQueue() -> [DashboardCommand] {
    guard queue.awaited == nil else {
      queue.isStale = true
      return []
    }
    let limit = max(pageRows, min(rowsMax, queue.rows.count))
    guard queue.hasEarlier, let first = queue.rows.first else {
      return fetch(.first, limit: limit)
    }
    return fetch(.at(first.id), limit: limit)
  }

  /// Asks for more rows where the selection or the view comes near the window's end.
  mutating func fillQueue() -> [DashboardCommand] {
    guard queue.awaited == nil, let first = queue.rows.first, let last = queue.rows.last else {
      return []
    }
    let visible = layout.queueRows
    let bottom = max(queue.top + visible, queue.selectedIndex ?? 0)
    if queue.hasLater, queue.rows.count - bottom < visible {
      return fetch(.after(last.id), limit: pageRows)
    }
    if queue.hasEarlier, min(queue.top, queue.selectedIndex ?? .max) < visible {
      return fetch(.before(first.id), limit: pageRows)
    }
    return []
  }

  mutating func take(_ page: ItemPage, for query: ItemQuery) -> [DashboardCommand] {
    guard let awaited = queue.awaited, awaited.query == query else { return [] }
    queue.awaited = nil
    let selectedBefore = queue.selected
    let wasInWindow = queue.selectedIndex != nil
    let offset = queue.selectedIndex.map { $0 - queue.top }
    merge(page, query.start)
    land(awaited.landing)
    // Deep in the list the window follows the item; at its beginning it stays there.
    if wasInWindow, queue.selectedIndex == nil, queue.hasEarlier, let id = queue.selected,
      query.start != .at(id)
    {
      return fetch(.at(id), limit: pageRows)
    }
    keepInPlace(offset: offset)
    var commands = queue.selected == selectedBefore ? [] : selectionChanged()
    commands += queue.isStale ? refreshQueue() : fillQueue()
    return commands
  }

  private mutating func merge(_ page: ItemPage, _ start: ItemQuery.Start) {
    switch start {
    case .first, .last, .at:
      queue.rows = page.rows
      queue.hasEarlier = page.hasEarlier
      queue.hasLater = page.hasLater
    case .after:
      let known = Set(queue.rows.map(\.id))
      queue.rows += page.rows.filter { !known.contains($0.id) }
      queue.hasLater = page.hasLater
      trimFront()
    case .before:
      let known = Set(queue.rows.map(\.id))
      let earlier = page.rows.filter { !known.contains($0.id) }
      queue.rows = earlier + queue.rows
      queue.top += earlier.count
      queue.lastIndex += earlier.count
      queue.hasEarlier = page.hasEarlier
      trimBack()
    }
  }

  /// A range that is being drawn keeps its rows, up to a bound.
  private var windowMax: Int { queue.rangeStart == nil ? rowsMax : max(rowsMax, 5000) }

  /// So many rows stay on either side of the view: more than `fillQueue` asks for, or what was just
  /// cut off would be fetched again, for ever.
  private var trimMargin: Int { 2 * layout.queueRows }

  private mutating func trimFront() {
    let surplus = min(queue.rows.count - windowMax, queue.top - trimMargin)
    guard surplus > 0 else { return }
    queue.rows.removeFirst(surplus)
    queue.top -= surplus
    queue.lastIndex = max(0, queue.lastIndex - surplus)
    queue.hasEarlier = true
  }

  private mutating func trimBack() {
    let below = queue.rows.count - max(queue.top + layout.queueRows, queue.lastIndex)
    let surplus = min(queue.rows.count - windowMax, below - trimMargin)
    guard surplus > 0 else { return }
    queue.rows.removeLast(surplus)
    queue.hasLater = true
  }

  private mutating func land(_ landing: AwaitedPage.Landing) {
    switch landing {
    case .keep: if queue.selected == nil { queue.selected = queue.rows.first?.id }
    case .first:
      queue.selected = queue.rows.first?.id
      queue.top = 0
    case .last: queue.selected = queue.rows.last?.id
    }
  }

  /// The selected row stays on its line of the screen, except that the list's top stays the top.
  private mutating func keepInPlace(offset: Int?) {
    let visible = layout.queueRows
    if let offset, let index = queue.selectedIndex, queue.top > 0 || queue.hasEarlier {
      queue.top = max(0, index - offset)
    }
    queue.reveal(visible: visible)
  }
}

extension DashboardModel {
  /// Another item is selected: its facts and its log are wanted.
  mutating func selectionChanged() -> [DashboardCommand] {
    item.top = 0
    item.text = nil
    item.asked = nil
    item.found = nil
    guard let selected = queue.selected else {
      item.detail = nil
      log.follow(nil)
      return [.stopLog]
    }
    if item.detail?.row.id != selected { item.detail = nil }
    log.follow(selected)
    return frozenAt == nil
      ? [.fetchDetail(selected), .followLog(selected)] : [.fetchDetail(selected)]
  }

  /// Selects the row at an index of the window, as near as there is one.
  mutating func select(index: Int) -> [DashboardCommand] {
    guard !queue.rows.isEmpty else { return [] }
    let held = min(queue.rows.count - 1, max(0, index))
    let isSame = queue.rows[held].id == queue.selected
    queue.selected = queue.rows[held].id
    queue.lastIndex = held
    queue.reveal(visible: layout.queueRows)
    return (isSame ? [] : selectionChanged()) + fillQueue()
  }

  /// Moves the selection; when the selected item has left the window it starts where that was.
  mutating func moveSelection(by count: Int) -> [DashboardCommand] {
    guard let index = queue.selectedIndex else { return select(index: queue.lastIndex) }
    return select(index: index + count)
  }

  mutating func selectFirst() -> [DashboardCommand] {
    queue.hasEarlier ? fetch(.first, limit: pageRows, landing: .first) : select(index: 0)
  }

  mutating func selectLast() -> [DashboardCommand] {
    queue.hasLater
      ? fetch(.last, limit: pageRows, landing: .last) : select(index: queue.rows.count - 1)
  }

  /// The next failed row of the window.
  mutating func selectFailed(forward: Bool) -> [DashboardCommand] {
    let start = queue.selectedIndex ?? queue.lastIndex
    let found =
      forward
      ? queue.rows.indices.first { $0 > start && queue.rows[$0].state == .failed }
      : queue.rows.indices.last { $0 < start && queue.rows[$0].state == .failed }
    guard let found else {
      say("no other failed item near here; \(key(.filter))st:fail shows them all")
      return []
    }
    return select(index: found)
  }
}
