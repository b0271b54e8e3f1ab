// A candidate that waits for a person's word, in lines; and a difference with its colours.

import BatchModel
import Canvas
import Dashboard
import Runtime

enum ReviewText {
  /// What waits, why and since when; then one line a candidate.
  static func summary(
    _ review: PendingReview, _ candidates: [ReviewedCandidate], steps: [String]
  ) -> [String] {
    func name(_ step: Int) -> String {
      steps.indices.contains(step) ? steps[step] : "step \(step + 1)"
    }
    var lines = [
      "\(review.row.key)  \(name(review.step))  \(review.at.localTime)  attempt \(review.attempt)",
      "  \(review.failure.kind.rawValue): \(review.failure.message)",
    ]
    if let feedback = review.feedback, !feedback.isEmpty {
      lines += feedback.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  | \($0)" }
    }
    for reviewed in candidates {
      let object = reviewed.candidate.object
      lines.append(
        "  \(name(reviewed.candidate.step)) → \(target(of: reviewed)): "
          + "\(object.sizeBytes) bytes, \(object.digest)")
    }
    return lines
  }

  private static func target(of reviewed: ReviewedCandidate) -> String {
    if let problem = reviewed.problem { return "no target (\(problem))" }
    guard let path = reviewed.path else { return "no file: its step publishes nothing" }
    guard case .file = reviewed.standing else { return "\(path) (new)" }
    return reviewed.isChangedByHand ? "\(path) (changed by hand since its receipt)" : path
  }

  /// A difference that has no lines.
  static func sentence(_ difference: UnifiedDifference, _ reviewed: ReviewedCandidate) -> String {
    let new = reviewed.candidate.object
    switch difference {
    case .text(let text): return text
    case .same:
      if case .file = reviewed.standing { return "the candidate is what is published already" }
      return "the candidate is empty"
    case .binary, .tooLarge:
      let why = difference == .binary ? "not text" : "too large to compare"
      let old =
        if case .file(let digest) = reviewed.standing { "published \(digest)" } else {
          "nothing published"
        }
      return "\(why): \(old), candidate \(new.digest), \(new.sizeBytes) bytes"
    case .unavailable(let why): return "no difference can be shown: \(why)"
    }
  }
}

/// Writes `diff -u`.
enum DifferenceText {
  /// Hostile text is made visible; tabs stay, since they are what code is indented with.
  static func lines(of text: String, isPlain: Bool) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let safe = line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { SafeText($0, columnsMax: 16_384).string }.joined(separator: "\t")
      let paint = isPlain ? nil : paint(of: line)
      Console.raw((paint.map { "\u{1B}[\($0)m\(safe)\u{1B}[0m" } ?? safe) + "\n")
    }
  }

  /// The colours that git gives a difference; `nil` for a line that both have.
  private static func paint(of line: Substring) -> String? {
    if line.hasPrefix("+++ ") || line.hasPrefix("--- ") { return "1" }
    switch line.first {
    case "+": return "32"
    case "-": return "31"
    case "@": return "36"
    default: return nil
    }
  }
}
