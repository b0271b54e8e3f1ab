// What a screen asks of the window around it: its mouse, name, clipboard and notifications.

import Canvas
import Glibc
import NcursesTerminal
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct WindowTests {
  /// The same three deeds in each encoding: a press and a release at row 4, column 9, a wheel's
  /// notch at the top left.
  static let mice = [
    ["xterm-256color", "\u{1B}[<0;10;5M\u{1B}[<0;10;5m\u{1B}[<65;1;1M"],
    ["tmux-256color", "\u{1B}[M *%\u{1B}[M#*%\u{1B}[Ma!!"],
  ]

  @Test(arguments: mice)
  func `the mouse is reported when it is asked for, in order`(mouse: [String]) async {
    await #expect(processExitsWith: .success) { [mouse] in
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: mouse[0])
      var isOn = false
      let on = pty.emitted { isOn = terminal.setMouse(true) }
      #expect(isOn)
      #expect(on.contains("?1000h") || on.contains("?1006;1000h"), "\(on.debugDescription)")
      pty.type(mouse[1] + "x")
      #expect(
        terminal.events(untilKey: "x") == [
          .mouse(MouseEvent(.press(.left), row: 4, column: 9)),
          .mouse(MouseEvent(.release(.left), row: 4, column: 9)),
          .mouse(MouseEvent(.wheelDown, row: 0, column: 0)), .key(.character("x")),
        ])
      let off = pty.emitted { isOn = terminal.setMouse(false) }
      #expect(!isOn)
      #expect(off.contains("?1000l") || off.contains("?1006;1000l"), "\(off.debugDescription)")
    }
  }

  @Test func `the mouse is the program's while one has the terminal, and ours again after it`()
    async
  {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: "xterm-256color")
      terminal.setMouse(true)
      let during = pty.emitted { _ = terminal.run(["true"]) }
      #expect(during.contains("1000l"), "\(during.debugDescription)")
      let after = pty.emitted { terminal.draw(Screens.lines(["plain words"], terminal.size)) }
      #expect((during + after).hasEnded(with: "1000h", over: "1000l"))
      let closed = pty.emitted { terminal.close() }
      #expect(closed.contains("1000l") && !closed.contains("1000h"), "\(closed.debugDescription)")
    }
  }

  @Test(arguments: ["vt100", "linux"])
  func `a terminal without a window gets its bell, and nothing that it might print`(type: String)
    async
  {
    await #expect(processExitsWith: .success) { [type] in
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: type)
      var (isCopied, hasMouse) = (true, true)
      let output = pty.emitted {
        terminal.setTitle("batch")
        isCopied = terminal.copy("text")
        hasMouse = terminal.setMouse(true)
        terminal.alert("done")
      }
      #expect(output == "\u{7}" && !isCopied && !hasMouse, "\(output.debugDescription)")
      let closed = pty.emitted { terminal.close() }
      #expect(!closed.contains("\u{1B}]"))
    }
  }

  @Test func `the window's name is ours for as long as the terminal is`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: "tmux-256color")
      let first = pty.emitted { terminal.setTitle("run 41% \u{1B}]0;x\u{7}\u{202E}é") }
      #expect(first == "\u{1B}[22;2t\u{1B}]2;run 41% ?]0;x???\u{7}", "\(first.debugDescription)")
      let again = pty.emitted { terminal.setTitle("run 41% \u{1B}]0;x\u{7}\u{202E}é") }
      #expect(again == "")
      let second = pty.emitted { terminal.setTitle(String(repeating: "a", count: 5000)) }
      #expect(second.utf8.count == 120 + 5)

      let during = pty.emitted { _ = terminal.run(["true"]) }
      #expect(during.contains("\u{1B}]2;\u{7}\u{1B}[23;2t"), "\(during.debugDescription)")
      #expect(during.contains("\u{1B}[22;2t\u{1B}]2;aaa"), "\(during.debugDescription)")
      let closed = pty.emitted { terminal.close() }
      #expect(closed.hasPrefix("\u{1B}[?2026l"), "\(closed.debugDescription)")
      #expect(closed.contains("\u{1B}]2;\u{7}\u{1B}[23;2t"), "\(closed.debugDescription)")
      let late = pty.emitted { terminal.setTitle("late") }
      #expect(late == "")
    }
  }

  @Test func `what is copied is base64, whatever it holds, and has an end`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: "xterm-256color")
      var isTaken = false
      let output = pty.emitted { isTaken = terminal.copy("\u{1B}]0;x\u{7}é\n") }
      #expect(isTaken)
      #expect(output == "\u{1B}]52;c;G10wO3gHw6kK\u{7}", "\(output.debugDescription)")
      let most = String(repeating: "a", count: 74_994)
      let whole = pty.emitted { isTaken = terminal.copy(most) }
      #expect(whole.utf8.count == 99_992 + 8 && isTaken)
      let none = pty.emitted { isTaken = terminal.copy(most + "a") }
      #expect(none == "" && !isTaken)
    }
  }

  @Test func `inside GNU Screen what is copied is handed through in pieces`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: "screen-256color", ["STY": "1.pts-0.host"])
      let text = String(repeating: "a", count: 1000)
      let output = pty.emitted { _ = terminal.copy(text) }
      let pieces = output.split(separator: "\u{1B}\\")
      let longest = pieces.map(\.utf8.count).max() ?? 0
      #expect(longest < 768)
      let joined = pieces.map { $0.dropFirst(2) }.joined()
      #expect(joined.hasPrefix("\u{1B}]52;c;YWFh") && joined.hasSuffix("\u{7}"))
      #expect(joined.utf8.count == 1336 + 8)
    }
  }

  @Test(arguments: [0, 1])
  func `inside tmux its own command takes what is copied, or else the sequence goes out`(
    status: Int32
  ) async {
    await #expect(processExitsWith: .success) { [status] in
      let pty = try PseudoTerminal()
      let folder = FakeProgram.folder()
      let copied = folder + "/copied"
      try FakeProgram.write(
        "#!/bin/sh\necho \"$@\" > \(copied); cat >> \(copied); exit \(status)", as: folder + "/tmux"
      )
      defer { FakeProgram.remove(folder) }
      let variables = ["PATH": folder + ":/usr/bin:/bin", "TMUX": "/tmp/tmux-0/default,1,0"]
      let terminal = try pty.openTerminal(as: "tmux-256color", variables)
      let output = pty.emitted { _ = terminal.copy("two\nlines") }
      #expect(try FakeProgram.read(copied) == "load-buffer -w -\ntwo\nlines")
      #expect(output == (status == 0 ? "" : "\u{1B}]52;c;dHdvCmxpbmVz\u{7}"))
      // A copy is as large as it may be, and the program reads none of it.
      try FakeProgram.write("#!/bin/sh\nexit \(status)", as: folder + "/tmux")
      let most = String(repeating: "a", count: 74_994)
      let late = pty.emitted { _ = terminal.copy(most) }
      #expect(late.isEmpty == (status == 0))
    }
  }

  @Test func `an alert rings, and says what it is about in printable ASCII`() async {
    await #expect(processExitsWith: .success) {
      let pty = try PseudoTerminal()
      let terminal = try pty.openTerminal(as: "xterm-256color")
      let bell = pty.emitted { terminal.alert(nil) }
      #expect(bell == "\u{7}")
      let output = pty.emitted { terminal.alert("4;3;done\u{7}\u{1B}\\ 日") }
      #expect(output == "\u{7}\u{1B}]9;4,3,done??\\ ?\u{7}", "\(output.debugDescription)")
    }
  }

  @Test func `a crash gives the mouse and the window's name back`() async throws {
    let pty = try PseudoTerminal()
    let path = pty.path
    let reading = pty.startReading()
    await #expect(processExitsWith: .signal(SIGABRT)) { [path = path as String] in
      try PseudoTerminal.takeOver(path: path, as: "xterm-256color")
      let terminal = try NcursesTerminal(waker: Waker())
      terminal.draw(Screens.lines(["plain words"], terminal.size))
      terminal.setTitle("batch")
      terminal.setMouse(true)
      abort()
    }
    let output = pty.end(reading)
    #expect(output.hasEnded(with: "\u{1B}[23;2t", over: "\u{1B}]2;batch"))
    #expect(output.hasEnded(with: "\u{1B}[?1000l", over: "1000h"), "\(output.debugDescription)")
    #expect(output.hasEnded(with: "\u{1B}[?1006l", over: "?1006;"))
  }
}

extension PseudoTerminal {
  /// A terminal that shows something; what that took is not looked at again.
  fileprivate func openTerminal(
    as type: String, _ variables: [String: String] = [:]
  ) throws -> NcursesTerminal {
    try takeOver(as: type)
    for (name, value) in variables { setenv(name, value, 1) }
    var terminal: NcursesTerminal?
    let opening = try emitted {
      let own = try NcursesTerminal(waker: Waker())
      own.draw(Screens.lines(["plain words"], own.size))
      terminal = own
    }
    #expect(!opening.contains("?1000") && !opening.contains("\u{1B}]"), "only when asked for")
    return try #require(terminal)
  }
}

extension NcursesTerminal {
  /// All that happened until a key was pressed.
  fileprivate func events(untilKey key: Unicode.Scalar) -> [TerminalEvent] {
    var events: [TerminalEvent] = []
    while !events.contains(.key(.character(key))) {
      let next = next(timeout: .seconds(20))
      guard next != [.timedOut] else { break }
      events += next
    }
    return events
  }
}

extension String {
  /// Both were said, and `last` after `first`.
  fileprivate func hasEnded(with last: String, over first: String) -> Bool {
    guard let end = ranges(of: last).last, let start = ranges(of: first).last else { return false }
    return start.upperBound <= end.lowerBound
  }
}
