// `cost --json`: what calls cost, in one answer.

package import BatchModel

/// Sums of what calls cost.
package struct CostReport: Codable {
  package let schemaVersion: Int
  /// `nil` for all runs together.
  package let run: String?
  package let by: String
  package let rows: [Row]

  package struct Row: Codable {
    package let name: String
    package let provider: String?
    /// `metered`, or `subscription`: an estimate.
    package let billing: String
    package let calls: Int64
    /// Tokens; `nil` by item: they stand with its attempts.
    package let inputTokens: Int64?
    package let cacheReadTokens: Int64?
    package let cacheWriteTokens: Int64?
    package let outputTokens: Int64?
    package let reasoningTokens: Int64?
    /// 10⁻¹² USD.
    package let costPicodollars: Int64
  }

  package init(_ rows: [SpendingRow], by axis: SpendingAxis, run: RunID?) {
    schemaVersion = 1
    self.run = run?.text
    by = axis.rawValue
    func tokens(_ count: Int64) -> Int64? { axis == .item ? nil : count }
    self.rows = rows.map { row in
      Row(
        name: row.name, provider: row.provider, billing: row.billing.rawValue, calls: row.calls,
        inputTokens: tokens(row.inputTokens), cacheReadTokens: tokens(row.cacheReadTokens),
        cacheWriteTokens: tokens(row.cacheWriteTokens), outputTokens: tokens(row.outputTokens),
        reasoningTokens: tokens(row.reasoningTokens), costPicodollars: row.cost.picodollars)
    }
  }
}

extension SpendingRow {
  /// `provider/model`, or what else is summed.
  package var title: String { [provider, name].compactMap(\.self).joined(separator: "/") }
  /// The cost; an estimate of a subscription begins with `~`.
  package var amount: String { (billing == .subscription ? "~" : "") + cost.dollars }
}
