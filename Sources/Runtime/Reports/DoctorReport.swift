// `doctor --json`.

/// Findings, fixes and what was taken back.
package struct DoctorReport: Codable {
  package let schemaVersion: Int
  package let findings: [FindingLine]
  package let fixes: [FixLine]

  package struct FindingLine: Codable {
    package let code: Finding.Code
    package let severity: Finding.Severity
    package let subject: String
    package let sentence: String
    package let fix: String
    package let command: String?
    package let isSafe: Bool
    package let mending: Finding.Mending
  }

  package struct FixLine: Codable {
    package let code: String
    package let done: [String]
    package let backup: String?
  }

  package init(findings: [Finding], fixes: [FixResult] = []) {
    schemaVersion = 1
    self.findings = findings.map(FindingLine.init)
    self.fixes = fixes.map { FixLine(code: $0.code.rawValue, done: $0.done, backup: $0.backup) }
  }

  package init(undone code: String, done: [String], findings: [Finding]) {
    schemaVersion = 1
    self.findings = findings.map(FindingLine.init)
    fixes = [FixLine(code: code, done: done, backup: nil)]
  }
}

extension DoctorReport.FindingLine {
  init(_ finding: Finding) {
    code = finding.code
    severity = finding.severity
    subject = finding.subject
    sentence = finding.sentence
    fix = finding.remedy
    command = finding.command
    isSafe = finding.mending == .safe
    mending = finding.mending
  }
}
