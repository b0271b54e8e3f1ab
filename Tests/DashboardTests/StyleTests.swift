// Where colour carries meaning it is asserted, and it never stands alone.

import BatchModel
import Canvas
import Dashboard
import Testing
import Themes

@Suite struct StyleTests {
  private func desk(_ theme: Theme) -> Desk {
    var desk = Desk()
    desk.theme = theme
    return desk
  }

  private func defaults() throws -> Theme { try #require(try Themes.bundled("default")).theme }

  @Test func `each state has its word and its theme's colour`() throws {
    let theme = try defaults()
    let canvas = desk(theme).canvas
    #expect(canvas.line(6).hasPrefix("   FAIL "))
    #expect(canvas[6, 3].style == theme[.fail])
    #expect(canvas.line(9).hasPrefix("   wait "))
    #expect(canvas[9, 3].style == theme[.wait])
    #expect(canvas.line(11).hasPrefix("   run "))
    #expect(canvas[11, 3].style == theme[.run])
    #expect(canvas[13, 3].style == theme[.queue])
  }

  @Test(arguments: Themes.names + ["mono"])
  func `under the cursor the state keeps its colour, and all the rest is one band`(name: String)
    throws
  {
    let theme = name == "mono" ? .mono : try #require(try Themes.bundled(name)).theme
    var desk = desk(theme)
    // The row of a failure, of one that waits, of one with a neutralised character, of one that runs.
    for (row, state) in [(5, Role.fail), (9, .wait), (10, .wait), (11, .run), (13, .queue)] {
      while desk.canvas[row, 1].glyph.scalar != "▸" { desk.press("j") }
      let canvas = desk.canvas
      #expect((3..<6).allSatisfy { canvas[row, $0].style == theme[state] }, "\(state)")
      #expect((10..<80).allSatisfy { canvas[row, $0].style == theme[.cursor] }, "\(state)")
    }
    desk.press("2")
    #expect((3..<7).allSatisfy { desk.canvas[5, $0].style == theme[.fail] })
    #expect((9..<80).allSatisfy { desk.canvas[5, $0].style == theme[.cursor] })
  }

  @Test(arguments: Themes.names)
  func `the band is the text's own pair of colours, reversed`(name: String) throws {
    let theme = try #require(try Themes.bundled(name)).theme
    var reversed = theme[.text]
    reversed.attributes = .reverse
    #expect(theme[.cursor] == reversed)
  }

  @Test func `the cursor is a mark as well, and only the focused panel has the band`() {
    var desk = desk(.mono)
    desk.press("3")
    #expect(desk.canvas.line(5).hasPrefix(" ▸ FAIL"))
    #expect(desk.canvas[5, 20].style.attributes == [])
  }

  @Test func `neutralised characters stand out`() throws {
    let theme = try defaults()
    let canvas = desk(theme).canvas
    #expect(canvas.line(10).contains("gnp<U+202E>exe.swift"))
    #expect(canvas[10, 13].style.foreground == theme[.escape].foreground)
    #expect(canvas[10, 13].style.background == theme[.escape].background)
    #expect(canvas[10, 10].style.background == .terminal)
  }

  @Test func `without colour no cell has one, and the words are the same`() throws {
    let colored = desk(try defaults())
    let mono = desk(.mono)
    #expect(colored.screen == mono.screen)
    for row in 0..<24 {
      for column in 0..<80 {
        let style = mono.canvas[row, column].style
        // What a log itself painted is the log's.
        guard row < 15 || row > 21 else { continue }
        #expect(style.foreground == .terminal && style.background == .terminal)
      }
    }
  }

  @Test func `a key that cannot work now is dimmed and stays`() {
    var desk = Desk()
    desk.press("jjjjjj")
    #expect(desk.canvas.line(23).contains("R retry"))
    let column = desk.canvas.line(23).distance(to: "R retry")
    #expect(desk.canvas[23, column].style == Theme.mono[.muted])
    desk.press("gg")
    #expect(desk.canvas[23, column].style == Theme.mono[.key])
  }

  @Test func `a paused run and a frozen display cannot be mistaken for one another`() throws {
    let theme = try defaults()
    var run = FakeRun(count: 100)
    run.state = .paused
    run.why = "paused by ana"
    var paused = Desk(run: run)
    paused.theme = theme
    var frozen = desk(theme)
    frozen.press("z")
    #expect(paused.canvas.line(2) == " RUN PAUSED: paused by ana; P resumes")
    #expect(
      frozen.canvas.line(2) == " DISPLAY FROZEN at 02:14:07: the run goes on; z shows it live again"
    )
    #expect(paused.canvas[2, 79].style == theme[.paused])
    #expect(frozen.canvas[2, 79].style == theme[.frozen])
    #expect(theme[.paused] != theme[.frozen])
  }
}

extension String {
  /// The column at which a text of ASCII begins.
  fileprivate func distance(to part: String) -> Int {
    let scalars = Array(unicodeScalars)
    let needle = Array(part.unicodeScalars)
    return scalars.indices.first { scalars[$0...].starts(with: needle) } ?? 0
  }
}
