// The loop around the pure part, on a terminal that is a script.

import BatchModel
import Canvas
import Dashboard
import Resilience
import Testing

/// A terminal that plays events and keeps what was drawn.
private final class ScriptedTerminal: Terminal {
  var script: [[TerminalEvent]]
  var size = Size(columns: 80, rows: 24)
  private(set) var frames: [Canvas] = []
  private(set) var deeds: [String] = []
  /// Called before each wait, with the number of waits so far.
  var beforeNext: (Int) -> Void = { _ in }
  private var waits = 0

  init(_ script: [[TerminalEvent]]) { self.script = script }

  func next(timeout: Duration?) -> [TerminalEvent] {
    beforeNext(waits)
    waits += 1
    return script.isEmpty ? [.hungUp] : script.removeFirst()
  }
  func draw(_ canvas: Canvas) { if frames.last != canvas { frames.append(canvas) } }
  func redraw() { deeds.append("redraw") }
  func suspend() { deeds.append("suspend") }
  func run(_ arguments: [String]) -> Int32 {
    deeds.append("run " + arguments.joined(separator: " "))
    return arguments.first == "missing" ? 127 : 0
  }
  func close() { deeds.append("close") }
  func setMouse(_ isOn: Bool) -> Bool {
    deeds.append("mouse \(isOn)")
    return isOn
  }
  func setTitle(_ title: String) { deeds.append("title \(title)") }
  func copy(_ text: String) -> Bool {
    deeds.append("copy \(text)")
    return text.utf8.count < 30
  }
  func alert(_ text: String?) { deeds.append("alert \(text ?? "")") }
}

/// What the ports were asked; only ever touched by the test's own thread.
private final class Record {
  var commands: [DashboardCommand] = []
  var written: [String] = []
  var time = FakeRun.now
}

@Suite struct LoopTests {
  private func run(
    _ terminal: ScriptedTerminal, _ record: Record, inbox: MessageInbox, pager: [String]? = ["less"]
  ) -> Parting {
    let ports = DashboardPorts(
      clock: { record.time }, perform: { record.commands.append($0) }, pager: { _ in pager },
      writeScreen: { lines in
        record.written = lines
        return .notice("written", isError: false)
      })
    var loop = DashboardLoop(
      model: DashboardModel(size: terminal.size, now: record.time), terminal: terminal,
      inbox: inbox, ports: ports, theme: .mono, glyphs: .unicode)
    return loop.run()
  }

  private func news(_ inbox: MessageInbox) {
    let run = FakeRun(count: 1000)
    inbox.post(.snapshot(run.snapshot()))
    inbox.post(.page(run.page(ItemQuery(limit: 40)), for: ItemQuery(limit: 40)))
  }

  @Test func `keys become commands, and q returns`() {
    let terminal = ScriptedTerminal([[.woken], [.key(.character("j"))], [.key(.character("q"))]])
    let record = Record()
    let inbox = MessageInbox {}
    news(inbox)
    #expect(run(terminal, record, inbox: inbox) == .detached)
    #expect(record.commands.first == .setWatching(.closely))
    #expect(record.commands.contains(.followLog(ItemID(2))))
    #expect(terminal.frames.last?.line(6).hasPrefix(" ▸ FAIL") == true)
  }

  @Test func `a lost terminal ends it`() {
    #expect(run(ScriptedTerminal([]), Record(), inbox: MessageInbox {}) == .terminated)
  }

  @Test func `news wait for their frame, keys do not`() {
    let terminal = ScriptedTerminal([
      [.timedOut], [.woken], [.woken], [.key(.character("?"))], [.timedOut],
    ])
    let record = Record()
    let inbox = MessageInbox {}
    var drawn: [Int] = []
    terminal.beforeNext = { wait in
      drawn.append(terminal.frames.count)
      if (1...2).contains(wait) { self.news(inbox) }
      record.time = record.time.advanced(by: .milliseconds(wait == 0 ? 1000 : 10))
    }
    _ = run(terminal, record, inbox: inbox)
    // The first frame; nothing for the news within 100 ms; one for the key.
    #expect(drawn.prefix(5) == [1, 1, 1, 1, 2])
  }

  @Test func `the first rows are shown as soon as they come`() {
    let terminal = ScriptedTerminal([[.woken], [.woken], [.timedOut]])
    let record = Record()
    let inbox = MessageInbox {}
    var drawn: [Int] = []
    terminal.beforeNext = { wait in
      drawn.append(terminal.frames.count)
      if wait == 0 { inbox.post(.snapshot(FakeRun(count: 1000).snapshot())) }
      if wait == 1 { self.answer(record.commands, inbox) }
      record.time = record.time.advanced(by: .milliseconds(10))
    }
    _ = run(terminal, record, inbox: inbox)
    #expect(drawn.prefix(3) == [1, 2, 3])
    #expect(terminal.frames[2].line(5).hasPrefix(" ▸ FAIL   Sources/Auth"))
  }

  @Test func `what a key asked for is shown when it comes, later news wait again`() {
    let terminal = ScriptedTerminal([
      [.woken], [.timedOut], [.key(.character("G"))], [.woken], [.timedOut], [.woken], [.timedOut],
    ])
    let record = Record()
    let inbox = MessageInbox {}
    var drawn: [Int] = []
    terminal.beforeNext = { wait in
      drawn.append(terminal.frames.count)
      // The run's news come before the first wait, the answer after the key, other news much later.
      if wait == 0 { self.news(inbox) }
      if wait == 3 { self.answer(record.commands, inbox) }
      if wait == 5 { inbox.post(.snapshot(FakeRun(count: 2000).snapshot())) }
      let pause: Duration = wait == 4 ? .milliseconds(600) : .milliseconds(10)
      record.time = record.time.advanced(by: pause)
    }
    _ = run(terminal, record, inbox: inbox)
    #expect(drawn[4] == drawn[3] + 1, "the page, 10 ms after the key")
    #expect(terminal.frames[drawn[4] - 1].line(13).hasPrefix(" ▸ done   Sources/File999.swift"))
    #expect(drawn[6] == drawn[5], "a snapshot 10 ms after a frame")
    #expect(drawn[7] == drawn[6] + 1)
  }

  private func answer(_ commands: [DashboardCommand], _ inbox: MessageInbox) {
    for case .fetchPage(let query) in commands.suffix(3) {
      inbox.post(.page(FakeRun(count: 1000).page(query), for: query))
    }
  }

  @Test func `many steps in one turn ask for one detail and one log`() {
    let down = TerminalEvent.key(.character("j"))
    let terminal = ScriptedTerminal([[.woken], [down, down, down, down]])
    let record = Record()
    let inbox = MessageInbox {}
    news(inbox)
    _ = run(terminal, record, inbox: inbox)
    #expect(
      record.commands.filter { if case .followLog = $0 { true } else { false } } == [
        .followLog(ItemID(1)), .followLog(ItemID(5)),
      ])
  }

  @Test func `the terminal's own commands are done here`() {
    let keys: [Key] = [.character("w"), .control("l"), .control("z"), .character("o")]
    let terminal = ScriptedTerminal([[.woken], keys.map(TerminalEvent.key), [.suspendAsked]])
    let record = Record()
    let inbox = MessageInbox {}
    news(inbox)
    _ = run(terminal, record, inbox: inbox)
    #expect(terminal.deeds.dropFirst() == ["redraw", "suspend", "run less", "suspend"])
    #expect(record.written.count == 24)
  }

  @Test func `mouse, clipboard, title and alerts are the terminal's`() {
    let terminal = ScriptedTerminal([
      [.woken], [.key(.character("m"))],
      [.mouse(MouseEvent(.press(.left), row: 6, column: 20))], [.key(.character("y"))],
      [.key(.character("2")), .key(.character("y"))], [.focused(false)], [.woken],
    ])
    let record = Record()
    let inbox = MessageInbox {}
    news(inbox)
    terminal.beforeNext = { wait in
      record.time = record.time.advanced(by: .seconds(1))
      guard wait == 6 else { return }
      var run = FakeRun(count: 1000)
      run.state = .finished
      inbox.post(.snapshot(run.snapshot()))
    }
    _ = run(terminal, record, inbox: inbox)
    #expect(
      terminal.deeds == [
        "title footplate: document-modules 10% 4 failed", "mouse true",
        "copy Sources/Net/Pool.swift", "copy check lint: <n>:<n> line too long",
        "alert document-modules: finished, 4 failed",
      ])
    let lines = terminal.frames.map { $0.line(22) }
    #expect(lines.contains("copied: Sources/Net/Pool.swift"))
    #expect(lines.contains { $0.hasPrefix("G-07's signature is too long to copy") })
  }

  @Test func `a theme is shown at once, and again when its file changes`() {
    let dark = Theme(name: "dark", styles: [.title: CellStyle(attributes: .underline)])
    let light = Theme(name: "light", styles: [.title: CellStyle(attributes: .dim)])
    let keys = ":theme dark\n".unicodeScalars.map {
      TerminalEvent.key($0 == "\n" ? .enter : .character($0))
    }
    let terminal = ScriptedTerminal([[.woken], keys, [.timedOut], [.timedOut]])
    let record = Record()
    let inbox = MessageInbox {}
    news(inbox)
    var changes: [Result<Theme, ThemeRefusal>?] = [
      nil, nil, .success(light), .failure(ThemeRefusal("dark.yaml:1:1: no role 'x'")),
    ]
    terminal.beforeNext = { _ in record.time = record.time.advanced(by: .seconds(2)) }
    var model = DashboardModel(size: terminal.size, now: record.time)
    model.themes = ["dark"]
    let ports = DashboardPorts(
      clock: { record.time }, perform: { _ in }, pager: { _ in nil },
      writeScreen: { _ in .notice("", isError: false) },
      theme: { $0 == "dark" ? .success(dark) : .failure(ThemeRefusal("none")) },
      changedTheme: { changes.isEmpty ? nil : changes.removeFirst() })
    var loop = DashboardLoop(
      model: model, terminal: terminal, inbox: inbox, ports: ports, theme: .mono, glyphs: .unicode)
    _ = loop.run()
    let titles = terminal.frames.map { $0[0, 0].style.attributes }
    #expect(titles.contains(.underline))
    #expect(titles.last == .dim)
    #expect(terminal.frames.last?.line(22) == "dark.yaml:1:1: no role 'x'")
  }

  @Test func `the editor's text comes back as a question, and a step without a prompt says so`() {
    let session = EditSession(arguments: ["vi", "prompt.md"]) { status in
      status == 0
        ? .edited(ItemID(1), step: 0, prompt: "Be brief.") : .notice("left", isError: false)
    }
    for (session, words) in [(session, "with the changed prompt?"), (nil, "no prompt to edit")] {
      let terminal = ScriptedTerminal([[.woken], [.key(.character("E"))], [.woken], [.timedOut]])
      let inbox = MessageInbox {}
      news(inbox)
      var loop = DashboardLoop(
        model: DashboardModel(size: terminal.size, now: FakeRun.now), terminal: terminal,
        inbox: inbox,
        ports: DashboardPorts(
          clock: { FakeRun.now },
          perform: { command in
            guard case .fetchEditable(let item, let step) = command else { return }
            let editable = Editable(hasPrompt: true, params: nil)
            inbox.post(.editable(item, step: step, editable))
          },
          pager: { _ in nil },
          editor: { _, _, _ in session }, writeScreen: { _ in .notice("", isError: false) }),
        theme: .mono, glyphs: .unicode)
      _ = loop.run()
      #expect(terminal.frames.last?.lines.contains { $0.contains(words) } == true)
      #expect(terminal.deeds.contains("run vi prompt.md") == (session != nil))
    }
  }

  @Test func `a pager that is missing, or has nothing to show, is said`() {
    for (pager, words) in [(["missing"], "missing cannot be started"), (nil, "has no log yet")] {
      let terminal = ScriptedTerminal([[.woken], [.key(.character("o"))], [.timedOut]])
      let inbox = MessageInbox {}
      news(inbox)
      _ = run(terminal, Record(), inbox: inbox, pager: pager)
      #expect(terminal.frames.last?.line(22).contains(words) == true)
    }
  }

  @Test func `an unseen snapshot is replaced, and a log that is too fast has to wait`() {
    let inbox = MessageInbox {}
    let run = FakeRun(count: 10)
    inbox.post(.snapshot(run.snapshot()))
    inbox.post(.snapshot(run.snapshot(at: FakeRun.now.advanced(by: .seconds(1)))))
    #expect(inbox.takeAll().count == 1)
    let piece = Message.log(run.log(ItemID(1)))
    let taken = (0..<1000).filter { _ in inbox.post(piece) }
    #expect(taken.count == MessageInbox.logPiecesMax)
    #expect(inbox.post(.notice("never lost", isError: false)))
  }
}
