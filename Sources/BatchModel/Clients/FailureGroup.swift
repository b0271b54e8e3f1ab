// Failures that are one problem, as triage shows them.

package import Resilience

/// The items of a run that failed with one signature.
///
/// It is *open* while items stand failed with it; *resolved* when all that failed with it were
/// retried to their end, skipped or cancelled; *reopened* when it fails again after that.
package struct FailureGroup: Hashable, Sendable {
  /// `G-07`: numbered in the order in which the signatures first appeared in the store.
  package var name: String
  package var signature: Signature
  /// Items that stand failed with it.
  package var count: Int
  /// When an item of the run failed with it for the first time, and for the last.
  package var firstAt: Instant
  package var lastAt: Instant
  /// The item that has stood failed for the longest time; of a resolved group the last that failed.
  package var sampleKey: String
  /// What the items that stand failed have cost so far, metered.
  package var cost: Money
  /// Failures in each of the last twelve stretches of five minutes, oldest first.
  ///
  /// What was retried since counts too. Empty where it is not known.
  package var recent: [Int]
  /// What a person noted on it.
  package var note: String?
  /// When its last failed item was retried to its end, skipped or cancelled; `nil` while there is one.
  package var resolvedAt: Instant?
  /// It was resolved before, and fails again.
  package var isReopened: Bool
  /// Items that were retried out of it and have not ended.
  package var retrying: Int

  package init(
    name: String, signature: Signature, count: Int, firstAt: Instant, lastAt: Instant,
    sampleKey: String, cost: Money = .zero, recent: [Int] = [], note: String? = nil,
    resolvedAt: Instant? = nil, isReopened: Bool = false, retrying: Int = 0
  ) {
    self.name = name
    self.signature = signature
    self.count = count
    self.firstAt = firstAt
    self.lastAt = lastAt
    self.sampleKey = sampleKey
    self.cost = cost
    self.recent = recent
    self.note = note
    self.resolvedAt = resolvedAt
    self.isReopened = isReopened
    self.retrying = retrying
  }

  /// `G-07`.
  package static func name(ofNumber number: Int64) -> String {
    number < 10 ? "G-0\(number)" : "G-\(number)"
  }

  /// What a person would do about it, in a few words.
  package var suggestion: String { SuggestedAction(for: signature).sentence }

  /// `recent`: how many stretches, and how long each is.
  package static let recentStretches = 12
  package static let recentStretch = Duration.seconds(300)
}
