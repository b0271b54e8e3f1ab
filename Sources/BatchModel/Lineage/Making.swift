// What the store knows of how a file came to be: receipts, and what hooks told.

package import Resilience

/// A finished step in its place in time.
package struct Making: Hashable, Sendable {
  /// Of the event that made the receipt; newer ones are greater.
  package var sequence: Int64
  package var at: Instant
  /// From 1.
  package var tryNumber: Int
  /// Why it ran.
  package var why: String
  package var receipt: Receipt
  package init(sequence: Int64, at: Instant, tryNumber: Int, why: String, receipt: Receipt) {
    self.sequence = sequence
    self.at = at
    self.tryNumber = tryNumber
    self.why = why
    self.receipt = receipt
  }
}

/// What a hook told of a file, in its place in time.
package struct Telling: Hashable, Sendable {
  package var sequence: Int64
  package var at: Instant
  package var run: RunID
  package var artifact: ArtifactTracked
  package init(sequence: Int64, at: Instant, run: RunID, artifact: ArtifactTracked) {
    self.sequence = sequence
    self.at = at
    self.run = run
    self.artifact = artifact
  }
}
