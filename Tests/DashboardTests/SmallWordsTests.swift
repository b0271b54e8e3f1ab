// Words that were wrong or missing: numbers of tries, notes, reasons, names of tabs, curves.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct SmallWordsTests {
  @Test func `tries are numbered by their step, over rounds and retries`() throws {
    var desk = Desk()
    desk.press("<enter>l")
    var detail = try #require(desk.model.item.detail)
    let one = try #require(detail.attempts.first)
    detail.attempts = [0, 1, 0, 1, 0].enumerated().map { index, step in
      var attempt = one
      attempt.id = AttemptID(Int64(index + 1))
      attempt.step = step
      attempt.tryNumber = 1
      attempt.why = "round"
      return attempt
    }
    desk.send(.detail(detail, for: detail.row.id))
    let heads = ItemFacts.lines(of: desk.model, tab: .tries).map { $0.map(\.text).joined() }
      .compactMap { line in line.split(separator: " ").first { $0.hasPrefix("#") } }
    #expect(heads == ["#1", "#1", "#2", "#2", "#3"])
    let why = ItemFacts.lines(of: desk.model, tab: .why).map { $0.map(\.text).joined() }
      .filter { $0.hasSuffix(": round") }
    #expect(
      why == [
        "write #1: round", "review #1: round", "write #2: round", "review #2: round",
        "write #3: round",
      ])
  }

  @Test func `the help names all tabs`() {
    let rows = BindingTable.all.filter { $0.intent == .left || $0.intent == .right }
    for tab in ItemTab.allCases {
      #expect(rows.allSatisfy { $0.about.contains(tab.rawValue) })
    }
  }

  @Test func `who attached to look is told so beforehand`() {
    #expect(Desk(isReadOnly: true).canvas.line(0).hasSuffix("read-only live"))
    #expect(!Desk().canvas.line(0).contains("read-only"))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60), (120, 30)])
  func `a note on the selected group is seen at every width`(columns: Int, rows: Int) {
    var run = FakeRun(count: 1000)
    for groups in 1...4 {
      run.otherGroups = Array(FakeRun.night.prefix(groups))
      var desk = Desk(columns, rows, run: run)
      desk.press("2")
      #expect(desk.screen.contains("the new rule; ask ana"), "\(groups) groups")
    }
  }

  @Test func `who skipped by hand is quoted`() {
    var row = FakeRun(count: 10).row(0)
    row.state = .skipped
    row.skipReason = .byHand
    row.note = "not ours"
    func words(_ row: ItemRow) -> String {
      var desk = Desk(110, 24)
      desk.model.queue.rows = [row]
      return desk.canvas.line(5) + " "
    }
    #expect(words(row).contains("  skipped by hand: not ours"))
    row.note = "by hand"
    #expect(words(row).contains("  skipped by hand "))
    #expect(!words(row).contains("by hand: by"))
    row.skipReason = .unchanged
    row.note = "x"
    #expect(words(row).contains("  unchanged "))
  }

  @Test func `the past says nothing of calls that its ledger does not tell`() {
    var run = FakeRun(count: 10)
    run.gates = FakeCalls.gates
    run.gates[0].calls = 0
    run.gates[0].errorRate = nil
    var desk = Desk(run: run)
    desk.press("4")
    #expect(desk.screen.contains("no calls yet"))
    desk.press("t")
    desk.model.snapshot = run.snapshot()
    #expect(desk.screen.contains("anthropic"))
    #expect(!desk.screen.contains("no calls yet"))
  }

  // MARK: The waits' curves

  private func waiting(_ counts: [Int], columns: Int = 120, glyphs: GlyphSet = .unicode) -> String {
    var run = FakeRun(count: 10)
    run.gates = [FakeCalls.gates[0]]
    var desk = Desk(columns, 40, run: run)
    desk.glyphs = glyphs
    for count in counts {
      desk.run.gates[0].waiting = count
      desk.wait(.seconds(1))
    }
    desk.press("5<enter>")
    return desk.screen
  }

  @Test func `how many waited is drawn as a curve where there is room`() {
    #expect(waiting([0, 100, 200, 229]).contains("█ ▃▇█"))
    #expect(waiting([0, 100, 200, 229], glyphs: .ascii).contains("# -*#"))
    #expect(!waiting([0, 100, 200, 229], columns: 56).contains("▃▇█"))
    #expect(!waiting([]).contains("█  "))
  }

  @Test func `the curve is bounded, a value a second, and forgets who is gone`() {
    var history = History()
    var run = FakeRun(count: 10)
    run.gates = FakeCalls.gates
    for number in 0..<1000 {
      history.note(run.snapshot(at: FakeRun.now.advanced(by: .milliseconds(500 * number))))
    }
    #expect(history.waiting["anthropic"]?.count == History.waitingMax)
    run.gates = [FakeCalls.gates[1]]
    history.note(run.snapshot(at: FakeRun.now.advanced(by: .seconds(900))))
    #expect(history.waiting.keys.sorted() == ["openai"])
  }
}
