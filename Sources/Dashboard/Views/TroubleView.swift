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
    guard let banner = banner(scene.model) else { return }
    if banner.isBand { canvas.fill(line, style: scene[banner.role]) }
    let mark = banner.isBand ? " " : "\(Character(scene.glyphs.trouble)) "
    canvas.write([Span(mark + banner.text, banner.role)], in: line, scene)
  }

  /// The most important thing; a frozen display comes first, since it hides all the others.
  static func banner(_ model: DashboardModel) -> Banner? {
    if let frozenAt = model.frozenAt {
      let time = Wording.clock(frozenAt, zone: model.zone)
      return Banner(
        text: "DISPLAY FROZEN at \(time): the run goes on; z shows it live again", role: .frozen,
        isBand: true)
    }
    if case .lost(let reason) = model.connection { return Banner(text: reason, role: .fail) }
    guard let snapshot = model.snapshot else { return nil }
    return standing(snapshot, hasEngine: model.hasEngine)
  }

  private static func standing(_ snapshot: RunSnapshot, hasEngine: Bool) -> Banner? {
    let summary = snapshot.summary
    let failed = summary.counts.failed
    switch summary.state {
    case .paused:
      let why = summary.why.isEmpty ? "" : ": \(summary.why)"
      let next = hasEngine ? "P resumes" : "P resumes, with a new engine"
      return Banner(text: "RUN PAUSED\(why); \(next)", role: .paused, isBand: true)
    case .running where !hasEngine:
      return Banner(text: "no engine: P or `footplate run` goes on", role: .wait)
    case .stopped where !hasEngine:
      let why = summary.why.isEmpty ? "" : " (\(summary.why))"
      return Banner(text: "stopped\(why): P or `footplate run` goes on", role: .wait)
    case .stopped: return Banner(text: "stopping: what runs is ending", role: .wait)
    case .finished: return finished(snapshot, failed: failed)
    case .superseded:
      return Banner(
        text: "superseded: a changed definition's run took over; `footplate attach` shows it",
        role: .wait)
    case .running: return nil
    }
  }

  private static func finished(_ snapshot: RunSnapshot, failed: Int) -> Banner {
    if snapshot.itemsLeft > 0 {
      return Banner(
        text: "finished, but \(Wording.items(snapshot.itemsLeft)) wait: P starts an engine",
        role: .wait)
    }
    if failed > 0 {
      return Banner(
        text: "finished, \(Wording.count(failed)) failed: F retries them, 2 shows why", role: .fail)
    }
    return Banner(text: "finished: everything is done; q leaves", role: .ok)
  }
}
