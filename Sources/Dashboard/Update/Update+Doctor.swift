// The doctor's fixes from the keyboard: asked with a preview, refused with the reason.

import BatchModel
import Resilience

extension DashboardModel {
  /// What a fix is to mend.
  enum FixScope: Hashable {
    /// One finding, when a person points at it.
    case finding(Finding)
    /// Everything that a code found; `nil` is all that is safe.
    case code(Finding.Code?)
  }

  /// What `D` means here.
  var fixScope: FixScope {
    if focus == .doctor, let finding = selectedFinding { return .finding(finding) }
    return .code(nil)
  }

  /// The finding of the doctor's selected line.
  var selectedFinding: Finding? {
    let id = selectedGaugeRow(of: .doctor)
    return gauges.examination?.findings.first { $0.id == id }
  }

  private func findings(of code: Finding.Code?) -> [Finding] {
    let findings = gauges.examination?.findings ?? []
    guard let code else { return findings.filter { $0.mending == .safe } }
    return findings.filter { $0.code == code }
  }

  func reasonAgainstFixing(_ scope: FixScope) -> String? {
    guard gauges.examination != nil else {
      return "not examined yet: \(key(.panel(.doctor))) shows what the doctor finds"
    }
    switch scope {
    case .finding(let finding) where finding.mending == .byHand:
      return "only a person can: \(finding.remedy)"
    case .code(let code):
      let found = findings(of: code)
      if found.isEmpty {
        return code == nil ? "nothing was found that is safe to mend" : "nothing was found of it"
      }
      if code != nil, let byHand = found.first(where: { $0.mending == .byHand }) {
        return "only a person can: \(byHand.remedy)"
      }
    case .finding: break
    }
    return reasonAgainstMending
  }

  var reasonAgainstUndoing: String? {
    guard gauges.examination?.undo != nil else { return "there is no fix to take back" }
    return reasonAgainstMending
  }

  /// The engine holds the workspace's lock, which a fix needs.
  private var reasonAgainstMending: String? {
    guard snapshot != nil else { return Self.unknownRunReason }
    return hasEngine ? "an engine works on it: \(key(.stop)) stops it first" : nil
  }

  mutating func fixAsKeyed() -> [DashboardCommand] {
    switch fixScope {
    case .finding(let finding): askToFix(finding.code)
    case .code(let code): askToFix(code)
    }
  }

  /// Shows what would change, and asks.
  mutating func askToFix(_ code: Finding.Code?) -> [DashboardCommand] {
    let found = findings(of: code)
    let count = found.count == 1 ? "1 finding" : "\(Wording.count(found.count)) findings"
    let what = code.map { "\($0.rawValue), \(count)" } ?? "all that is safe, \(count)"
    let deed = Deed(.fix(code), name: "fix \(code?.rawValue ?? "all that is safe")")
    overlay = .sheet(
      Sheet(
        question: "Fix \(what)?", lines: Self.previews(found),
        choices: [Sheet.Choice(key: "y", label: "fix", deed: deed)]))
    return []
  }

  mutating func preview(_ id: String) {
    guard let finding = gauges.examination?.findings.first(where: { $0.id == id }) else {
      say("it is not found any more")
      return
    }
    overlay = .sheet(
      Sheet(question: finding.sentence, lines: Self.previews([finding]), choices: []))
  }

  mutating func examineEverything() -> [DashboardCommand] {
    say("examining everything; the doctor's panel shows what is found")
    return show(.doctor).filter { $0 != .examine(thoroughly: false) } + examine(thoroughly: true)
  }

  /// What each fix changes, and some of it one by one.
  private static func previews(_ findings: [Finding]) -> [String] {
    var lines: [String] = []
    for finding in findings.prefix(4) {
      let name = findings.count > 1 ? "\(finding.code.rawValue) " : ""
      lines += Wording.wrapped("\(name)\(finding.subject): \(finding.remedy)", columns: 66)
      let shown = finding.preview.prefix(findings.count > 1 ? 2 : 8)
      lines += shown.map { "  " + $0 }
      let more = finding.preview.count - shown.count
      if more > 0 { lines.append("  and \(Wording.count(more)) more") }
    }
    if findings.count > 4 { lines.append("and \(Wording.count(findings.count - 4)) more") }
    return lines
  }
}
