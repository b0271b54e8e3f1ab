// One item as JSON: `show --json`, `export items`.

package import BatchModel

/// One item's row.
package struct ItemReport: Codable {
  package let ordinal: Int64
  package let key: String
  package let occurrence: Int
  package let state: String
  package let step: String
  package let tries: Int
  package let reason: String?
  package let until: String?
  package let signature: String?
  package let note: String
  /// 10⁻¹² USD.
  package let costPicodollars: Int64
  package let since: String

  package init(_ row: ItemRow, steps: [String]) {
    ordinal = row.ordinal
    key = row.key
    occurrence = row.occurrence
    state = row.state.rawValue
    step = steps.indices.contains(row.step) ? steps[row.step] : ""
    tries = row.tries
    reason = row.waitReason?.rawValue ?? row.skipReason?.rawValue
    until = row.waitUntil?.rfc3339
    signature = row.signature?.text
    note = row.note
    costPicodollars = row.cost.picodollars
    since = row.since.rfc3339
  }
}

/// One attempt.
package struct AttemptReportLine: Codable {
  package let item: String
  package let occurrence: Int
  package let attempt: Int64
  package let step: String
  package let tryNumber: Int
  package let startedAt: String
  package let endedAt: String?
  package let outcome: String?
  package let failure: String?
  package let why: String
  /// The model that was asked; `nil` for a command.
  package let model: String?
  /// 10⁻¹² USD.
  package let costPicodollars: Int64?
  /// What a review said that sent the work back with it.
  package let feedback: String?

  package init(_ row: AttemptRow, of item: ItemRow, steps: [String]) {
    self.item = item.key
    occurrence = item.occurrence
    attempt = row.id.number
    step = steps.indices.contains(row.step) ? steps[row.step] : ""
    tryNumber = row.tryNumber
    startedAt = row.startedAt.rfc3339
    endedAt = row.endedAt?.rfc3339
    outcome = row.outcome?.rawValue
    failure = row.failure?.message
    why = row.why
    model = row.model
    costPicodollars = row.cost?.picodollars
    feedback = row.feedback
  }
}

/// One receipt.
package struct ReceiptReport: Codable {
  package let run: String
  package let item: String
  package let occurrence: Int
  package let step: String
  package let attempt: Int64
  package let key: String
  package let inputs: [String: String]
  package let recipe: [String: String]
  package let artifacts: [String: String]
  package let warnings: [String]
  /// The model that answered; `nil` for a command.
  package let model: String?
  package let provider: String?
  /// 10⁻¹² USD.
  package let costPicodollars: Int64?
  /// The git commit that the step's worktree became; `footplate land` brings it onto the branch.
  package let commit: String?
  /// Who accepted it although a check or a review said no; `nil` for what passed by itself.
  package let accepted: AcceptanceReport?

  /// A person's word.
  package struct AcceptanceReport: Codable {
    package let by: String
    package let at: String
    package let reason: String
    /// What the check or the review had said.
    package let overruled: String
  }

  package init(_ receipt: Receipt) {
    run = receipt.run.text
    item = receipt.itemKey
    occurrence = receipt.occurrence
    step = receipt.step
    attempt = receipt.attempt.number
    key = receipt.key.key.description
    inputs = Self.digests(receipt.key, .input)
    recipe = Self.digests(receipt.key, .recipe)
    artifacts = Dictionary(
      receipt.artifacts.map { ($0.path, $0.object.digest.description) },
      uniquingKeysWith: { first, _ in first })
    warnings = receipt.warnings
    model = receipt.model
    provider = receipt.provider
    costPicodollars = receipt.cost?.picodollars
    commit = receipt.commit
    accepted = receipt.acceptance.map {
      AcceptanceReport(by: $0.by, at: $0.at.rfc3339, reason: $0.reason, overruled: $0.overruled)
    }
  }

  private static func digests(_ key: StepKey, _ half: KeyHalf) -> [String: String] {
    Dictionary(
      key.components.filter { $0.half == half }.map { ($0.name, $0.digest.description) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// One item whole.
package struct ItemDetailReport: Codable {
  package let schemaVersion: Int
  package let item: ItemReport
  package let payload: JSONValue
  package let after: [String]
  package let attempts: [AttemptReportLine]
  package let receipts: [ReceiptReport]
  /// What a person noted on it.
  package let remark: String?

  package init(_ detail: ItemDetail, steps: [String]) {
    schemaVersion = 1
    item = ItemReport(detail.row, steps: steps)
    payload = detail.payload
    after = detail.after
    attempts = detail.attempts.map { AttemptReportLine($0, of: detail.row, steps: steps) }
    receipts = detail.receipts.map(ReceiptReport.init)
    remark = detail.remark
  }
}
