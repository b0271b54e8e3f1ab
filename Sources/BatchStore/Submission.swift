// What is handed to the store to be written together with others.

package import BatchModel
package import Resilience

/// Changes of one run that stand or fall together, with their time.
package struct Submission: Hashable, Sendable {
  package var changes: [Change]
  package var run: RunID
  package var at: Instant
  package init(changes: [Change], run: RunID, at: Instant) {
    self.changes = changes
    self.run = run
    self.at = at
  }
}
