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

  /// How many of ICU's reports lie between two looks at the clock.
  private static let reportsPerLook = 256

  /// Compiles a pattern; `nil` if it is not valid.
  package init?(_ pattern: String) {
    // The reason that Foundation gives is always the same sentence.
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
    self.expression = expression
    self.pattern = pattern
  }

  /// Searches `text` for the first match.
  ///
  /// ICU reports at every place where it tries to match and every 10,000 steps in between, so the
  /// time is looked at even where one place takes for ever. Its own bound, 8 MB of stack, ends some
  /// such searches earlier, as absent.
  package func search(_ text: String, within limit: Duration = .seconds(10)) -> Outcome {
    let end = ContinuousClock.now + limit
    var outcome = Outcome.absent
    var reports = 0
    let range = NSRange(text.startIndex..., in: text)
    expression.enumerateMatches(in: text, options: .reportProgress, range: range) {
      match, _, stop in
      if match != nil {
        outcome = .found
        stop.pointee = true
        return
      }
      reports += 1
      guard reports % Self.reportsPerLook == 0, ContinuousClock.now >= end else { return }
      outcome = .gaveUp
      stop.pointee = true
    }
    return outcome
  }
}
