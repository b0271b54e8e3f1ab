// The hint line: what a person needs now is on it, at every width.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct HintTests {
  private func hints(_ desk: Desk) -> String { desk.canvas.line(desk.model.size.rows - 1) }

  private func run(spentCents: Int64) -> FakeRun {
    var run = FakeRun.leverRun
    run.budget?.spent = Money(picodollars: spentCents * 10_000_000_000)
    return run
  }

  @Test func `who sees it for the first time finds the failures, their retry, and the way out`() {
    var desk = Desk()
    #expect(
      hints(desk)
        == "? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach")
    desk.press("2")
    #expect(
      hints(desk) == "? help  : command  / filter  enter open  R retry  S skip  P pause  q detach")
  }

  @Test func `without failures there is room to look around`() {
    var run = FakeRun(count: 1000)
    for number in 0..<4 { run.moved[number] = .done }
    var desk = Desk(run: run)
    var snapshot = run.snapshot()
    snapshot.summary.counts.failed = 0
    desk.send(.snapshot(snapshot))
    #expect(
      hints(desk)
        == "? help  : command  / filter  space mark  enter open  R retry  P pause  q detach")
  }

  @Test func `the cap's key comes where the cap is near, reached, or looked at`() {
    #expect(!hints(Desk(run: run(spentCents: 300))).contains("C cap"))
    for cents in [460, 500, 620] as [Int64] {
      #expect(hints(Desk(run: run(spentCents: cents))).contains("C cap"))
    }
    var latched = run(spentCents: 100)
    latched.budget?.isLatched = true
    #expect(hints(Desk(run: latched)).contains("C cap"))
    var desk = Desk(run: run(spentCents: 300))
    desk.press("6")
    #expect(hints(desk).contains("C cap"))
    #expect(hints(desk).contains("A actions"))
  }

  @Test func `a run that stands at its cap says that it is raised before it is resumed`() {
    var run = run(spentCents: 500)
    run.state = .paused
    run.why = "$5.00 of $5.00 is spent: raise the cap, then resume"
    var desk = Desk(run: run)
    #expect(
      desk.canvas.line(3)
        == " RUN PAUSED: $5.00 of $5.00 is spent; C raises the cap, then P resumes")
    #expect(hints(desk).contains("P resume  C cap"))
    run.why = "paused by hand"
    desk = Desk(run: run)
    #expect(desk.canvas.line(3) == " RUN PAUSED: paused by hand; P resumes")
  }

  @Test func `a key is named after what it does in the panel`() {
    var desk = Desk()
    desk.press("3")
    #expect(hints(desk).contains("/ search  enter zoom"))
    #expect(hints(desk).contains("E edit"))
    desk.press("<enter>")
    #expect(hints(desk).contains("enter unzoom"))
  }

  @Test(arguments: [30, 45, 59, 60, 79, 80, 119, 120, 160, 200])
  func `help and the way out are on every line, and each hint is whole`(columns: Int) {
    for panel in PanelID.allCases {
      var desk = Desk(columns, 40, run: run(spentCents: 480))
      desk.model.focus = panel
      let line = hints(desk)
      #expect(line.hasPrefix("? help  "))
      #expect(line.hasSuffix("  q detach"))
      #expect(SafeText(line).columns <= columns)
      #expect(!line.contains("…"))
    }
  }
}
