// A change in its place in the ledger.

package import Resilience

/// One event of the ledger.
package struct LedgerEntry: Hashable, Sendable {
  /// From 1, without gaps over all runs of a store.
  package var sequence: Int64
  package var run: RunID
  package var at: Instant
  package var change: Change
  package init(sequence: Int64, run: RunID, at: Instant, change: Change) {
    self.sequence = sequence
    self.run = run
    self.at = at
    self.change = change
  }
}
