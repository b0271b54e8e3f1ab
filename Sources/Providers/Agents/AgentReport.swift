// What a command-line agent says about its own work.

package import BatchModel
package import Resilience

/// A report, filled in as far as the agent told.
package struct AgentReport: Hashable, Sendable {
  package var answer: String?
  /// Dollars, or with a subscription what they would have been.
  package var cost: Money?
  package var usage = UsageReading.missing
  package var session: String?
  package var model: String?
  package var turns: Int64?
  /// The agent's own word for its failure; `nil` when it reports none.
  package var failure: String?
  /// A report was found at all: without one the agent may have ended silently.
  package var isComplete = false

  package init() {}

  /// What follows for an attempt.
  package enum Verdict: Hashable, Sendable {
    case done
    /// Exit 0, no error, and nothing to show for it.
    case hollow
    case failed(String)
    /// The quota is exhausted until then; `nil`: the agent did not say when.
    case quota(resetsAt: Instant?)
  }

  /// Judges an attempt.
  ///
  /// - Parameters:
  ///   - exitedCleanly: The process ended with status 0.
  ///   - hasCandidate: The process left a candidate of its own, beside its answer.
  ///   - outputTail: The end of what it wrote, both streams: quota messages stand there when there
  ///     is no report.
  ///   - now: When it ended.
  ///   - offset: How far local clocks are ahead of UTC.
  package func verdict(
    exitedCleanly: Bool, hasCandidate: Bool, outputTail: String, now: Instant, offset: Duration
  ) -> Verdict {
    let hasAnswer = answer?.contains { !$0.isWhitespace } ?? false
    if exitedCleanly, failure == nil, hasAnswer || hasCandidate { return .done }
    for text in [failure, answer, outputTail].compactMap(\.self) {
      if let quota = QuotaProse(in: text, now: now, offset: offset) {
        return .quota(resetsAt: quota.resetsAt)
      }
    }
    if let failure { return .failed(PlainMessage.line(failure)) }
    return exitedCleanly ? .hollow : .failed("")
  }
}
