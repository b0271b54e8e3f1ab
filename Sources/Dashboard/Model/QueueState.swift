// The queue as the screen holds it: a window of rows, and a selection that is an item, never a row.

package import BatchModel

/// A page on its way, and what is selected when it comes.
package struct AwaitedPage: Hashable, Sendable {
  package enum Landing: Hashable, Sendable { case keep, first, last }
  package var query: ItemQuery
  package var landing: Landing
}

/// Up to three screens of a list that may have a million rows.
package struct QueueState: Hashable, Sendable {
  package var filter = ItemFilter()
  /// The filter as it was typed.
  package var filterText = ""
  package var order = ItemOrder.attention
  package var isDescending = false

  package var rows: [ItemRow] = []
  package var hasEarlier = false
  package var hasLater = false
  /// The first visible row, an index into `rows`.
  package var top = 0
  package var selected: ItemID?
  /// Where the selected item was last seen: an index into `rows`.
  package var lastIndex = 0

  /// The marked items with their keys, where these are known.
  package var marks: [ItemID: String] = [:]
  /// Where a range of marks begins.
  package var rangeStart: ItemID?

  /// The page that was asked for and has not come yet.
  package var awaited: AwaitedPage?
  /// Something changed while a page was on its way.
  package var isStale = false

  package init() {}

  /// The selected item's place in the window; `nil` when it has moved out of it.
  package var selectedIndex: Int? {
    guard let selected else { return nil }
    if rows.indices.contains(lastIndex), rows[lastIndex].id == selected { return lastIndex }
    return rows.firstIndex { $0.id == selected }
  }

  package var selectedRow: ItemRow? { selectedIndex.map { rows[$0] } }

  /// The marks of a range that is being drawn, in list order; empty when none is.
  package var rangeRows: ArraySlice<ItemRow> {
    guard let rangeStart, let end = selectedIndex,
      let start = rows.firstIndex(where: { $0.id == rangeStart })
    else { return [] }
    return rows[min(start, end)...max(start, end)]
  }

  /// A page of this list.
  package func query(_ start: ItemQuery.Start, limit: Int) -> ItemQuery {
    ItemQuery(
      filter: filter, order: order, isDescending: isDescending, start: start, limit: limit)
  }

  /// Scrolls so that the selected row is among `visible` ones, and no room is left empty.
  package mutating func reveal(visible: Int) {
    if let index = selectedIndex {
      lastIndex = index
      if index < top { top = index }
      if index >= top + visible { top = index - visible + 1 }
    }
    top = max(0, min(top, rows.count - visible))
  }
}
