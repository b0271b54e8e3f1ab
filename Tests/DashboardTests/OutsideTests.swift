// The window's title, and what is told while nobody looks: each thing once.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct OutsideTests {
  private func snapshot(_ change: (inout RunSnapshot) -> Void = { _ in }) -> RunSnapshot {
    var snapshot = FakeRun.leverRun.snapshot()
    change(&snapshot)
    return snapshot
  }

  @Test func `the title says how far it is, and changes at most once a second`() {
    var desk = Desk(run: .leverRun)
    #expect(desk.title == "footplate: document-modules 10% 4 failed")
    desk.press("")
    desk.send(.snapshot(snapshot()))
    #expect(desk.commands.isEmpty)
    let more = snapshot { $0.summary.counts.failed = 37 }
    desk.send(.tick(FakeRun.now.advanced(by: .milliseconds(400))))
    desk.send(.snapshot(more))
    #expect(!desk.commands.contains { if case .setTitle = $0 { true } else { false } })
    desk.send(.tick(FakeRun.now.advanced(by: .milliseconds(1400))))
    desk.send(.snapshot(more))
    #expect(desk.title == "footplate: document-modules 13% 37 failed")
  }

  @Test func `while the window is not in front, each thing that happens is told once`() {
    var desk = Desk(run: .leverRun)
    desk.send(.focus(false))
    desk.press("")
    let over = snapshot { snapshot in
      snapshot.budget?.spent = Money(picodollars: 5_000_000_000_000)
      snapshot.summary.state = .paused
      snapshot.summary.why = "the cap is reached"
      if case .live(var gauges?) = snapshot.engine {
        gauges.gates[1].breaker = "open"
        snapshot.engine = .live(gauges)
      }
    }
    desk.send(.snapshot(over))
    desk.send(.snapshot(over))
    #expect(
      desk.alerts == [
        "document-modules: paused: the cap is reached", "document-modules: the cap is reached",
        "document-modules: breaker openai is open",
      ])
  }

  @Test func `who looks is told nothing, and a pause by hand is no news`() {
    var desk = Desk(run: .leverRun)
    desk.press("")
    desk.send(
      .snapshot(
        snapshot {
          $0.summary.state = .finished
        }))
    #expect(desk.alerts.isEmpty)
    desk = Desk(run: .leverRun)
    desk.send(.focus(false))
    desk.press("")
    desk.send(
      .snapshot(
        snapshot {
          $0.summary.state = .paused
          $0.summary.why = "paused by hand"
        }))
    #expect(desk.alerts.isEmpty)
  }

  @Test func `a frozen display does not hold the end back`() {
    var desk = Desk(run: .leverRun)
    desk.press("z")
    desk.send(.focus(false))
    let end = snapshot { $0.summary.state = .finished }
    desk.send(.snapshot(end))
    desk.send(.snapshot(end))
    #expect(desk.alerts == ["document-modules: finished, 4 failed"])
  }
}

@Suite struct YankTests {
  @Test func `y copies what is selected`() {
    var desk = Desk(run: .leverRun)
    desk.press("y")
    #expect(desk.commands == [.yank("Sources/Auth/Token.swift", what: "Sources/Auth/Token.swift")])
    desk.press("2y")
    #expect(desk.commands.last == .yank(FakeRun.lint.text, what: "G-07's signature"))
    desk.press("1<enter>y")
    guard case .yank(let log, let what)? = desk.commands.last else {
      Issue.record("nothing was copied")
      return
    }
    #expect(log.hasPrefix("02:13:11 step 1 of item 1\n"))
    #expect(what == "log, 31 lines")
    desk.press("8y")
    #expect(desk.canvas.line(22) == "y yank: nothing was found")
    desk.send(
      .examined(
        ExaminationReport(
          at: FakeRun.now,
          findings: [Finding(.countsDrift, .error, "run", "Wrong.", .safe, "counts again")],
          undo: nil, isThorough: false)))
    desk.press("y")
    #expect(desk.commands == [.yank("footplate doctor --fix", what: "footplate doctor --fix")])
  }

  @Test func `an empty list has nothing to copy`() {
    var desk = Desk(run: FakeRun(count: 0))
    desk.press("y")
    #expect(desk.commands.isEmpty)
    #expect(desk.canvas.line(22) == "y yank: no item is selected")
  }
}

extension Desk {
  fileprivate var title: String {
    commands.reversed().lazy.compactMap { if case .setTitle(let text) = $0 { text } else { nil } }
      .first ?? titleAtStart
  }

  fileprivate var alerts: [String] {
    commands.compactMap { if case .alert(let text) = $0 { text } else { nil } }
  }
}
