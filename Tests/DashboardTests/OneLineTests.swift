// Windows too small for panels: nothing is done blindly, and what is said or asked is seen.

import BatchModel
import Canvas
import Dashboard
import Testing

@Suite struct OneLineTests {
  @Test(arguments: ["X", "F", "y", "R", "P", "C", "Q", "?", "2", "/", ":", "A", " ", "j"])
  func `in one line a key that acts or shows is refused, and the line says so`(key: String) {
    var desk = Desk(40, 7)
    let before = desk.model.queue
    desk.press(key)
    #expect(desk.commands.isEmpty)
    #expect(desk.model.overlay == nil)
    #expect(desk.model.queue == before)
    #expect(desk.canvas.line(0).hasPrefix("window too small for "))
    desk.wait(.seconds(6))
    #expect(desk.canvas.line(0) == "10% 4 FAIL 2 run 896 left")
  }

  @Test func `leaving and the past work in one line`() {
    var desk = Desk(29, 7)
    desk.press("q")
    #expect(desk.commands == [.quit(.detached)])
    desk.press("t")
    #expect(desk.model.past != nil)
  }

  @Test func `a question in front of a window that shrinks takes no answer but esc`() {
    var desk = Desk()
    desk.press("F")
    desk.send(.resize(Size(columns: 60, rows: 3)))
    desk.press("y")
    #expect(desk.submitted.isEmpty)
    #expect(desk.canvas.line(0) == "window too small for the question: esc closes it")
    desk.press("<esc>")
    #expect(desk.model.overlay == nil)
    #expect(desk.canvas.line(0) == "nothing was done")
  }

  @Test func `what is about to happen is seen in one line and can be taken back`() {
    var desk = Desk()
    desk.press("R")
    desk.send(.resize(Size(columns: 60, rows: 3)))
    #expect(desk.canvas.line(0).hasPrefix("retry Sources/Auth/Token.swift"))
    desk.press("U")
    #expect(desk.commands.contains(.withdraw(request: "r1")))
  }

  @Test func `a question in the smallest window with a panel shows all its answers`() {
    var desk = Desk(30, 8)
    desk.press("Q")
    #expect(
      desk.screen == """
        ┌────────────────────────────┐
        │ Stop the run?              │
        │ 2 items …n` goes on later. │
        │ y stop when they end       │
        │ k kill them now            │
        │ [any other key: No]        │
        └────────────────────────────┘
        ? help  : command  q detach
        """)
  }

  @Test func `a click on an answer of several lines is that answer`() {
    var desk = Desk(30, 8)
    desk.model.isMouseOn = true
    desk.press("Q")
    desk.click("kill them")
    #expect(desk.submitted == [.stop(now: true)])
    desk.press("Q")
    desk.click("[any other key")
    #expect(desk.submitted.isEmpty)
    #expect(desk.model.overlay == nil)
  }

  @Test func `a prompt in a narrow window keeps what is typed in view, and its problem`() {
    var desk = Desk(34, 10)
    desk.press("Snot ours")
    #expect(desk.canvas.line(9) == "th/Token.swift, because: not ours")
    var run = FakeRun.leverRun
    run.count = 10
    desk = Desk(34, 10, run: run)
    desk.press("C2<enter>")
    #expect(desk.canvas.line(9).contains("$3.00 is spent"))
  }

  @Test func `words to the person are seen under sixty columns`() {
    var desk = Desk(50, 12)
    desk.press("~")
    #expect(desk.canvas.line(11) == "~ does nothing here; ? lists the keys")
  }
}
