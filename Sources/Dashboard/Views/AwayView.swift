// The screen for somebody who comes back: a few lines of what happened, each with the key of the
// panel that shows it.

import BatchModel
import Canvas
import Resilience

/// One line of the away screen.
struct AwayLine {
  let panel: PanelID
  let spans: [Span]
}

/// What happened, in words; only what there is to tell.
enum AwayText {
  static func lines(of report: AwayReport, _ model: DashboardModel) -> [AwayLine] {
    guard !report.isEmpty else { return [] }
    let lines: [(PanelID, [[Span]])] = [
      (report.failed > 0 ? .failures : .queue, work(report)),
      (.breakers, report.breakers.prefix(3).map(breaker)),
      (.waits, waits(report)),
      (.cost, money(report, model)),
      (.queue, levers(report, model)),
    ]
    let gap = [Span("   ")]
    return lines.filter { !$0.1.isEmpty }
      .map { AwayLine(panel: $0.0, spans: Array($0.1.joined(separator: gap))) }
  }

  /// `done +288,104   failed +37 in 3 new groups   ETA slipped 0h40`.
  private static func work(_ report: AwayReport) -> [[Span]] {
    var parts: [[Span]] = []
    func add(_ name: String, _ count: Int, _ role: Role) {
      if count > 0 { parts.append([Span(name, role), Span(" +\(Wording.count(count))")]) }
    }
    add("done", report.done, .ok)
    if report.failed > 0 {
      let groups = report.newGroups.count
      let new = groups > 0 ? " in \(groups) new \(groups == 1 ? "group" : "groups")" : ""
      parts.append([Span("failed", .fail), Span(" +\(Wording.count(report.failed))\(new)")])
    }
    if !report.reopenedGroups.isEmpty {
      let names = report.reopenedGroups.prefix(3).joined(separator: " ")
      parts.append([Span("REOPENED ", .fail), Span(names)])
    }
    add("skipped", report.skipped, .skip)
    add("cancelled", report.cancelled, .skip)
    // Less than a minute is noise.
    let slip = report.slip ?? .zero
    let isLater = slip > .zero
    let distance = isLater ? slip : .zero - slip
    if distance >= .seconds(60) {
      parts.append([
        Span(isLater ? "ends later by " : "ends earlier by ", isLater ? .wait : .ok),
        Span(Wording.duration(distance)),
      ])
    }
    return parts
  }

  /// `breaker openai tripped 3×, longest 22:00, OPEN now`.
  private static func breaker(_ trouble: AwayReport.BreakerTrouble) -> [Span] {
    let times = trouble.trips == 1 ? "once" : "\(Wording.count(trouble.trips)) times"
    let longest =
      trouble.longest > .zero ? ", longest \(Wording.duration(trouble.longest))" : ""
    return [Span("breaker ", .muted), Span("\(trouble.provider) tripped \(times)\(longest)")]
      + (trouble.isOpen ? [Span(", "), Span("OPEN", .breakerOpen), Span(" now")] : [])
  }

  private static func waits(_ report: AwayReport) -> [[Span]] {
    guard report.waited > .zero else { return [] }
    var spans = [
      Span("rate limits cost "), Span(Wording.duration(report.waited), .wait), Span(" of waiting"),
    ]
    if let worst = report.worstWait {
      let dimension = worst.dimension.map { " " + $0 } ?? ""
      spans.append(Span(", worst: \(worst.provider)\(dimension)"))
    }
    return [spans]
  }

  private static func money(_ report: AwayReport, _ model: DashboardModel) -> [[Span]] {
    guard report.spent > .zero else { return [] }
    var spans = [Span("spent "), Span(Wording.sum(report.spent), .title)]
    if let reached = report.capReachedAt {
      let time = Wording.clock(reached, zone: model.zone, seconds: false)
      spans.append(Span("; the cap is reached at ~\(time) at this rate", .costNear))
    }
    return [spans]
  }

  /// `paused 02:00–02:20 by ana   cap $400 → $500`.
  private static func levers(_ report: AwayReport, _ model: DashboardModel) -> [[Span]] {
    func time(_ instant: Instant) -> String {
      Wording.clock(instant, zone: model.zone, seconds: false)
    }
    let pauses = report.pauses.map { pause -> [Span] in
      let end = pause.to.map { " to \(time($0))" } ?? ", still"
      return [Span("paused ", .paused), Span("\(time(pause.from))\(end), by \(pause.by)")]
    }
    let caps = report.capChanges.map { change -> [Span] in
      let from = change.from.map(Wording.sum) ?? "none"
      return [Span("cap \(from) to \(change.to.map(Wording.sum) ?? "none") by \(change.by)")]
    }
    let others = report.levers.map { [Span("\($0.what) by \($0.by)")] }
    let count = report.restarts.count
    let times = count == 1 ? "once" : "\(Wording.count(count)) times"
    let restarts = count > 0 ? [[Span("the engine started again \(times)", .wait)]] : []
    return pauses + caps + others + restarts
  }
}

enum AwayView {
  private static let close = "enter: dashboard"

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ report: AwayReport) {
    let (box, lines) = place(report, scene.model, on: canvas.bounds)
    canvas.fill(box, style: scene[.text])
    canvas.frame(box, style: scene[.key])
    canvas.write(title(report, scene.model), in: box.line(0).inset(left: 2, right: 2), scene)
    canvas.write(
      SafeText(" \(close) "), in: box.line(0).inset(left: 2, right: 2), style: scene[.muted],
      align: .right)
    let body = body(of: box)
    for (row, line) in lines.prefix(body.rows).enumerated() {
      if line.isFirst { canvas.write([Span("\(line.number)", .key)], in: body.line(row), scene) }
      canvas.write(line.spans, in: body.line(row).inset(left: 3), scene)
    }
  }

  /// The key of what stands under a cell: a line's number; anything else closes.
  static func key(row: Int, column: Int, _ report: AwayReport, _ model: DashboardModel) -> Key {
    let (box, lines) = place(report, model, on: Rect(model.size))
    let body = body(of: box)
    let line = row - body.row
    guard (body.column..<body.endColumn).contains(column), (0..<body.rows).contains(line),
      lines.indices.contains(line), let digit = "\(lines[line].number)".unicodeScalars.first
    else { return .escape }
    return .character(digit)
  }

  /// One line of the screen: a part of what a number says.
  private struct Line {
    var number: Int
    var spans: [Span]
    var isFirst: Bool
  }

  private static func place(
    _ report: AwayReport, _ model: DashboardModel, on screen: Rect
  ) -> (box: Rect, lines: [Line]) {
    let lines = AwayText.lines(of: report, model)
    let widest = lines.map { ItemTabNames.width($0.spans) }.max() ?? 0
    let titleWidth = ItemTabNames.width(title(report, model)) + close.utf8.count + 8
    let columns = min(max(widest + 7, titleWidth), screen.columns)
    let wrapped = lines.enumerated().flatMap { index, line in
      wrap(line.spans, columns: columns - 7).enumerated().map { offset, spans in
        Line(number: index + 1, spans: spans, isFirst: offset == 0)
      }
    }
    return (screen.centered(rows: wrapped.count + 4, columns: columns), wrapped)
  }

  private static func body(of box: Rect) -> Rect { box.inset(top: 2, left: 2, bottom: 1, right: 2) }

  /// ` AWAY 7h52m (last seen 18:22) `.
  private static func title(_ report: AwayReport, _ model: DashboardModel) -> [Span] {
    let since = Wording.clock(report.from, zone: model.zone, seconds: false)
    let time = Wording.duration(report.from.duration(to: report.to))
    return [Span(" AWAY \(time)", .title), Span(" (last seen \(since)) ", .muted)]
  }

  /// Spans are kept whole; those that do not fit stand on the next line.
  private static func wrap(_ spans: [Span], columns: Int) -> [[Span]] {
    var lines: [[Span]] = []
    var line: [Span] = []
    var used = 0
    for span in spans {
      let width = SafeText(span.text).columns
      if used > 0, used + width > columns {
        lines.append(line)
        (line, used) = ([], 0)
      }
      // A gap at a line's beginning is none.
      if used == 0, span.text.allSatisfy({ $0 == " " }) { continue }
      line.append(span)
      used += width
    }
    return lines + [line]
  }
}
