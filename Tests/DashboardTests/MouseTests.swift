// The mouse: what is under it is what is drawn there, at every size.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct MouseTests {
  private func desk(_ columns: Int = 80, _ rows: Int = 24) -> Desk {
    var desk = Desk(columns, rows, run: .leverRun)
    desk.press("")
    desk.send(.mouseReported(true, asked: true))
    desk.send(.tick(desk.model.now.advanced(by: .seconds(6))))
    return desk
  }

  @Test func `it is off until it is asked for, and a terminal without one says so`() {
    var desk = Desk()
    desk.click("Pool.swift")
    #expect(desk.model.queue.selected == ItemID(1))
    desk.press("m")
    #expect(desk.commands == [.setMouse(true)])
    desk.send(.mouseReported(false, asked: true))
    #expect(desk.canvas.line(22) == "this terminal reports no mouse")
    desk.send(.mouseReported(true, asked: true))
    desk.press("m")
    #expect(desk.commands == [.setMouse(false)])
  }

  @Test func `a click selects a row, another one opens it`() {
    var desk = desk()
    desk.click("Dial.swift")
    #expect(desk.model.queue.selected == ItemID(3))
    #expect(desk.model.focus == .queue)
    desk.click("Dial.swift")
    #expect(desk.model.focus == .item)
  }

  @Test func `names in titles and tabs are clicked as they are read`() {
    var desk = desk()
    desk.click("2 Fail")
    #expect(desk.model.focus == .failures)
    desk.click("G-08")
    #expect(desk.model.failures.selected == FakeRun.module)
    desk.click("receipts")
    #expect(desk.model.item.tab == .receipts)
    #expect(desk.model.focus == .item)
    desk.click("1 Queue")
    #expect(desk.model.focus == .queue)
  }

  @Test func `the gauges' lines are chosen on a large screen`() {
    var desk = desk(120, 40)
    desk.press("4")
    desk.click("openai    closed")
    #expect(desk.model.selectedGaugeRow(of: .breakers) == "openai")
    desk.click("3 Item")
    #expect(desk.model.focus == .item)
  }

  @Test func `a click on a hint is its key, with its questions`() {
    var desk = desk()
    desk.click("? help")
    #expect(desk.model.overlay == .help(top: 0))
    desk.press("<esc>")
    desk.click("R retry")
    #expect(desk.submitted == [.items(.retryAgain, .ids([ItemID(1)]))])
    desk.press("Q")
    desk.click("R retry")
    #expect(desk.submitted.isEmpty)
  }

  @Test func `the wheel scrolls what it is over`() {
    var desk = desk()
    desk.press("")
    desk.wheel("Dial.swift", .wheelDown)
    #expect(desk.model.queue.selected == ItemID(4))
    desk.wheel("Dial.swift", .wheelUp)
    #expect(desk.model.queue.selected == ItemID(1))
    desk.wheel("step 28 of", .wheelUp)
    #expect(!desk.model.log.isFollowing)
    #expect(desk.model.focus == .queue)
    desk.press("?")
    desk.wheel("next row", .wheelDown)
    #expect(desk.model.overlay == .help(top: 1))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60), (50, 12), (20, 5)])
  func `no cell of any screen is dangerous`(columns: Int, rows: Int) {
    var desk = desk(columns, rows)
    for row in 0..<rows {
      for column in stride(from: 0, to: columns, by: 7) {
        desk.press("")
        desk.send(.mouse(MouseEvent(.press(.left), row: row, column: column)))
        desk.send(.mouse(MouseEvent(.wheelDown, row: row, column: column)))
        #expect(desk.model.overlay == nil || row == rows - 1)
        #expect(row == rows - 1 || !desk.commands.contains(where: \.isActing))
        desk.model.overlay = nil
      }
    }
    for place in [-1, 10_000] {
      desk.send(.mouse(MouseEvent(.press(.left), row: place, column: place)))
    }
  }
}

extension Desk {
  mutating func click(_ text: String) { mouse(text, .press(.left)) }
  mutating func wheel(_ text: String, _ action: MouseEvent.Action) {
    mouse(text, action)
  }

  /// Does something over the first place on the screen where that text stands.
  private mutating func mouse(_ text: String, _ action: MouseEvent.Action) {
    press("")
    for (row, line) in canvas.lines.enumerated() {
      guard let range = line.firstRange(of: text) else { continue }
      let column = SafeText(line[..<range.lowerBound]).columns
      send(.mouse(MouseEvent(action, row: row, column: column + 1)))
      return
    }
    Issue.record("'\(text)' is not on the screen:\n\(screen)")
  }
}
