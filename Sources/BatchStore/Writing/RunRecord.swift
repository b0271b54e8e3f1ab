// A run's row as the writing side keeps it at hand.

import BatchModel

/// What every transaction needs to know of its run.
///
/// A value: a transaction that is rolled back leaves the store's copy alone.
struct RunRecord {
  var number: Int64
  var id: RunID
  var state: RunState
  /// Step ids, in order.
  var steps: [String]
  /// Whether any of its items comes after another one.
  var hasEdges: Bool
  /// A comparison with the source was begun and not ended, or left problems behind.
  var isSourceOpen: Bool
}
