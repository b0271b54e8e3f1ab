// The lines that are always there: what runs, how far it is, how many stand where, what calls cost.

import BatchModel
import Canvas
import Resilience

enum HeaderView {
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ rect: Rect) {
    guard let snapshot = scene.model.snapshot else {
      canvas.write(
        [Span("footplate", .title), Span("  " + connecting(scene.model), .muted)],
        in: rect.line(0), scene)
      return
    }
    drawProgress(snapshot, scene, &canvas, rect.line(0))
    drawCounts(snapshot, scene, &canvas, rect.line(1))
    if rect.rows > 2 { CallsView.draw(scene, &canvas, rect.line(2)) }
  }

  private static func connecting(_ model: DashboardModel) -> String {
    if case .lost(let reason) = model.connection { return reason }
    return "reading the run"
  }

  private static func drawProgress(
    _ snapshot: RunSnapshot, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect
  ) {
    let freshness = freshness(scene.model, snapshot)
    let rightWidth = SafeText(freshness.text).columns
    let state = state(snapshot, scene.model)
    let facts = facts(snapshot, scene.model)
    let factsWidth = facts.reduce(0) { $0 + SafeText($1.text).columns }
    let stateText = " \(state.text) "
    let fixed = stateText.utf8.count + factsWidth + rightWidth + 4
    let nameRoom = max(8, min(SafeText(snapshot.summary.batch).columns, line.columns - fixed - 8))
    var used = canvas.write(
      SafeText(snapshot.summary.batch), in: line.inset(right: line.columns - nameRoom),
      style: scene[.title], cut: .middle)
    used += canvas.write([Span(stateText, state.role)], in: line.inset(left: used), scene)
    let barWidth = line.columns - used - factsWidth - rightWidth - 3
    if barWidth >= 6 {
      used += drawBar(snapshot, scene, &canvas, line.inset(left: used), width: barWidth)
    }
    used += canvas.write(facts, in: line.inset(left: used), scene)
    canvas.write(
      SafeText(freshness.text), in: line.inset(left: used + 1), style: scene[freshness.role],
      align: .right)
  }

  /// The run's state; a run that should go on and has nobody who works on it is no running one.
  private static func state(_ snapshot: RunSnapshot, _ model: DashboardModel) -> Span {
    if model.isDeserted { return Span("NO ENGINE", .fail) }
    let state = snapshot.summary.state
    return Span(Wording.runState(state), role(of: state))
  }

  /// `[####....]`: the brackets show the whole even where nothing is filled.
  private static func drawBar(
    _ snapshot: RunSnapshot, _ scene: Scene, _ canvas: inout Canvas, _ rect: Rect, width: Int
  ) -> Int {
    let counts = snapshot.summary.counts
    let fraction = counts.total > 0 ? Double(counts.ended) / Double(counts.total) : 0
    let isASCII = scene.glyphs.isASCII
    let inner = rect.inset(left: isASCII ? 1 : 0, right: rect.columns - width + (isASCII ? 1 : 0))
    if isASCII {
      canvas.write("[", in: rect, style: scene[.border])
      canvas.write("]", in: rect.inset(left: width - 1), style: scene[.border])
    }
    canvas.bar(fraction, in: inner, style: scene[.ok], emptyStyle: scene[.border])
    return width + 1
  }

  private static func facts(_ snapshot: RunSnapshot, _ model: DashboardModel) -> [Span] {
    let counts = snapshot.summary.counts
    var spans = [Span("\(Wording.percent(counts.ended, of: counts.total))%", .title)]
    guard snapshot.summary.state == .running, model.past == nil else { return spans }
    if let rate = snapshot.rate, snapshot.itemsLeft > 0 {
      spans.append(Span("  " + Wording.rate(rate)))
    }
    if let left = snapshot.timeLeft {
      let end = snapshot.at.advanced(by: left)
      let isFar = left > .seconds(20 * 3600)
      spans.append(
        Span(
          isFar
            ? "  ends in ~\(Wording.duration(left))"
            : "  ends ~\(Wording.clock(end, zone: model.zone, seconds: false))"))
    }
    return spans
  }

  private static func freshness(
    _ model: DashboardModel, _ snapshot: RunSnapshot
  ) -> (text: String, role: Role) {
    let freshness = news(model, snapshot)
    guard model.isReadOnly else { return freshness }
    return ("read-only " + freshness.text, freshness.role)
  }

  private static func news(
    _ model: DashboardModel, _ snapshot: RunSnapshot
  ) -> (text: String, role: Role) {
    if model.past?.moment != nil { return ("past", .replay) }
    if model.frozenAt != nil { return ("frozen", .frozen) }
    if case .lost = model.connection {
      return ("lost \(Wording.duration(snapshot.at.duration(to: model.now))) ago", .fail)
    }
    if model.isDeserted {
      let silence = snapshot.summary.updatedAt.duration(to: model.now)
      return ("silent \(Wording.duration(silence))", .wait)
    }
    guard model.hasEngine else { return ("no engine", .wait) }
    let age = snapshot.at.duration(to: model.now)
    return age < .seconds(3) ? ("live", .ok) : ("\(Wording.duration(age)) old", .wait)
  }

  static func role(of state: RunState) -> Role {
    switch state {
    case .running: .run
    case .paused: .paused
    case .stopped, .superseded: .wait
    case .finished: .ok
    }
  }

  private static func drawCounts(
    _ snapshot: RunSnapshot, _ scene: Scene, _ canvas: inout Canvas, _ line: Rect
  ) {
    let counts = snapshot.summary.counts
    let shown: [ItemState] = [.queued, .waiting, .running, .done, .skipped, .cancelled, .failed]
    var parts: [[Span]] = []
    for state in shown {
      let count = counts[state]
      if count == 0, state == .cancelled || state == .waiting && line.columns < 60 { continue }
      let role: Role = count > 0 ? .of(state) : .muted
      parts.append([
        Span(Wording.state(state) + " ", role),
        Span(Wording.count(count), count > 0 ? .text : .muted),
      ])
    }
    if let gauges = snapshot.gauges, scene.model.past == nil {
      parts.append([
        Span("slots ", .muted), Span("\(gauges.slotsUsed)/\(gauges.slots)"),
      ])
    }
    if snapshot.summary.unknownAttempts > 0 {
      parts.append([
        Span("unknown ", .wait), Span(Wording.count(snapshot.summary.unknownAttempts)),
      ])
    }
    canvas.writeWhole(parts, gap: line.columns >= 100 ? 3 : 2, in: line, scene)
  }

  /// The whole dashboard where there is room for one line: `41% 37 fail 16 run`.
  static func drawLine(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    // Words to the person take the line while they last, and what can still be taken back.
    let words = NoticeView.words(scene.model)
    guard words.isEmpty else {
      canvas.write(words, in: line, scene)
      return
    }
    guard let snapshot = scene.model.snapshot else {
      canvas.write([Span(connecting(scene.model), .muted)], in: line, scene)
      return
    }
    let counts = snapshot.summary.counts
    var parts = [[Span("\(Wording.percent(counts.ended, of: counts.total))%", .title)]]
    if scene.model.past?.moment != nil {
      parts.append([Span("REPLAY", .replay)])
    } else if scene.model.isDeserted {
      parts.append([Span("NO ENGINE", .fail)])
    } else if snapshot.summary.state != .running || !scene.model.hasEngine {
      let state = scene.model.hasEngine ? Wording.runState(snapshot.summary.state) : "no engine"
      parts.append([Span(state, role(of: snapshot.summary.state))])
    }
    if counts.failed > 0 { parts.append([Span("\(Wording.count(counts.failed)) FAIL", .fail)]) }
    parts.append([Span("\(Wording.count(counts.running)) run", .run)])
    parts.append([Span("\(Wording.count(snapshot.itemsLeft)) left", .text)])
    canvas.writeWhole(parts, gap: 1, in: line, scene)
  }
}
