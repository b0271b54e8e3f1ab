// The panels by name: what has the focus, and what a key belongs to.

/// One panel of the dashboard.
package enum PanelID: Int, Hashable, Sendable, CaseIterable {
  case queue = 1
  case failures
  case item
}

/// What the item's panel shows.
package enum ItemTab: String, Hashable, Sendable, CaseIterable {
  case log, tries, receipts, why
}
