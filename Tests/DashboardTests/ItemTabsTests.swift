// The item's tabs: fetched when somebody looks, broken into lines, searched.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct ItemTabsTests {
  @Test func `a prompt is fetched when its tab is shown, and once`() {
    var desk = Desk()
    desk.press("lll")
    #expect(desk.commands.filter { $0 == .fetchTab(ItemID(1), .prompt) }.count == 1)
    #expect(
      desk.screen == """
        document-modules RUNNING ██▋░░░░░░░░░░░░░░░░░░░░░░░ 10%  38/s  ends ~02:14  live
        queued 892  wait 2  run 2  done 100  skip 0  FAIL 4  slots 2/8

        ─[1 Queue] 2 Failures 4 ────────────────────────── 1,000 items · trouble first ─
           STATE  ITEM                           STEP    TRY   FOR  NOTE
         ▸ FAIL   Sources/Auth/Token.swift       write     4  0:12  G-07 14:81 line too…
           FAIL   Sources/Net/Pool.swift (2)     review    4  1:12  G-07 14:81 line too…
           FAIL   Sources/Net/Dial.swift         write     4  2:12  G-07 14:81 line too…
           FAIL   docs/日本語/概要.md            review    4  3:12  G-08 14:81 line too…
           wait   a^[[2J^Jb                      write     2  4:12  retry in 0:22  exit…
           wait   gnp<U+202E>exe.swift           review    2  0:12  retry in 0:23  exit…
           run    Sources/Auth/Login.swift       write     1  1:12
           run    Sources/Auth/Key.swift         review    1  2:12
           queued Sources/File8.swift            write     -  3:12
        ─ 3 Item ─────────── line 1 of 41  log tries receipts [prompt] answer diff why ─
         Sources/Auth/Token.swift FAIL at write, 4 tries, G-07 with 2 others
         Document the module Sources/Auth/Token.swift.
         Rule 1: every sentence says something that the code does not say.
         Rule 2: every sentence says something that the code does not say.
         Rule 3: every sentence says something that the code does not say.
         Rule 4: every sentence says something that the code does not say.
         Rule 5: every sentence says something that the code does not say.

        ? help  : command  / filter  space mark  2 failures  R retry  P pause  q detach
        """)
    desk.press("hl")
    #expect(desk.commands.isEmpty, "the text is still there")
    desk.press("j")
    #expect(desk.commands.contains(.fetchTab(ItemID(2), .prompt)))
  }

  @Test func `a round's words stand with the try that said them, the long ones in short`() {
    var desk = Desk(120, 40)
    var detail = desk.run.detail(ItemID(1))
    let words = (1...9).map { "line \($0): shorter" }.joined(separator: "\n\n")
    detail.attempts[1].failure = nil
    detail.attempts[1].feedback = words
    desk.press("l")
    desk.send(.detail(detail, for: ItemID(1)))
    let screen = desk.screen
    #expect(screen.contains("sent back: line 1: shorter"))
    #expect(screen.contains("line 6: shorter"))
    #expect(!screen.contains("line 7: shorter"))
    #expect(screen.contains("and 3 lines more"))
  }

  @Test func `a log that is empty says whether more may come`() {
    var desk = Desk()
    desk.press("j")
    desk.send(.log(LogPiece(item: ItemID(2), isNewLog: true, lines: [])))
    #expect(desk.canvas.line(16) == " it printed nothing")
    var detail = desk.run.detail(ItemID(2))
    detail.attempts[1].endedAt = nil
    desk.send(.detail(detail, for: ItemID(2)))
    #expect(desk.canvas.line(16) == " no output yet")
  }

  @Test func `a tab without text says why`() {
    var desk = Desk()
    desk.press("llll")
    #expect(desk.canvas.line(16) == " it has not answered yet")
    desk.press("l")
    #expect(desk.canvas.line(16) == " no candidate of it waits for a word")
  }

  @Test func `narrow panels break long lines between words`() {
    var desk = Desk(120, 40)
    desk.press("lll")
    #expect(desk.canvas.line(5).hasSuffix("│ Document the module"))
    #expect(desk.canvas.line(6).hasSuffix("│ Sources/Auth/Token.swift."))
    desk.press("<enter><enter>")
    #expect(desk.canvas.line(5) == " Document the module Sources/Auth/Token.swift.")
  }

  @Test func `the shown text is searched, n and N step through it`() {
    var desk = Desk()
    desk.press("3lll/rule 2<enter>")
    #expect(desk.canvas.line(11).contains("line 3 of 41"))
    desk.press("nn")
    #expect(desk.canvas.line(13).hasPrefix(" Rule 21:"))
    #expect(desk.canvas[13, 1].style == Theme.mono[.match])
    desk.press("NNN")
    #expect(desk.canvas.line(22).isEmpty)
    desk.press("/nowhere<enter>")
    #expect(desk.canvas.line(22).contains("nowhere' is not in the prompt"))
  }

  @Test func `G shows the end of a text, and what was left out of it`() {
    let text = TabText(lines: (1...3000).map { "line \($0)" })
    #expect(text.lines.count == TabText.linesMax)
    var desk = Desk()
    desk.answers = false
    desk.press("3")
    desk.answers = true
    desk.press("lll")
    desk.send(.tab(ItemID(1), .prompt, text))
    desk.press("G")
    #expect(desk.canvas.line(21) == " 1,000 more lines are not shown")
  }

  @Test func `a text that comes late, for another item or tab, is not shown`() {
    var desk = Desk()
    desk.press("lll")
    desk.send(.tab(ItemID(2), .prompt, TabText(lines: ["another's"])))
    desk.send(.tab(ItemID(1), .answer, TabText(lines: ["another tab's"])))
    #expect(!desk.screen.contains("another"))
  }

  @Test(arguments: [
    ("ERROR cannot open", Role.logError), ("2025-11-21 02:14 [WARN] slow", .logWarn),
    ("a.c:3: error: no", .logError), ("an error is likely", .text), ("info: started", .logInfo),
    ("DEBUG x", .logDebug), ("TERRORS", .text), ("plain", .text),
  ])
  func `a line of a log has its level's colour only where it names one`(line: String, role: Role) {
    var desk = Desk()
    desk.theme = Theme(
      name: "levels",
      styles: [
        .logError: CellStyle(attributes: .bold), .logWarn: CellStyle(attributes: .underline),
        .logInfo: CellStyle(attributes: .dim), .logDebug: CellStyle(attributes: [.dim, .bold]),
      ])
    desk.send(.log(LogPiece(item: ItemID(1), isNewLog: true, lines: [Array(line.utf8)])))
    #expect(desk.canvas[16, 1].style == desk.theme[role])
  }
}
