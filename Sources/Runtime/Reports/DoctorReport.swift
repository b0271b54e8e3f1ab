// `doctor --json`.

package import BatchModel

/// Findings, fixes and what was taken back.
package struct DoctorReport: Codable {
  package let schemaVersion: Int
  package let findings: [FindingLine]
  package let fixes: [FixLine]
  /// The fix that `doctor --undo` would take back.
  package let undo: String?

  package struct FindingLine: Codable {
    package let code: Finding.Code
    package let severity: Finding.Severity
    package let subject: String
    package let sentence: String
    package let fix: String
    /// What it is about one by one, at most 20 lines.
    package let preview: [String]
    package let command: String?
    package let isSafe: Bool
    package let mending: Finding.Mending
  }

  package struct FixLine: Codable {
    package let code: String
    package let done: [String]
    package let backup: String?
    /// By which `undo` names it.
    package let undo: String?
    package let changes: [FixChange]
  }

  package init(findings: [Finding], fixes: [FixResult] = [], undo: String? = nil) {
    schemaVersion = 1
    self.undo = undo
    self.findings = findings.map(FindingLine.init)
    self.fixes = fixes.map { fix in
      FixLine(
        code: fix.code.rawValue, done: fix.done, backup: fix.backup, undo: fix.undo,
        changes: fix.changes)
    }
  }

  package init(
    undone code: String, done: [String], findings: [Finding], undo: String? = nil
  ) {
    schemaVersion = 1
    self.undo = undo
    self.findings = findings.map(FindingLine.init)
    fixes = [FixLine(code: code, done: done, backup: nil, undo: nil, changes: [])]
  }
}

extension DoctorReport.FindingLine {
  init(_ finding: Finding) {
    code = finding.code
    severity = finding.severity
    subject = finding.subject
    sentence = finding.sentence
    fix = finding.remedy
    preview = finding.preview
    command = finding.command
    isSafe = finding.mending == .safe
    mending = finding.mending
  }
}
