// Rounds: work that a review sent back, what it said, and results that wait for a review.

package import Resilience

/// Where an item stands in its rounds; also what a failed check says to the next try.
package struct ReviewState: Hashable, Sendable, Codable {
  /// What is kept of a review's words, in bytes of UTF-8.
  package static let feedbackBytesMax = 16 * 1024

  /// How often the work was sent back.
  package var round: Int
  /// What the last review, or check, said.
  package var feedback: String
  package var detector: LoopDetector<Digest>
  /// The work went to another step because it went in circles; that happens once.
  package var hasEscalated: Bool
  /// The round from which on the rounds are counted, since a person granted new ones by sending the
  /// work back; `nil` counts from the beginning.
  package var grantedAt: Int?

  package init(
    round: Int = 0, feedback: String = "", detector: LoopDetector<Digest> = LoopDetector(),
    hasEscalated: Bool = false, grantedAt: Int? = nil
  ) {
    self.round = round
    self.feedback = feedback
    self.detector = detector
    self.hasEscalated = hasEscalated
    self.grantedAt = grantedAt
  }

  /// What a person's words make of an item that is sent back by hand.
  ///
  /// The loop detector starts anew: what went before is no evidence against what the person says.
  package init(sentBackWith feedback: String, after earlier: ReviewState?) {
    let round = (earlier?.round ?? 0) + 1
    self.init(round: round, feedback: feedback, grantedAt: round)
  }

  /// The rounds that count against those that a review has.
  package var roundsUsed: Int { round - (grantedAt ?? 0) }
}

/// A result that is published when a later step's review has passed.
package struct HeldResult: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var step: Int
  package var candidate: SealedObject?
  package var warnings: [String]
  /// Set when a person accepted it over a check of its own.
  package var acceptance: Acceptance?
  package init(
    attempt: AttemptID, step: Int, candidate: SealedObject?, warnings: [String] = [],
    acceptance: Acceptance? = nil
  ) {
    self.attempt = attempt
    self.step = step
    self.candidate = candidate
    self.warnings = warnings
    self.acceptance = acceptance
  }
}
