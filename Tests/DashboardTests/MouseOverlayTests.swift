// The mouse on what lies over the panels: a click is the answer, the line or the word that stands there.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct MouseOverlayTests {
  private func desk(
    _ columns: Int = 80, _ rows: Int = 24, run: FakeRun = .leverRun
  ) -> Desk {
    var desk = Desk(columns, rows, run: run)
    desk.send(.mouseReported(true, asked: true))
    desk.send(.tick(desk.model.now.advanced(by: .seconds(6))))
    return desk
  }

  @Test func `a click on a menu's line does it, one beside the menu closes it`() {
    var desk = desk()
    desk.press("4A")
    desk.click("close now")
    #expect(desk.submitted == [.breaker(provider: "anthropic", .close)])
    #expect(desk.model.overlay == nil)
    desk.press("A")
    desk.click("hold provider anthropic")
    #expect(desk.submitted.isEmpty)
    #expect(desk.canvas.line(22) == "hold provider anthropic: it is held already")
    desk.click("a letter, or enter")
    #expect(desk.model.overlay != nil, "a word in the box that is no line of it")
    desk.click("document-modules")
    #expect(desk.model.overlay == nil)
    #expect(desk.model.focus == .breakers)
  }

  @Test func `a sheet's answers are clicked, and nothing else answers it`() {
    var desk = desk()
    desk.press("Q")
    desk.click("Nothing finished is lost")
    desk.click("document-modules")
    desk.wheel("Stop the run?", .wheelDown)
    #expect(desk.model.overlay != nil)
    desk.click("kill them now")
    #expect(desk.submitted == [.stop(now: true)])
    desk.press("Q")
    desk.click("any other key: No")
    #expect(desk.submitted.isEmpty)
    #expect(desk.canvas.line(22) == "nothing was done")
  }

  @Test func `where the count is typed, a click takes it back but does not give it`() {
    var desk = desk(run: FakeRun(count: 5000))
    desk.press("*R")
    desk.click("and enter")
    #expect(desk.model.overlay != nil)
    desk.click("esc No")
    #expect(desk.model.overlay == nil)
    #expect(desk.submitted.isEmpty)
  }

  @Test func `a completion is clicked into the palette's line`() {
    var desk = desk()
    desk.press(":re")
    desk.click("retry-failed")
    #expect(desk.palette == "retry-failed")
    desk.press("<c-u>sort ")
    desk.click("│ age")
    #expect(desk.palette == "sort age")
    #expect(desk.model.queue.order == .attention, "it is enter that does it")
    desk.press("<enter>")
    #expect(desk.model.queue.order == .age)
  }

  @Test func `a theme is shown by a click and kept by another`() {
    var desk = desk()
    desk.press(":theme<enter>")
    desk.click("light")
    #expect(desk.commands == [.setTheme("light")])
    #expect(desk.model.overlay != nil)
    desk.click("light")
    #expect(desk.model.overlay == nil)
    #expect(desk.model.theme == "light")
  }

  @Test func `a line of what happened meanwhile is clicked to its panel`() {
    var desk = desk()
    desk.model.overlay = .away(
      AwayReport(
        run: RunID("run-20251121-020000-0123abcd"),
        from: FakeRun.now.advanced(by: .seconds(-9000)), to: FakeRun.now, done: 10, failed: 2))
    desk.click("failed +2")
    #expect(desk.model.focus == .failures)
    #expect(desk.model.overlay == nil)
  }

  @Test func `a tab's name fetches what it shows, in short as well, and so does a log's title`() {
    var desk = desk()
    desk.click("prompt")
    #expect(desk.commands.contains(.fetchTab(ItemID(1), .prompt)))
    #expect(desk.screen.contains("Rule 1:"))
    desk = self.desk(60, 20)
    desk.click("answ")
    #expect(desk.model.item.tab == .answer)
    desk = self.desk(200, 60)
    desk.click("tries")
    #expect(desk.model.item.tab == .tries)
    desk.click(" log ")
    #expect(desk.model.item.tab == .log)
  }

  @Test func `a click is somebody who is here`() {
    var desk = desk()
    let before = desk.marks
    desk.wait(.seconds(120))
    desk.click("Dial.swift")
    #expect(desk.marks == before + 1)
  }
}
