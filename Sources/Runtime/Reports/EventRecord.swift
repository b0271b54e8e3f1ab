// One event as JSON: `run --json`, `ledger --json`.

package import BatchModel
package import Resilience

/// One line of events.
package struct EventRecord: Codable {
  /// Its number in the ledger; `run --json` tells events before they have one.
  package let sequence: Int64?
  package let run: RunID?
  package let at: String
  /// The key of the item that it is about.
  package let item: String?
  package let event: Change

  package init(at: Instant, item: String?, _ change: Change) {
    sequence = nil
    run = nil
    self.at = at.rfc3339
    self.item = item
    event = change
  }

  package init(_ entry: LedgerEntry, item: String?) {
    sequence = entry.sequence
    run = entry.run
    at = entry.at.rfc3339
    self.item = item
    event = entry.change
  }
}
