// Reports as rows of a table: the columns of `export --csv`, and a report's cells.

import BatchModel
import Foundation

extension OutputSchema {
  /// The columns of a table of it, in their order; `nil` for what is no row.
  package var columns: [String]? {
    switch self {
    case .item:
      [
        "ordinal", "key", "occurrence", "state", "step", "tries", "reason", "until", "signature",
        "note", "since", "cost_picodollars",
      ]
    case .attempt:
      [
        "attempt", "item", "occurrence", "step", "try_number", "started_at", "ended_at", "outcome",
        "failure", "why", "model", "cost_picodollars", "feedback",
      ]
    case .receipt:
      [
        "run", "item", "occurrence", "step", "attempt", "provider", "model", "cost_picodollars",
        "artifacts", "warnings", "commit", "accepted", "key", "inputs", "recipe",
      ]
    case .result: ["item", "occurrence", "step", "artifacts", "candidate", "object", "commit"]
    default: nil
    }
  }
}

/// The cells of a report.
package enum ReportColumns {
  /// One text a column: what is missing is empty, what has a structure is JSON.
  package static func cells(of report: some Encodable, _ columns: [String]) throws -> [String] {
    let data = try ReportCoding.encoder().encode(report)
    let value = try JSONReader.value(of: String(decoding: data, as: UTF8.self))
    return columns.map { column in
      switch value[column] {
      case nil, .null?: ""
      case .string(let text)?: text
      case let other?: CanonicalCoding.text(of: other)
      }
    }
  }
}
