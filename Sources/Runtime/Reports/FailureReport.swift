// One group of failures as JSON: `failures --json`, and in `status --json`.

package import BatchModel

/// One group of failures.
package struct FailureReport: Codable {
  package let group: String
  package let signature: String
  package let count: Int
  package let firstAt: String
  package let lastAt: String
  package let sample: String
  /// What its failed items have cost so far, in 10⁻¹² USD.
  package let costPicodollars: Int64
  /// Failures in each of the last twelve stretches of five minutes, oldest first.
  package let recent: [Int]
  package let suggestion: String
  package let note: String?
  package let resolvedAt: String?
  package let reopened: Bool
  /// Items that were retried out of it and have not ended.
  package let retrying: Int

  package init(_ group: FailureGroup) {
    self.group = group.name
    signature = group.signature.text
    count = group.count
    firstAt = group.firstAt.rfc3339
    lastAt = group.lastAt.rfc3339
    sample = group.sampleKey
    costPicodollars = group.cost.picodollars
    recent = group.recent
    suggestion = group.suggestion
    note = group.note
    resolvedAt = group.resolvedAt?.rfc3339
    reopened = group.isReopened
    retrying = group.retrying
  }
}
