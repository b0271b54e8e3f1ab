// The doctor: what is wrong with the workspace, the exact fix, and whether it is safe.

import BatchModel
import Canvas
import Resilience

extension GaugePanel {
  static let doctor = GaugePanel(
    id: .doctor, name: "Doctor", shortName: "Doc", badge: DoctorPanel.badge,
    status: DoctorPanel.status, rows: DoctorPanel.rows, emptiness: DoctorPanel.emptiness)
}

private enum DoctorPanel {
  static func badge(_ model: DashboardModel) -> String? {
    guard let findings = model.gauges.examination?.findings, !findings.isEmpty else { return nil }
    let isBad = findings.contains { $0.severity == .error }
    return "\(findings.count)" + (isBad ? "!" : "")
  }

  static func status(_ model: DashboardModel) -> [Span] {
    if model.gauges.examiningSince != nil { return [Span("examining", .muted)] }
    guard let report = model.gauges.examination else { return [] }
    let age = Wording.duration(report.at.duration(to: model.shownAt))
    return [Span(report.isThorough ? "all of it, \(age) ago" : "\(age) ago", .muted)]
  }

  static func rows(_ model: DashboardModel, _ room: GaugeRoom) -> [GaugeRow] {
    guard let findings = model.gauges.examination?.findings else { return [] }
    let chosen = model.gauges.selected[.doctor]
    let selected = findings.first { $0.id == chosen }?.id ?? findings.first?.id
    return findings.flatMap { finding -> [GaugeRow] in
      let row = GaugeRow(
        finding.id,
        [
          Span("\(Character(room.glyphs.trouble)) ", role(finding.severity)),
          Span(finding.code.rawValue, role(finding.severity)), Span("  " + finding.sentence),
        ],
        right: [Span(mending(finding, model), finding.mending == .safe ? .ok : .muted)])
      // What mends it is told where there is room to read it.
      guard finding.id == selected, model.focus == .doctor else { return [row] }
      return [row] + details(finding, room)
    }
  }

  private static func details(_ finding: Finding, _ room: GaugeRoom) -> [GaugeRow] {
    let columns = max(20, room.columns - 4)
    let remedy = Wording.wrapped("fix: " + finding.remedy, columns: columns)
    let preview = finding.preview.prefix(6)
    var rows = [GaugeRow(nil, [Span("    " + finding.subject, .muted)])]
    rows += remedy.map { GaugeRow(nil, [Span("    " + $0)]) }
    rows += preview.map { GaugeRow(nil, [Span("      " + $0, .muted)]) }
    let more = finding.preview.count - preview.count
    if more > 0 { rows.append(GaugeRow(nil, [Span("      and \(more) more", .muted)])) }
    return rows
  }

  private static func mending(_ finding: Finding, _ model: DashboardModel) -> String {
    switch finding.mending {
    case .safe: "safe"
    case .deliberate: "\(model.key(.doctorFix)) asks"
    case .byHand: "by hand"
    }
  }

  private static func role(_ severity: Finding.Severity) -> Role {
    switch severity {
    case .notice: .muted
    case .warning: .wait
    case .error: .fail
    }
  }

  static func emptiness(_ model: DashboardModel) -> String {
    guard let report = model.gauges.examination else { return "not examined yet" }
    return report.isThorough
      ? "nothing is wrong"
      : "nothing is wrong at a first look; \(model.key(.palette))examine looks at everything"
  }
}
