// Costs as lines, as comma-separated values, and their sum.

import BatchModel
import Runtime

struct CostTable {
  let rows: [SpendingRow]

  init(_ rows: [SpendingRow]) { self.rows = rows }

  /// Columns that line up; a subscription's estimates begin with `~` and are not in the sum.
  func lines(by axis: SpendingAxis) -> [String] {
    guard !rows.isEmpty else { return ["no call has cost anything"] }
    var cells = [[axis.rawValue, "calls", "input", "cached", "output", "cost"]]
    for row in rows {
      cells.append([
        row.title, "\(row.calls)",
        Self.tokens(row.inputTokens + row.cacheWriteTokens, by: axis),
        Self.tokens(row.cacheReadTokens, by: axis),
        Self.tokens(row.outputTokens, by: axis), row.amount,
      ])
    }
    let sum = rows.filter { $0.billing == .metered }.reduce(Money.zero) { $0 + $1.cost }
    cells.append(["together", "\(rows.reduce(0) { $0 + $1.calls })", "", "", "", sum.dollars])
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + padding : padding + text
      }.joined(separator: "  ")
    }
  }

  /// Rows with their line breaks, the header first.
  func csv(by axis: SpendingAxis) -> [String] {
    let head = [
      axis.rawValue, "provider", "billing", "calls", "input_tokens", "cache_read_tokens",
      "cache_write_tokens", "output_tokens", "reasoning_tokens", "cost_picodollars",
    ]
    let lines = rows.map { row in
      [
        row.name, row.provider ?? "", row.billing.rawValue, "\(row.calls)",
        Self.tokens(row.inputTokens, by: axis), Self.tokens(row.cacheReadTokens, by: axis),
        Self.tokens(row.cacheWriteTokens, by: axis),
        Self.tokens(row.outputTokens, by: axis), Self.tokens(row.reasoningTokens, by: axis),
        "\(row.cost.picodollars)",
      ]
    }
    return ([head] + lines).map(CSVText.row)
  }

  /// Tokens by item stand with its attempts.
  private static func tokens(_ count: Int64, by axis: SpendingAxis) -> String {
    axis == .item ? "" : "\(count)"
  }
}
