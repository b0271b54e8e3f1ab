// A candidate that waits for a person's word, as JSON: `review --json`.

package import BatchModel

/// One item's review.
package struct ReviewReport: Codable {
  package let schemaVersion: Int
  package let item: String
  package let occurrence: Int
  package let ordinal: Int64
  /// The step that an acceptance passes.
  package let step: String
  /// The step that does the work again when it is sent back.
  package let sendsBackTo: String
  package let attempt: Int64
  /// The class of what said no: `check`, `rounds`, `loop`, `target-changed`, `publish`.
  package let kind: String
  package let why: String
  /// What the review said last, where a review said no.
  package let feedback: String?
  package let at: String
  package let candidates: [CandidateReport]

  /// One file, and what stands at its target.
  package struct CandidateReport: Codable {
    package let step: String
    package let attempt: Int64
    package let digest: String
    package let bytes: Int64
    package let path: String?
    /// The digest of what stands there; `nil` when nothing does.
    package let published: String?
    package let changedByHand: Bool
    package let problem: String?
    /// `same`, `text`, `binary`, `too-large` or `unavailable`; `nil` in the list of all reviews.
    package let comparison: String?
    /// `diff -u` from what stands there to the candidate.
    package let difference: String?
  }

  /// - Parameter desk: compares the files; `nil` leaves that out.
  package init(
    _ review: PendingReview, _ candidates: [ReviewedCandidate], steps: [String],
    comparingAt desk: ReviewDesk?
  ) {
    func name(_ step: Int) -> String { steps.indices.contains(step) ? steps[step] : "" }
    schemaVersion = 1
    item = review.row.key
    occurrence = review.row.occurrence
    ordinal = review.row.ordinal
    step = name(review.step)
    sendsBackTo = name(review.sendsBackTo)
    attempt = review.attempt.number
    kind = review.failure.kind.rawValue
    why = review.failure.message
    feedback = review.feedback
    at = review.at.rfc3339
    self.candidates = candidates.map { reviewed in
      CandidateReport(
        reviewed, step: name(reviewed.candidate.step), desk?.difference(of: reviewed))
    }
  }
}

extension ReviewReport.CandidateReport {
  fileprivate init(
    _ reviewed: ReviewedCandidate, step: String, _ difference: UnifiedDifference?
  ) {
    let object = reviewed.candidate.object
    self.step = step
    attempt = reviewed.candidate.attempt.number
    digest = object.digest.description
    bytes = object.sizeBytes
    path = reviewed.path
    published = reviewed.standing.flatMap { content in
      if case .file(let digest) = content { digest.description } else { nil }
    }
    changedByHand = reviewed.isChangedByHand
    switch difference {
    case .text(let text):
      (comparison, self.difference, problem) = ("text", text, reviewed.problem)
    case .unavailable(let why):
      (comparison, self.difference, problem) = ("unavailable", nil, reviewed.problem ?? why)
    case .same: (comparison, self.difference, problem) = ("same", nil, reviewed.problem)
    case .binary: (comparison, self.difference, problem) = ("binary", nil, reviewed.problem)
    case .tooLarge: (comparison, self.difference, problem) = ("too-large", nil, reviewed.problem)
    case nil: (comparison, self.difference, problem) = (nil, nil, reviewed.problem)
    }
  }
}
