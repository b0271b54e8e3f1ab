// News of the run: what stands still says why and what to do, what is frozen stays.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct NewsTests {
  @Test(arguments: [
    (RunState.running, false, "▲ no engine works on this run: P or `footplate run` starts one"),
    (.stopped, false, "▲ stopped (at 07:00): P or `footplate run` goes on"),
    (.stopped, true, "▲ stopping: what runs is ending"),
    (.finished, false, "▲ finished, but 896 items wait: P starts an engine"),
    (
      .superseded, false,
      "▲ superseded: a changed definition's run took over; `footplate attach` shows it"
    ),
    (.running, true, ""),
  ])
  func `a run that stands still says what to do next`(
    state: RunState, hasEngine: Bool, line: String
  ) {
    var run = FakeRun(count: 1000)
    run.state = state
    run.why = state == .stopped ? "at 07:00" : ""
    run.hasEngine = hasEngine
    #expect(Desk(run: run).canvas.line(2) == line)
  }

  @Test func `a finished run names what failed and the key for it`() {
    var run = FakeRun(count: 1000)
    run.state = .finished
    run.hasEngine = false
    var desk = Desk(run: run)
    var snapshot = run.snapshot()
    snapshot.summary.counts = ItemCounts(done: 996, failed: 4)
    desk.send(.snapshot(snapshot))
    #expect(desk.canvas.line(2) == "▲ finished, 4 failed: F retries them, 2 shows why")
    #expect(desk.canvas.line(0).contains("100%"))
    snapshot.summary.counts = ItemCounts(done: 1000)
    desk.send(.snapshot(snapshot))
    #expect(desk.canvas.line(2) == "▲ finished: everything is done; q leaves")
    desk.press("P")
    #expect(desk.canvas.line(22) == "P pause: the run is finished")
  }

  @Test func `calls have a line for the money and the providers, and one for what holds them up`() {
    let run = FakeRun(count: 1000)
    var desk = Desk(run: run)
    #expect(desk.canvas.line(2) == "")
    var snapshot = run.snapshot()
    snapshot.budget = BudgetFigures(
      spent: Money(picodollars: 3_200_000_000_000), reserved: Money(picodollars: 50_000_000_000),
      cap: Money(picodollars: 40_000_000_000_000), isLatched: false)
    guard case .live(var gauges?) = snapshot.engine else { return }
    gauges.gates = [
      GateGauge(
        provider: "rehearsal", breaker: "open", inFlight: 0, concurrencyLimit: 12, waiting: 7,
        waitReason: .breaker, until: FakeRun.now.advanced(by: .seconds(14)), calls: 181,
        inputTokens: 0, outputTokens: 48_000, streamedTokens: 210,
        probeAt: FakeRun.now.advanced(by: .seconds(14)))
    ]
    snapshot.engine = .live(gauges)
    desk.send(.snapshot(snapshot))
    #expect(
      desk.canvas.line(2)
        == "spent $3.20 of $40.00, ~$30.77 at the end +$0.0500 in flight  rehearsal 0/12")
    #expect(desk.canvas.line(3) == "▲ rehearsal breaker OPEN, probe 0:14, 7 wait")
    #expect(desk.canvas.line(4).contains("Queue"))
    desk.send(.resize(Size(columns: 160, rows: 30)))
    #expect(desk.canvas.line(2).hasSuffix("rehearsal 0/12 48,210 tok"))
    gauges.gates[0].breaker = "closed"
    gauges.gates[0].waitReason = .rateLimit
    snapshot.engine = .live(gauges)
    snapshot.holds = [.step("review")]
    desk.send(.snapshot(snapshot))
    #expect(
      desk.canvas.line(3)
        == "▲ rehearsal rate limit 0:14, 7 wait  ▲ step review is held back")
  }

  @Test func `the charts begin with what the store remembers of the time before`() {
    var desk = Desk(200, 60)
    func sample(_ seconds: Int, done: Int, failed: Int, rate: Double) -> RunSample {
      RunSample(
        at: FakeRun.now.advanced(by: .seconds(seconds)),
        counts: ItemCounts(done: done, failed: failed), rate: rate)
    }
    desk.send(
      .past([
        sample(-30, done: 1, failed: 0, rate: 5), sample(-20, done: 60, failed: 3, rate: 6),
        sample(-10, done: 120, failed: 3, rate: 90),
      ]))
    #expect(desk.canvas.line(49).contains("38/s now, 90/s at most"))
    #expect(desk.canvas.line(49).contains("3 in the last 0:20"))
  }

  private func spendADollarAMinute(
    _ desk: inout Desk, _ change: (inout RunSnapshot) -> Void = { _ in }
  ) {
    for minute in 0..<3 {
      var snapshot = desk.run.snapshot(at: FakeRun.now.advanced(by: .seconds(60 * minute)))
      snapshot.budget?.spent = Money(picodollars: Int64(214 + minute) * 1_000_000_000_000)
      change(&snapshot)
      desk.send(.tick(snapshot.at))
      desk.send(.snapshot(snapshot))
    }
  }

  @Test func `what was spent in the last minutes says when the cap is reached`() {
    var run = FakeRun(count: 1_000_000)
    run.hasCalls = true
    var desk = Desk(run: run)
    spendADollarAMinute(&desk)
    desk.press("6")
    #expect(desk.screen.contains("$60.00/h, cap reached ~07:00, ends ~$2,160"))
  }

  @Test func `a run that ends below its cap does not reach it, however fast it went`() {
    var run = FakeRun(count: 1000)
    run.hasCalls = true
    var desk = Desk(run: run)
    spendADollarAMinute(&desk) { snapshot in
      snapshot.budget?.cap = Money(picodollars: 3000 * 1_000_000_000_000)
      if case .live(var gauges?) = snapshot.engine {
        gauges.itemsPerSecond = 0.001
        snapshot.engine = .live(gauges)
      }
    }
    desk.press("6")
    #expect(desk.screen.contains("$60.00/h, ends ~$2,077"))
    #expect(desk.model.capReachedAt == nil)
  }

  @Test func `a store that cannot be read leaves the last picture, and its age`() {
    var desk = Desk()
    desk.send(.tick(FakeRun.now.advanced(by: .seconds(65))))
    desk.send(.connectionLost("the store is busy; try again"))
    #expect(desk.canvas.line(2) == "▲ the store is busy; try again")
    #expect(desk.canvas.line(0).hasSuffix("lost 1:05 ago"))
    #expect(desk.screen.contains("Sources/Auth/Token.swift"))
  }

  @Test func `a page that was lost with the connection is asked for again`() {
    var desk = Desk()
    desk.answers = false
    desk.press("/Auth<enter>")
    desk.send(.connectionLost("the store is busy; try again"))
    desk.answers = true
    desk.send(.snapshot(desk.run.snapshot()))
    #expect(desk.model.queue.rows.map(\.id.number) == [1, 7, 8])
  }

  @Test func `a frozen display shows the past until it is thawed`() {
    var desk = Desk()
    desk.press("z")
    #expect(desk.commands == [.stopLog])
    let before = desk.screen
    desk.run.state = .paused
    desk.wait(.seconds(30))
    #expect(desk.screen == before)
    desk.press("z")
    #expect(desk.canvas.line(2) == " RUN PAUSED; P resumes")
    #expect(desk.commands.contains(.followLog(ItemID(1))))
  }

  @Test func `nothing to draw changes nothing`() {
    var desk = Desk()
    let before = desk.canvas
    desk.send(.snapshot(desk.run.snapshot()))
    #expect(desk.canvas == before)
  }

  @Test func `a window that is not in front is watched casually`() {
    var desk = Desk()
    desk.send(.focus(false))
    desk.send(.focus(true))
    #expect(desk.commands == [.setWatching(.casually), .setWatching(.closely)])
  }

  @Test func `before the first news the screen says what it waits for`() {
    var desk = Desk()
    desk.model = DashboardModel(size: Size(columns: 80, rows: 24), now: FakeRun.now)
    #expect(desk.canvas.line(0) == "footplate  reading the run")
    desk.press("RFPQX")
    #expect(desk.submitted.isEmpty)
  }

  @Test func `the log of the selected item follows, is scrolled, and is searched`() {
    var desk = Desk(80, 24)
    desk.press("<enter>kk")
    #expect(desk.canvas.line(11).contains(" line 141 of 151  [log] tries"))
    desk.press("G")
    #expect(desk.canvas.line(11).contains("following, 120 dropped"))
    desk.press("/step 7 <enter>")
    #expect(desk.canvas.line(13).contains("step 7 of item 1"))
    desk.press("/nowhere<enter>")
    #expect(desk.canvas.line(22).contains("'nowhere' is not in the part"))
    desk.press("f")
    #expect(desk.model.log.isFollowing)
  }

  @Test func `the log of an item that is no longer selected is ignored`() {
    var desk = Desk()
    desk.press("j")
    desk.send(.log(LogPiece(item: ItemID(1), isNewLog: false, lines: [Array("late".utf8)])))
    #expect(!desk.screen.contains("late"))
  }
}
