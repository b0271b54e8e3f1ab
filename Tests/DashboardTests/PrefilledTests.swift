// A line that opens with a text in it: typing replaces it, moving in it edits it.

import BatchModel
import Canvas
import Dashboard
import Testing

@Suite struct PrefilledTests {
  private func typed(_ keys: String) -> String {
    var editor = LineEditor(replacing: "5.00")
    for key in Desk.keys(keys) { _ = editor.take(key) }
    return editor.text
  }

  @Test(arguments: [
    ("7", "7"), ("<bs>7", "5.07"), ("<left>7", "5.070"), ("<c-e>7", "5.007"), ("<c-a>7", "75.00"),
    ("<c-u>", ""), ("", "5.00"),
  ])
  func `the first character replaces it all, a key that moves edits it`(
    keys: String, text: String
  ) {
    #expect(typed(keys) == text)
  }

  @Test func `what is pasted replaces it too`() {
    var editor = LineEditor(replacing: "5.00")
    editor.paste("12")
    editor.paste("3")
    #expect(editor.text == "123")
  }

  @Test func `the cap that is replaced stands in the cursor's role, with what emptying it does`() {
    var desk = Desk(run: .leverRun)
    desk.press("C")
    let line = desk.canvas.line(22)
    #expect(
      line == "the run's cap: $5.00   dollars; Ctrl-U and enter: the definition's cap again")
    #expect(desk.canvas[22, 16].style == desk.theme[.cursor])
    #expect(desk.canvas[22, 19].style == desk.theme[.cursor])
    desk.press("8<enter>")
    #expect(desk.submitted == [.setCap(Money(picodollars: 8_000_000_000_000))])
  }

  @Test func `a cap that is not set is asked for without a word on emptying`() {
    var desk = Desk()
    desk.press("C")
    #expect(desk.canvas.line(22).contains("dollars; nothing typed: the definition's cap"))
  }
}
