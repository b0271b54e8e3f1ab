// The panels by name: what has the focus, and what a key belongs to.

/// One panel of the dashboard; its number is the key that shows it.
package enum PanelID: Int, Hashable, Sendable, CaseIterable {
  case queue = 1
  case failures
  case item
  case breakers
  case waits
  case cost
  case sync
  case doctor
}

extension PanelID {
  /// The panels that tell how the run stands, in a few lines each.
  package static let gauges: [PanelID] = [.breakers, .waits, .cost, .sync, .doctor]
}

/// What the item's panel shows.
package enum ItemTab: String, Hashable, Sendable, CaseIterable {
  case log, tries, receipts, prompt, answer, diff, why

  /// Its text is fetched when somebody looks.
  package var isFetched: Bool { self == .prompt || self == .answer || self == .diff }
}
