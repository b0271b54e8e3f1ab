// Terminals that cannot be used, or not as what they say they are.

import Canvas
import NcursesTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct UnknownTerminalTests {
  @Test(arguments: ["xterm-of-tomorrow", ""])
  func `an unknown type is drawn as the most common one, and said`(type: String) async {
    await #expect(processExitsWith: .success) { [type] in
      let pty = try PseudoTerminal()
      try pty.takeOver(as: type)
      let before = pty.modes
      var notice: String?
      let output = try pty.emitted {
        let terminal = try NcursesTerminal(waker: Waker())
        notice = terminal.notice
        terminal.draw(Screens.lines(["plain words"], terminal.size))
        terminal.close()
      }
      #expect(notice == "terminal type '\(type)' is unknown here; drawing as xterm-256color")
      #expect(output.contains("plain words"))
      #expect(pty.modes == before)
    }
  }

  @Test func `a terminal that cannot place its cursor is refused and left as it was`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "dumb")
      let before = pty.modes
      let waker = try Waker()
      #expect(throws: TerminalError.cannotDraw("dumb")) { try NcursesTerminal(waker: waker) }
      #expect(pty.modes == before)
    }
  }

  @Test func `no terminal at all is refused`() async {
    await #expect(processExitsWith: .success) {
      let waker = try Waker()
      #expect(throws: TerminalError.noTerminal) { try NcursesTerminal(waker: waker) }
    }
  }

  @Test func `every refusal says what to do`() {
    #expect(
      TerminalError.unknownType("foot").description
        == "the terminal type 'foot' is unknown; install ncurses-term, or set TERM=xterm-256color")
    #expect(TerminalError.cannotDraw("dumb").description.contains("--headless"))
    #expect(TerminalError.noTerminal.description.contains("--headless"))
    #expect(TerminalError.descriptorsExhausted.description.contains("ulimit -n"))
  }
}
