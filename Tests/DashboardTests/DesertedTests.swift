// A run that should go on without anybody who works on it, and gauges without an engine.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct DesertedTests {
  private var deserted: FakeRun {
    var run = FakeRun(count: 100)
    run.hasEngine = false
    return run
  }

  @Test func `a run without an engine is no running one, and what ran stands still`() {
    var desk = Desk(run: deserted)
    let snapshot = desk.model.snapshot
    desk.send(.tick(FakeRun.now.advanced(by: .seconds(600))))
    #expect(desk.model.snapshot == snapshot)
    #expect(desk.canvas.line(0).contains(" NO ENGINE "))
    #expect(!desk.canvas.line(0).contains("RUNNING"))
    #expect(desk.canvas.line(0).hasSuffix("silent 10:00"))
    #expect(
      desk.canvas.line(2) == "▲ no engine works on this run: P or `footplate run` starts one")
    let row = desk.canvas.lines.first { $0.contains("Sources/Auth/Login.swift") } ?? ""
    #expect(row.contains(" 1:12  interrupted"))
    #expect(desk.screen.contains("retry in 0:22"), "nobody counts it down")
    desk.send(.resize(Size(columns: 29, rows: 5)))
    #expect(desk.canvas.line(0).hasPrefix("14% NO ENGINE"))
  }

  @Test func `an attempt that nobody ended is interrupted in the item's lines`() {
    var desk = Desk(run: deserted)
    desk.press("jjjjjj")
    #expect(desk.screen.contains("run at write, try 1, interrupted after 1:12"))
  }

  @Test func `who may only look is told of the command`() {
    let desk = Desk(run: deserted, isReadOnly: true)
    #expect(desk.canvas.line(2) == "▲ no engine works on this run: `footplate run` starts one")
    #expect(desk.canvas.line(0).contains("read-only silent 0:00"))
  }

  @Test(arguments: ["4", "5"])
  func `gauges of a finished run advise nothing that cannot work`(panel: String) {
    var run = deserted
    run.state = .finished
    for number in 0..<100 { run.moved[number] = .done }
    var desk = Desk(run: run)
    var snapshot = run.snapshot()
    snapshot.summary.counts = ItemCounts(done: 100)
    desk.send(.snapshot(snapshot))
    desk.press(panel)
    #expect(desk.screen.contains("the run is finished: no provider is called"))
    #expect(!desk.screen.contains("starts one"))
  }

  @Test func `an engine without providers says which steps have breakers`() {
    var desk = Desk(run: FakeRun(count: 100))
    desk.press("4")
    #expect(desk.screen.contains("no provider: steps that name one have a breaker"))
  }

  @Test func `nothing is delivered without an engine`() {
    var desk = Desk(run: deserted)
    var snapshot = desk.run.snapshot()
    snapshot.outbox = FakeCalls.outbox
    snapshot.outbox?.health = .unknown
    desk.send(.snapshot(snapshot))
    desk.press("7")
    #expect(desk.screen.contains("sink no engine delivers now"))
    #expect(!desk.screen.contains("not tried yet"))
  }

  @Test func `nothing rises in a run that does not run`() {
    var run = FakeRun(count: 100)
    var desk = Desk(run: run)
    desk.press("2")
    #expect(desk.screen.contains(" rising "))
    run.state = .finished
    desk = Desk(run: run)
    desk.press("2")
    #expect(!desk.screen.contains("rising"))
  }

  @Test func `a retry without an engine is queued, and the key that starts one is named`() {
    var desk = Desk(run: deserted)
    desk.answers = false
    desk.press("R")
    desk.send(.submitted(token: 1, .applied))
    #expect(
      desk.canvas.line(22) == "queued again: Sources/Auth/Token.swift; P starts an engine")
    desk.press("Snot ours<enter>")
    desk.send(.submitted(token: 2, .applied))
    #expect(desk.canvas.line(22) == "done: skip Sources/Auth/Token.swift")
  }
}
