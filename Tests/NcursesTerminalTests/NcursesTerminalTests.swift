// The bytes that a real terminal gets. ncurses belongs to the whole process, so that each test is a
// process of its own with a pseudo-terminal for its standard input and output.

import Canvas
import Glibc
import NcursesTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct NcursesTerminalTests {
  @Test func `a canvas that is shown already costs no byte, a changed cell few`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal(columns: 200, rows: 60)
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      var canvas = Screens.dense(terminal.size)
      let first = pty.emitted { terminal.draw(canvas) }
      #expect(first.utf8.count > 60 * 200, "first: \(first.utf8.count)")
      let second = pty.emitted { terminal.draw(canvas) }
      #expect(second == "")

      canvas.put(Glyph("#"), row: 30, column: 100, style: .plain)
      let change = pty.emitted { terminal.draw(canvas) }
      #expect(Stream(change).text.elementsEqual("#".unicodeScalars), "\(change.debugDescription)")
      #expect(change.utf8.count < 40, "\(change.debugDescription)")
      let unchanged = pty.emitted { terminal.draw(canvas) }
      #expect(unchanged == "")

      terminal.redraw()
      let whole = pty.emitted { terminal.draw(canvas) }
      #expect(whole.utf8.count > 60 * 200)
    }
  }

  @Test func `a frame stands between the marks of one, unless that is switched off`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      // ncurses enters the other screen with the first frame.
      _ = pty.emitted { terminal.draw(Screens.dense(terminal.size)) }
      let frame = pty.emitted { terminal.draw(Screens.lines(["another one"], terminal.size)) }
      #expect(frame.hasPrefix("\u{1B}[?2026h"), "\(frame.debugDescription)")
      #expect(frame.hasSuffix("\u{1B}[?2026l"), "\(frame.debugDescription)")
    }
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let options = TerminalOptions(synchronizesOutput: false, reportsFocus: false)
      let output = try pty.emitted {
        let terminal = try NcursesTerminal(waker: Waker(), options: options)
        terminal.draw(Screens.dense(terminal.size))
        terminal.close()
      }
      let isPlain = !output.contains("?2026") && !output.contains("?1004")
      #expect(isPlain, "\(output.debugDescription)")
    }
  }

  @Test func `nothing hostile reaches the terminal as it is`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      for text in Hostile.texts {
        let canvas = Screens.lines(
          [SafeText(text), SafeText(log: Array(text.utf8))], terminal.size)
        let output = pty.emitted { terminal.draw(canvas) }
        Hostile.expectHarmless(output, from: text)
      }
      let last = pty.emitted {
        terminal.draw(Screens.lines(["\u{1B}]52;c;aGk=\u{7}"], terminal.size))
      }
      #expect(String(Stream(last).text).contains("^[]52;c;aGk=^G"))
    }
  }

  @Test(arguments: 1...3) func `no mixture of hostile text does either`(seed: UInt64) async {
    await #expect(processExitsWith: .success) { [seed] in
      var random = SeededGenerator(seed: seed)
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      for _ in 0..<50 {
        let texts = (0..<24).map { _ in Hostile.mixture(&random) }
        let lines = texts.map { SafeText(log: Array($0.utf8)) }
        let output = pty.emitted { terminal.draw(Screens.lines(lines, terminal.size)) }
        Hostile.expectHarmless(output, from: "seed \(seed)")
      }
    }
  }

  @Test(arguments: KnownType.all)
  func `the terminal is as it was when the screen is given back`(known: KnownType) async {
    await #expect(processExitsWith: .success) { [known] in
      let pty = try PseudoTerminal()
      try pty.takeOver(as: known.name)
      let before = pty.modes
      var terminal: NcursesTerminal?
      let opened = try pty.emitted { terminal = try NcursesTerminal(waker: Waker()) }
      let own = try #require(terminal)
      #expect(own.notice == nil)
      #expect(pty.modes != before)
      let drawn = pty.emitted { own.draw(Screens.lines(["plain words"], own.size)) }
      #expect(drawn.contains("plain words"))
      let closed = pty.emitted { own.close() }
      #expect(pty.modes == before)
      // ncurses enters the other screen with the first frame.
      known.expectPairs(on: opened + drawn, off: closed)
      let all = opened + drawn + closed
      #expect(Stream(all).strangeSequences == [], "\(all.debugDescription)")
      // No closure stands inside of `#expect` here: in the body of an exit test, which is a macro's
      // as well, the compiler gives several of them one name, and the first one's code runs for all.
      let closedTwice = pty.emitted { own.close() }
      let drawnAfterwards = pty.emitted { own.draw(Screens.dense(own.size)) }
      #expect(closedTwice == "" && drawnAfterwards == "")
    }
  }

  @Test func `a program gets the terminal as it was, and the screen comes back after it`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let before = pty.modes
      let terminal = try NcursesTerminal(waker: Waker())
      let canvas = Screens.lines(["plain words"], terminal.size)
      _ = pty.emitted { terminal.draw(canvas) }
      let during = pty.modes
      var status: Int32 = 0
      let output = pty.emitted { status = terminal.run(["/bin/sh", "-c", "stty -a; exit 3"]) }
      #expect(status == 3, "\(output.debugDescription)")
      let parts = output.split(separator: "speed ")
      try #require(parts.count == 2)
      #expect(
        parts[0].contains("\u{1B}[?1049l") && parts[0].contains("\u{1B}[?2004l"),
        "\(parts[0].debugDescription)")
      #expect(parts[1].contains(" icanon") && !parts[1].contains("-isig"), "\(parts[1])")
      #expect(pty.modes == during && during != before)
      let again = pty.emitted { terminal.draw(canvas) }
      #expect(again.contains("\u{1B}[?1049h") || parts[1].contains("\u{1B}[?1049h"))
      #expect(again.contains("plain words"))
    }
  }

  @Test func `keys, pastes and the focus are told apart`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      pty.type("R\u{1B}OA\u{1B}[I\u{1B}[200~Q\n\u{1B}[201~é\u{3}\r")
      var events: [TerminalEvent] = []
      while events.count < 7 {
        let next = terminal.next(timeout: .seconds(20))
        guard next != [.timedOut] else { break }
        events += next
      }
      #expect(
        events == [
          .key(.character("R")), .key(.up), .focused(true), .paste("Q\n"), .key(.character("é")),
          .key(.control("c")), .key(.enter),
        ])
    }
  }
}
