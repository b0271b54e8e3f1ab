// How a person wants large screens divided.

/// What gets the most room where there is room for several panels.
package enum Arrangement: String, Hashable, Sendable, CaseIterable {
  /// The queue, and beside it the item.
  case usual
  /// The failures' groups, and beside them the item.
  case triage
  /// The gauges.
  case gauges
}
