// The palette: completion, history, and every command doing what it says.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

@Suite struct PaletteTests {
  private var desk: Desk { Desk(run: .leverRun) }

  @Test func `it lists the commands that fit, and tab completes`() {
    var desk = desk
    desk.press(":re")
    #expect(
      desk.canvas.lines.suffix(9).dropLast().map { String($0.prefix(70)) } == [
        "┌─ Commands ─────────────────────────────────────────────────────────┐",
        "│ resume                      it runs                                │",
        "│ reload                      take up the changed definition         │",
        "│ retry [STEP]                queue the marked or the selected again │",
        "│ retry-failed                queue everything that failed again     │",
        "│ release provider NAME | step NAME  let it go on                    │",
        "└────────────────────────────────────────────────────────────────────┘",
        ":re    tab completes, up and down: what was typed before",
      ])
    desk.press("t<tab>")
    #expect(desk.palette == "retry")
    desk.press(" r<tab>")
    #expect(desk.palette == "retry review")
  }

  @Test func `history is walked with up and down, and what was being typed comes back`() {
    var desk = desk
    desk.press(":sort age<enter>:layout triage<enter>:fi")
    desk.press("<up>")
    #expect(desk.palette == "layout triage")
    desk.press("<up><up><up>")
    #expect(desk.palette == "sort age")
    desk.press("<down><down>")
    #expect(desk.palette == "fi")
  }

  @Test func `lines are kept for other sessions, and theirs come before one's own`() {
    var desk = desk
    desk.press(":sort age<enter>:no-command<enter><esc>")
    #expect(desk.typed == ["sort age"], "what could not be done is not kept")
    let hostile = ["cap \u{1B}[2J7", "  ", String(repeating: "x", count: 300), "hold step wrïte"]
    desk.send(.typedBefore(["cap 9", "sort age"] + hostile))
    desk.press(":<up>")
    #expect(desk.palette == "sort age", "its newest use")
    desk.press("<up>")
    #expect(desk.palette == "hold step wrïte")
    desk.press("<up><up>")
    #expect(desk.palette == "cap 9")
    desk.send(.typedBefore((0..<500).map { "cap \($0)" }))
    #expect(desk.model.paletteHistory.lines.count == PaletteHistory.linesMax)
    #expect(desk.model.paletteHistory.lines.last == "sort age")
  }

  @Test(arguments: [
    ("retyr", "no command 'retyr'; did you mean retry?"),
    ("re", "'re' is the beginning of resume, reload, retry, retry-failed, release"),
    ("breaker opnai open", "breaker: no 'opnai'; did you mean openai?"),
    ("breaker openai opne", "breaker: no 'opne'; did you mean open?"),
    ("cap six", "'six' is no sum: 40, 12.50"),
    ("cap 2", "$3.00 is spent already; P pauses the run"),
    ("parallel 0", "between 1 and 1,024 slots of each kind"),
    ("parallel run", "how many: 8, or run 8 llm 64, or default"),
    ("hold step wriet", "step: no 'wriet'; did you mean write?"),
    ("release step write", "it is not held"),
    ("sort colour", "sort: no 'colour'; attention, source, key, state, step, tries, age"),
    ("columns state, nope", "columns: no 'nope'; did you mean note?"),
    ("theme dusk", "theme: no 'dusk'; did you mean dark?"),
    ("doctor", "not examined yet: 8 shows what the doctor finds"),
    ("filter st:lost", "no state 'lost': queued wait run done skip fail cancel"),
    ("resume", "it runs"),
    ("pause now", "pause takes no words"),
    ("sync", "no sink is named: events: {sink: URL}"),
  ])
  func `what cannot be done stays on the line with its reason`(line: String, problem: String) {
    var desk = desk
    desk.press(":\(line)<enter>")
    #expect(desk.commands.isEmpty)
    #expect(desk.palette == line)
    #expect(desk.canvas.line(22).contains(problem.prefix(50)))
    if case .palette(let palette) = desk.model.overlay { #expect(palette.problem == problem) }
  }

  @Test(arguments: [
    ("pause", Request.Action.pause, 0), ("cap 7.50", .setCap(Money(dollars: "7.50")), 5),
    ("cap default", .setCap(nil), 5), ("parallel 8", .setParallel(Parallel(run: 8, llm: 8)), 5),
    ("parallel llm 64", .setParallel(Parallel(run: 4, llm: 64)), 5),
    ("parallel run 2 llm 3", .setParallel(Parallel(run: 2, llm: 3)), 5),
    ("parallel default", .setParallel(nil), 5),
    ("hold provider openai", .hold(.provider("openai")), 0),
    ("hold step review", .hold(.step("review")), 0),
    ("release provider anthropic", .release(.provider("anthropic")), 0),
    ("breaker openai open", .breaker(provider: "openai", .isolate), 0),
    ("breaker openai close", .breaker(provider: "openai", .close), 0),
    ("breaker openai reset", .breaker(provider: "openai", .close), 0),
    ("breaker openai disable", .breaker(provider: "openai", .disable), 0),
    ("reload", .reload, 5), ("retry", .items(.retryAgain, .ids([ItemID(1)])), 5),
    (
      "retry review", .items(.retry(fromStep: 1, overrides: Overrides()), .ids([ItemID(1)])), 5
    ),
  ])
  func `levers become requests, urgent ones without a grace`(
    line: String, action: Request.Action, grace: Int
  ) {
    var desk = desk
    desk.press(":\(line)<enter>")
    let notBefore = FakeRun.now.advanced(by: .seconds(grace))
    #expect(desk.commands.contains(.submit(action, notBefore: notBefore, token: 1)))
    #expect(desk.model.overlay == nil)
  }

  @Test func `views change without asking the run for anything`() {
    var desk = desk
    desk.press(":sort age<enter>")
    #expect(desk.model.queue.order == .age)
    desk.press(":filter st:fail<enter>")
    #expect(desk.model.queue.filterText == "st:fail")
    desk.press(":columns state for<enter>")
    #expect(desk.model.columns == [.state, .item, .age])
    desk.press(":layout gauges<enter>")
    #expect(desk.model.arrangement == .gauges)
    desk.press(":theme dark<enter>")
    #expect(desk.commands == [.setTheme("dark")])
    desk.press(":mouse on<enter>")
    #expect(desk.commands == [.setMouse(true)])
    desk.press(":write<enter>")
    #expect(desk.commands == [.writeScreen])
    desk.press(":quit<enter>")
    #expect(desk.commands == [.quit(.detached)])
  }

  @Test func `themes are shown while one is chosen, and esc brings the old one back`() {
    var desk = desk
    desk.press(":theme<enter>")
    #expect(desk.screen.contains("▸ default"))
    desk.press("jj")
    #expect(desk.commands == [.setTheme("dark"), .setTheme("light")])
    desk.press("<esc>")
    #expect(desk.commands == [.setTheme("default")])
    desk.press(":theme<enter>j<enter>")
    #expect(desk.model.theme == "dark")
    #expect(desk.model.overlay == nil)
  }

  @Test func `esc and an emptied line leave, and a paste is text`() {
    var desk = desk
    desk.press(":pau<esc>")
    #expect(desk.model.overlay == nil)
    desk.press(":p<bs><bs>")
    #expect(desk.model.overlay == nil)
    desk.press(":")
    desk.send(.paste("so\nrt key"))
    #expect(desk.palette == "sort key")
  }

  @Test func `the documents' table has a row for every command`() {
    let rows = PaletteTable.markdown.split(separator: "\n")
    #expect(rows.count == PaletteTable.all.count + 2)
    #expect(rows.contains("| `:pause` | pause the run; what runs goes on to its end |"))
    #expect(rows.contains { $0.hasPrefix("| `:breaker NAME open\\|close\\|reset\\|disable` |") })
    #expect(Set(PaletteTable.all.map(\.name)).count == PaletteTable.all.count)
  }

  @Test func `the help lists the commands under the keys`() {
    var desk = desk
    desk.press("?G")
    #expect(desk.screen.contains(":breaker"))
  }
}

extension Desk {
  /// What stands on the palette's line.
  var palette: String? {
    guard case .palette(let palette) = model.overlay else { return nil }
    return palette.editor.text
  }
}
