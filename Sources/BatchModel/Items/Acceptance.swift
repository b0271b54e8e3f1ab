// A person's word that a candidate is good, and what waits for such a word.

package import Resilience

/// A person has overruled the check or the review that said no.
package struct Acceptance: Hashable, Sendable, Codable {
  /// A user's name.
  package var by: String
  package var at: Instant
  /// The person's own words; may be empty.
  package var reason: String
  /// What was overruled: what the check or the review said.
  package var overruled: String
  package init(by: String, at: Instant, reason: String, overruled: String) {
    self.by = by
    self.at = at
    self.reason = reason
    self.overruled = overruled
  }
}

/// A failed item whose work is there and only waits for a person's word.
package struct PendingReview: Hashable, Sendable {
  /// One file that an acceptance would bring further.
  package struct Candidate: Hashable, Sendable {
    /// The step that made it, an index.
    package var step: Int
    package var attempt: AttemptID
    package var object: SealedObject
    package init(step: Int, attempt: AttemptID, object: SealedObject) {
      self.step = step
      self.attempt = attempt
      self.object = object
    }
  }
  package var row: ItemRow
  /// The attempt that an acceptance passes: the candidate's own, or its review's.
  package var attempt: AttemptID
  /// That attempt's step: the item goes on from there.
  package var step: Int
  /// The step that does the work again when it is sent back.
  package var sendsBackTo: Int
  /// What said no, and why.
  package var failure: Failure
  /// What the review said last, where a review said no.
  package var feedback: String?
  /// When it said so.
  package var at: Instant
  /// Never empty; in step order.
  package var candidates: [Candidate]
  package init(
    row: ItemRow, attempt: AttemptID, step: Int, sendsBackTo: Int, failure: Failure,
    feedback: String? = nil, at: Instant, candidates: [Candidate]
  ) {
    self.row = row
    self.attempt = attempt
    self.step = step
    self.sendsBackTo = sendsBackTo
    self.failure = failure
    self.feedback = feedback
    self.at = at
    self.candidates = candidates
  }
}
