// The one line for what is wrong, or what a person has to do next.

import BatchModel
import Canvas
import Resilience

enum TroubleView {
  /// What is said, in which role, and whether it fills the line: two kinds of standing still, a
  /// frozen display and a paused run, must not be mistaken for one another.
  struct Banner: Hashable {
    var text: String
    var role: Role
    var isBand = false
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ line: Rect) {
    guard let banner = ReplayView.banner(scene) ?? banner(scene.model) else {
      canvas.writeWhole(troubles(scene), gap: 2, in: line, scene)
      return
    }
    if banner.isBand { canvas.fill(line, style: scene[banner.role]) }
    let mark = banner.isBand ? " " : "\(Character(scene.glyphs.trouble)) "
    canvas.write([Span(mark + banner.text, banner.role)], in: line, scene)
  }

  /// The most important thing; a frozen display comes first, since it hides all the others.
  static func banner(_ model: DashboardModel) -> Banner? {
    if let frozenAt = model.frozenAt {
      let time = Wording.clock(frozenAt, zone: model.zone)
      let key = model.key(.freeze)
      return Banner(
        text: "DISPLAY FROZEN at \(time): the run goes on; \(key) shows it live again",
        role: .frozen, isBand: true)
    }
    if case .lost(let reason) = model.connection { return Banner(text: reason, role: .fail) }
    guard let snapshot = model.snapshot else { return nil }
    return standing(snapshot, model)
  }

  /// What holds a working run up, the worst first: `▲ openai breaker OPEN, probe 0:41, 612 wait`.
  private static func troubles(_ scene: Scene) -> [[Span]] {
    let model = scene.model
    let mark = "\(Character(scene.glyphs.trouble)) "
    let shut = model.gates.filter { $0.breaker != "closed" }
    let waiting = model.gates.filter { $0.breaker == "closed" && $0.isHeldUp }
    var parts = shut.map { [Span(mark, .breakerOpen)] + breaker($0, model) }
    parts += waiting.map { [Span(mark, .wait)] + wait($0, model) }
    parts += (model.snapshot?.holds ?? []).map { [Span("\(mark)\($0) is held back", .paused)] }
    if let reached = model.capReachedAt, model.isCapReachedSoon {
      let time = Wording.clock(reached, zone: model.zone, seconds: false)
      parts.append([Span("\(mark)the cap is reached ~\(time)", .costNear)])
    }
    return parts
  }

  private static func breaker(_ gate: GateGauge, _ model: DashboardModel) -> [Span] {
    var spans = [
      Span(gate.provider + " breaker "), Span(Wording.breaker(gate.breaker), .breakerOpen),
    ]
    if let probe = gate.probeAt {
      let left = model.shownAt.duration(to: probe)
      let due = left > .zero ? " \(Wording.left(left))" : " due"
      spans.append(Span(", probe\(due)", .breakerHalf))
    }
    if gate.waiting > 0 { spans.append(Span(", \(Wording.count(gate.waiting)) wait", .wait)) }
    return spans
  }

  private static func wait(_ gate: GateGauge, _ model: DashboardModel) -> [Span] {
    var text = gate.waitReason.map(Wording.wait) ?? "waits"
    if let until = gate.until, model.shownAt < until {
      text += " " + Wording.left(model.shownAt.duration(to: until))
    }
    return [
      Span(gate.provider + " "), Span(text, .wait),
      Span(", \(Wording.count(gate.waiting)) wait", .wait),
    ]
  }

  private static func standing(_ snapshot: RunSnapshot, _ model: DashboardModel) -> Banner? {
    let hasEngine = model.hasEngine
    let pause = model.key(.pauseOrResume)
    let summary = snapshot.summary
    switch summary.state {
    case .paused:
      return paused(summary.why, model)
    case .running where !hasEngine:
      let start = model.isReadOnly ? "`footplate run`" : "\(pause) or `footplate run`"
      return Banner(text: "no engine works on this run: \(start) starts one", role: .fail)
    case .stopped where !hasEngine:
      let why = summary.why.isEmpty ? "" : " (\(summary.why))"
      return Banner(text: "stopped\(why): \(pause) or `footplate run` goes on", role: .wait)
    case .stopped: return Banner(text: "stopping: what runs is ending", role: .wait)
    case .finished: return finished(snapshot, model)
    case .superseded:
      return Banner(
        text: "superseded: a changed definition's run took over; `footplate attach` shows it",
        role: .wait)
    case .running: return nil
    }
  }

  /// Where the cap is why, the key that raises it comes before the one that resumes.
  private static func paused(_ why: String, _ model: DashboardModel) -> Banner {
    let resume =
      "\(model.key(.pauseOrResume)) resumes" + (model.hasEngine ? "" : ", with a new engine")
    let isAtCap = why.hasSuffix(capAdvice)
    let reason = isAtCap ? String(why.dropLast(capAdvice.count)) : why
    let next = isAtCap ? "\(model.key(.raiseCap)) raises the cap, then \(resume)" : resume
    return Banner(
      text: "RUN PAUSED" + (reason.isEmpty ? "" : ": \(reason)") + "; " + next, role: .paused,
      isBand: true)
  }

  /// What the engine says to those who have no keys.
  private static let capAdvice = ": raise the cap, then resume"

  private static func finished(_ snapshot: RunSnapshot, _ model: DashboardModel) -> Banner {
    let failed = snapshot.summary.counts.failed
    let left = Wording.items(snapshot.itemsLeft)
    if snapshot.itemsLeft > 0 {
      return Banner(
        text: "finished, but \(left) \(snapshot.itemsLeft == 1 ? "waits" : "wait"): "
          + "\(model.key(.pauseOrResume)) starts an engine",
        role: .wait)
    }
    if failed > 0 {
      let (retry, why) = (model.key(.retryAllFailed), model.key(.panel(.failures)))
      return Banner(
        text: "finished, \(Wording.count(failed)) failed: \(retry) retries them, \(why) shows why",
        role: .fail)
    }
    return Banner(text: "finished: everything is done; \(model.key(.quit)) leaves", role: .ok)
  }
}
