// Searching a pattern with a bound on the work: a careless pattern must not hang the batch.

import Foundation

/// A compiled regular expression (ICU syntax).
package struct PatternSearch: @unchecked Sendable {
  // `NSRegularExpression` is immutable and documented as safe to use from several threads at once.
  private let expression: NSRegularExpression
  package let pattern: String

  /// How a search ended.
  package enum Outcome: Hashable, Sendable {
    case found, absent
    /// The pattern needs too many steps on this text.
    case gaveUp
  }

  /// ICU reports about every 10,000 steps; this many reports are a second or so.
  private static let reportsMax = 5000

  /// Compiles a pattern; `nil` if it is not valid.
  package init?(_ pattern: String) {
    // The reason that Foundation gives is always the same sentence.
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
    self.expression = expression
    self.pattern = pattern
  }

  /// Searches `text` for the first match.
  package func search(_ text: String) -> Outcome {
    var outcome = Outcome.absent
    var reports = 0
    let range = NSRange(text.startIndex..., in: text)
    expression.enumerateMatches(in: text, options: .reportProgress, range: range) {
      match, _, stop in
      if match != nil {
        outcome = .found
        stop.pointee = true
      } else {
        reports += 1
        guard reports > Self.reportsMax else { return }
        outcome = .gaveUp
        stop.pointee = true
      }
    }
    return outcome
  }
}
