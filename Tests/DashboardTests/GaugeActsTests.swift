// Keys that act on items, in panels that show none.

import BatchModel
import Canvas
import Dashboard
import Testing

@Suite struct GaugeActsTests {
  @Test(arguments: ["4", "5", "6", "7", "8"], ["R", "S", "X", "E", "M", "Y", "B"])
  func `in a gauge's panel nothing is done to an item that is not meant`(
    panel: String, key: String
  ) {
    var desk = Desk(run: .leverRun)
    desk.press(panel)
    desk.press(key)
    #expect(desk.submitted.isEmpty)
    #expect(desk.model.overlay == nil)
    #expect(desk.canvas.line(22).contains("select an item first: 1 goes to the queue"))
  }

  @Test func `the run's own keys work there`() {
    var desk = Desk(run: .leverRun)
    desk.press("4P")
    #expect(desk.submitted == [.pause])
  }
}
