// However the program leaves, or is made to, the terminal is its owner's again.

import Canvas
import Glibc
import NcursesTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct LeavingTests {
  /// A fault, an abort, Swift's own traps, Ctrl-\.
  @Test(arguments: [SIGSEGV, SIGABRT, SIGILL, SIGTRAP, SIGBUS, SIGQUIT])
  func `a process that is killed by its own fault gives the terminal back`(number: Int32)
    async throws
  {
    let pty = try PseudoTerminal()
    let (before, path) = (pty.modes, pty.path)
    let reading = pty.startReading()
    await #expect(processExitsWith: .signal(number)) {
      [path = path as String, number = number as Int32] in
      try PseudoTerminal.takeOver(path: path, as: "tmux-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      terminal.draw(Screens.lines(["plain words"], terminal.size))
      terminal.setMouse(true)
      terminal.setTitle("batch")
      // Swift's threads let most signals pass them by; the process' own gets them.
      kill(getpid(), number)
      while true { pause() }
    }
    Self.expectOwn(pty.end(reading))
    #expect(pty.modes == before)
  }

  @Test func `a bad address does, too`() async throws {
    let pty = try PseudoTerminal()
    let (before, path) = (pty.modes, pty.path)
    let reading = pty.startReading()
    await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
      try PseudoTerminal.takeOver(path: path, as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      terminal.draw(Screens.lines(["plain words"], terminal.size))
      UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    }
    Self.expectOwn(pty.end(reading))
    #expect(pty.modes == before)
  }

  @Test func `so does one that exits without a word`() async throws {
    let pty = try PseudoTerminal()
    let (before, path) = (pty.modes, pty.path)
    let reading = pty.startReading()
    await #expect(processExitsWith: .exitCode(3)) { [path = path as String] in
      try PseudoTerminal.takeOver(path: path, as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      terminal.draw(Screens.lines(["plain words"], terminal.size))
      exit(3)
    }
    Self.expectOwn(pty.end(reading))
    #expect(pty.modes == before)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func `a request to end is an event, and nothing is lost by it`(number: Int32) async {
    await #expect(processExitsWith: .success) { [number = number as Int32] in
      TerminalSignals.block()
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let before = pty.modes
      var events: [TerminalEvent] = []
      let output = try pty.emitted {
        let terminal = try NcursesTerminal(waker: Waker())
        terminal.draw(Screens.lines(["plain words"], terminal.size))
        raise(number)
        events = terminal.next(timeout: .seconds(20))
        terminal.close()
      }
      #expect(events == [number == SIGHUP ? .hungUp : .terminated])
      LeavingTests.expectOwn(output)
      #expect(pty.modes == before)
    }
  }

  @Test func `a window that is closed is an event, too`() async {
    await #expect(processExitsWith: .success) {
      TerminalSignals.block()
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      pty.closeWindow()
      let events = terminal.next(timeout: .seconds(20))
      #expect(events == [.hungUp], "\(events)")
      terminal.draw(Screens.dense(terminal.size))
      terminal.close()
    }
  }

  @Test func `stopped, the terminal is the shell's; continued, the screen is whole again`() async {
    await #expect(processExitsWith: .success) {
      TerminalSignals.block()
      // A job of its own: only this process is to stop.
      #expect(setpgid(0, 0) == 0)
      let pty = try PseudoTerminal()
      try pty.takeOver(as: "xterm-256color")
      let before = pty.modes
      let terminal = try NcursesTerminal(waker: Waker())
      let canvas = Screens.lines(["plain words"], terminal.size)
      let opened = pty.emitted { terminal.draw(canvas) }
      let during = pty.modes
      raise(SIGTSTP)
      #expect(terminal.next(timeout: .seconds(20)) == [.suspendAsked])
      let folder = FakeProgram.folder()
      defer { FakeProgram.remove(folder) }
      // Another job looks at the terminal while this one is stopped, and then lets it go on.
      try FakeProgram.write(
        """
        #!/bin/sh
        until grep -q ') T ' /proc/\(getpid())/stat; do :; done
        stty -a < \(pty.path) > \(folder)/modes
        kill -CONT \(getpid())
        """, as: folder + "/look")
      #expect(FakeProgram.start("setsid \(folder)/look") == 0)
      let stopped = pty.emitted { terminal.suspend() }
      let modes = try FakeProgram.read(folder + "/modes")
      #expect(
        modes.contains(" icanon") && modes.contains(" echo ") && !modes.contains("-isig")
      )
      // It stopped where it switched its modes off, and went on where it switched them on.
      let parts = stopped.split(separator: "\u{1B}[?2004h", maxSplits: 1)
      try #require(parts.count == 2)
      LeavingTests.expectOwn(opened + parts[0])
      #expect(pty.modes == during && during != before)
      let again = pty.emitted { terminal.draw(canvas) }
      #expect(again.contains("plain words"), "\(again.debugDescription)")
      let closed = pty.emitted { terminal.close() }
      LeavingTests.expectOwn(opened + stopped + again + closed)
      #expect(pty.modes == before)
    }
  }

  /// After those bytes no mode is on but those that a terminal starts with, and nothing stands on
  /// the other screen.
  private static func expectOwn(_ output: String) {
    var emulator = Emulator(columns: 80, rows: 24, erasesWithColor: false)
    emulator.receive(output)
    #expect(emulator.strange == [])
    #expect(emulator.modes == [7, 25], "\(emulator.modes): \(output.debugDescription)")
    #expect(output.contains("\u{1B}[?1049h"))
  }
}
