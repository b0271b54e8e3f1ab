// `ledger --verify --json`.

package import BatchStore

/// What a verification of the ledger found.
package struct LedgerVerificationReport: Codable {
  package let schemaVersion: Int
  package let events: Int
  package let problems: [Problem]

  package struct Problem: Codable {
    package let code: String
    package let message: String
  }

  package init(_ report: LedgerReport) {
    schemaVersion = 1
    events = report.events
    problems = report.problems.map { Problem(code: $0.code, message: $0.description) }
  }
}
