// The panels' menus and the doctor's fixes.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct MenuTests {
  @Test func `A lists what can be done, with the reason where it cannot`() {
    var desk = Desk(run: .leverRun)
    desk.press("4A")
    let lines = desk.canvas.lines
    let start = lines.firstIndex { $0.contains(" anthropic ─") } ?? 0
    #expect(
      lines[start..<(start + 9)].map { String($0.dropFirst(14).prefix(52)) } == [
        "┌─ anthropic ──────────────────────────────────────┐",
        "│▸ o  open: reject every call                      │",
        "│  c  close now; it decides by itself again        │",
        "│  d  let everything through                       │",
        "│  h  hold provider anthropic  it is held already  │",
        "│  l  release provider anthropic                   │",
        "│                                                  │",
        "│  a letter, or enter; esc leaves                  │",
        "└──────────────────────────────────────────────────┘",
      ])
  }

  @Test func `a letter does it at once, and arrows and enter do too`() {
    var desk = Desk(run: .leverRun)
    desk.press("4jAo")
    #expect(desk.submitted == [.breaker(provider: "openai", .isolate)])
    desk.press("A<down><enter>")
    #expect(desk.submitted == [.breaker(provider: "openai", .close)])
    #expect(desk.model.overlay == nil)
  }

  @Test func `an entry that cannot work keeps the menu open and says why`() {
    var desk = Desk(run: .leverRun)
    desk.press("4Ah")
    #expect(desk.commands.isEmpty)
    #expect(desk.canvas.line(22) == "hold provider anthropic: it is held already")
    #expect(desk.model.overlay != nil)
    desk.press("l")
    #expect(desk.submitted == [.release(.provider("anthropic"))])
  }

  @Test func `the queue's menu retries from a step, holds the step and sets the slots`() {
    var desk = Desk(run: .leverRun)
    desk.press("Af2")
    #expect(
      desk.submitted == [
        .items(.retry(fromStep: 1, overrides: Overrides()), .ids([ItemID(1)]))
      ])
    desk.press("Ah")
    #expect(desk.submitted == [.hold(.step("write"))])
    desk.press("Ap<c-u>run 2 llm 9<enter>")
    #expect(desk.submitted == [.setParallel(Parallel(run: 2, llm: 9))])
    desk.press("Anlook at line 14<enter>")
    #expect(desk.submitted == [.note(.item(ItemID(1)), "look at line 14")])
  }

  @Test func `what was chosen stays chosen while the list moves`() {
    var desk = Desk(run: .leverRun)
    desk.press("4jA")
    var snapshot = desk.run.snapshot()
    if case .live(var gauges?) = snapshot.engine {
      gauges.gates.removeLast()
      snapshot.engine = .live(gauges)
    }
    desk.send(.snapshot(snapshot))
    desk.press("o")
    #expect(desk.submitted == [.breaker(provider: "openai", .isolate)])
  }
}

@Suite struct DoctorKeysTests {
  private func desk(hasEngine: Bool = false, undo: String? = nil) -> Desk {
    var run = FakeRun.leverRun
    run.hasEngine = hasEngine
    var desk = Desk(run: run)
    desk.send(
      .examined(
        ExaminationReport(
          at: FakeRun.now,
          findings: [
            Finding(
              .countsDrift, .error, "run-1", "Two counts are wrong.", .safe,
              "counts them again from the items", preview: ["done 412 → 410", "failed 2 → 4"]),
            Finding(
              .missingSecret, .error, "ANTHROPIC_API_KEY", "A key is not set.", .byHand,
              "export it before the next run"),
            Finding(
              .artifactMissing, .warning, "docs/a.md", "A file is gone.", .deliberate,
              "restores it from its object"),
          ], undo: undo, isThorough: false)))
    return desk
  }

  @Test func `D shows what all safe fixes change, asks, and waits out the grace`() {
    var desk = desk()
    desk.press("D")
    #expect(desk.screen.contains("Fix all that is safe, 1 finding?"))
    #expect(desk.screen.contains("run-1: counts them again from the items"))
    #expect(desk.screen.contains("failed 2 → 4"))
    desk.press("<enter>")
    #expect(desk.commands.isEmpty)
    desk.press("Dy")
    #expect(desk.commands.isEmpty)
    #expect(desk.canvas.line(22).hasPrefix("fix all that is safe in 5 s"))
    desk.wait(.seconds(6))
    #expect(desk.commands.contains(.fix(nil)))
  }

  @Test func `U takes a fix back before it begins`() {
    var desk = desk()
    desk.press("DyU")
    desk.wait(.seconds(6))
    #expect(!desk.commands.contains(.fix(nil)))
  }

  @Test func `on the doctor's panel D mends the selected finding`() {
    var desk = desk()
    desk.press("8jjDy")
    desk.wait(.seconds(6))
    #expect(desk.commands.contains(.fix(.artifactMissing)))
  }

  @Test func `what only a person can mend says so, and an engine is named`() {
    var desk = desk()
    desk.press("8jD")
    #expect(desk.canvas.line(22) == "D fix: only a person can: export it before the next run")
    desk = self.desk(hasEngine: true)
    desk.press("D")
    #expect(desk.canvas.line(22) == "D fix: an engine works on it: Q stops it first")
    desk.press(":doctor COUNTS_DRIFT<enter>")
    #expect(desk.canvas.line(22).contains("an engine works on it"))
  }

  @Test func `the menu previews, examines, and takes the last fix back`() {
    var desk = desk(undo: "fix-1")
    desk.press("8Ap")
    #expect(desk.screen.contains("[any key closes]"))
    desk.press("<esc>Ae")
    #expect(desk.commands.contains(.examine(thoroughly: true)))
    desk.press("Au")
    desk.wait(.seconds(6))
    #expect(desk.commands.contains(.undoFix))
    desk = self.desk()
    desk.press("8Au")
    #expect(desk.canvas.line(22) == "take the last fix back: there is no fix to take back")
  }
}
