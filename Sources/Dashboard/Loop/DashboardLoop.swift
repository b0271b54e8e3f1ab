// The shell around the pure part: it waits, asks `update`, acts, and draws. One thread owns it.

package import BatchModel
package import Canvas
package import Resilience

/// What a dashboard's commands need from outside.
package struct DashboardPorts {
  package var clock: () -> Instant
  /// Starts what a command asks for and returns at once; results come through the inbox.
  package var perform: (DashboardCommand) -> Void
  /// The program and its arguments that show an item's newest log; `nil` when there is none.
  package var pager: (ItemID) -> [String]?
  /// Writes a part of an item's step to a private file; `nil` when the step has no such part.
  package var editor: (ItemID, Int, EditedPart) -> EditSession?
  /// Writes a screen's lines to a file and says where.
  package var writeScreen: ([String]) -> Message
  /// The theme of that name, or why it cannot be shown.
  package var theme: (String) -> Result<Theme, ThemeRefusal>
  /// The theme that is shown in its new form, when its file changed; asked once a second.
  package var changedTheme: () -> Result<Theme, ThemeRefusal>?
  package init(
    clock: @escaping () -> Instant, perform: @escaping (DashboardCommand) -> Void,
    pager: @escaping (ItemID) -> [String]?,
    editor: @escaping (ItemID, Int, EditedPart) -> EditSession? = { _, _, _ in nil },
    writeScreen: @escaping ([String]) -> Message,
    theme: @escaping (String) -> Result<Theme, ThemeRefusal> = { name in
      .failure(ThemeRefusal("there is no theme \(name)"))
    },
    changedTheme: @escaping () -> Result<Theme, ThemeRefusal>? = { nil }
  ) {
    self.clock = clock
    self.perform = perform
    self.pager = pager
    self.editor = editor
    self.writeScreen = writeScreen
    self.theme = theme
    self.changedTheme = changedTheme
  }
}

/// A text that waits to be edited.
package struct EditSession {
  /// The editor and its arguments.
  package var arguments: [String]
  /// Reads what the editor left, by its exit status, and takes the file away: `edited` when the text
  /// was changed, else a `notice`.
  package var finish: (Int32) -> Message
  package init(arguments: [String], finish: @escaping (Int32) -> Message) {
    self.arguments = arguments
    self.finish = finish
  }
}

/// Why a theme cannot be shown.
package struct ThemeRefusal: Error, Hashable, Sendable {
  package var text: String
  package init(_ text: String) { self.text = text }
}

/// Runs a dashboard on a terminal until the person leaves.
package struct DashboardLoop {
  private let terminal: any Terminal
  private let inbox: MessageInbox
  private let ports: DashboardPorts
  private var theme: Theme
  private let glyphs: GlyphSet
  private var model: DashboardModel
  private var drawnAt: Instant?
  private var pressedAt: Instant?
  private var themeCheckedAt: Instant?
  private var parting: Parting?

  package init(
    model: DashboardModel, terminal: any Terminal, inbox: MessageInbox, ports: DashboardPorts,
    theme: Theme, glyphs: GlyphSet
  ) {
    self.model = model
    self.terminal = terminal
    self.inbox = inbox
    self.ports = ports
    self.theme = theme
    self.glyphs = glyphs
  }

  /// News are shown at most ten times a second, twice when the window is not in front; what a key
  /// changes is shown at once.
  ///
  /// For a moment after a key most news are its answers (a page, a log), which a person waits for.
  private var framePause: Duration {
    if let pressedAt, pressedAt.duration(to: ports.clock()) < Self.answersTime {
      return .milliseconds(8)
    }
    return model.isTerminalFocused ? .milliseconds(100) : .milliseconds(500)
  }

  private static let answersTime = Duration.milliseconds(500)

  /// Returns how the person left; the caller closes the terminal.
  package mutating func run() -> Parting {
    for command in DashboardModel.firstCommands { ports.perform(command) }
    // The first look is a question like a key: its rows do not wait for the next tenth of a second.
    pressedAt = ports.clock()
    draw()
    var hasNews = false
    while true {
      // What plays goes on by itself; everything else waits for news, a key or the next second.
      let rest: Duration = model.isPlaying ? .milliseconds(100) : .seconds(1)
      let events = terminal.next(timeout: hasNews ? timeToNextFrame : rest)
      let news = inbox.takeAll()
      if events.contains(where: \.isPress) { pressedAt = ports.clock() }
      handle([.tick(ports.clock())] + events.compactMap(Self.message) + news)
      if let parting { return parting }
      checkTheme()
      for event in events { follow(event) }
      // Only news wait for their frame; whatever a person does, and every second, is shown now.
      let isNewsOnly = events.allSatisfy { $0 == .woken }
      if isNewsOnly, timeToNextFrame > .zero {
        hasNews = true
      } else {
        draw()
        hasNews = false
      }
    }
  }

  private var timeToNextFrame: Duration {
    guard let drawnAt else { return .zero }
    return max(.zero, framePause - drawnAt.duration(to: ports.clock()))
  }

  private mutating func draw() {
    drawnAt = ports.clock()
    terminal.draw(view(model, theme: theme, glyphs: glyphs))
  }

  private static func message(_ event: TerminalEvent) -> Message? {
    switch event {
    case .key(let key): .key(key)
    case .paste(let text): .paste(text)
    case .resized(let size): .resize(size)
    case .focused(let isFocused): .focus(isFocused)
    case .terminated, .hungUp: .terminate
    case .mouse(let event): .mouse(event)
    case .woken, .timedOut, .continued, .suspendAsked: nil
    }
  }

  private mutating func follow(_ event: TerminalEvent) {
    if event == .suspendAsked { suspend() }
    if event == .continued { terminal.redraw() }
  }

  private mutating func handle(_ messages: [Message]) {
    var commands: [DashboardCommand] = []
    for message in messages { commands += update(&model, message) }
    for command in Self.coalesced(commands) { perform(command) }
  }

  /// Of several pages, details or logs asked for in one turn only the last is wanted.
  static func coalesced(_ commands: [DashboardCommand]) -> [DashboardCommand] {
    var seen: Set<Int> = []
    let kept = commands.reversed().filter { command in
      let kind: Int
      switch command {
      case .fetchPage: kind = 1
      case .fetchDetail: kind = 2
      case .followLog, .stopLog: kind = 3
      case .setWatching: kind = 4
      case .fetchSpending: kind = 5
      case .fetchSamples: kind = 6
      case .fetchTab: kind = 7
      default: return true
      }
      return seen.insert(kind).inserted
    }
    return kept.reversed()
  }

  private mutating func perform(_ command: DashboardCommand) {
    switch command {
    case .quit(let parting): self.parting = parting
    case .redraw: terminal.redraw()
    case .suspend: suspend()
    case .openPager(let item): openPager(item)
    case .edit(let item, let step, let part): edit(item, step: step, part)
    case .writeScreen:
      let lines = view(model, theme: theme, glyphs: glyphs).lines
      handle([ports.writeScreen(lines)])
    case .setTheme(let name): show(themeNamed: name)
    case .setMouse(let isOn): handle([.mouseReported(terminal.setMouse(isOn), asked: isOn)])
    case .yank(let text, let what): yank(text, what)
    case .setTitle(let title): terminal.setTitle(title)
    case .alert(let text): terminal.alert(text)
    default: ports.perform(command)
    }
  }

  private mutating func suspend() {
    terminal.suspend()
    handle([.resize(terminal.size), .tick(ports.clock())])
  }

  private mutating func show(themeNamed name: String) { show(ports.theme(name)) }

  /// A theme that is edited while one looks at it; a broken one leaves what is shown.
  private mutating func checkTheme() {
    let now = ports.clock()
    if let themeCheckedAt, themeCheckedAt.duration(to: now) < .seconds(1) { return }
    themeCheckedAt = now
    ports.changedTheme().map { show($0) }
  }

  private mutating func show(_ theme: Result<Theme, ThemeRefusal>) {
    switch theme {
    case .success(let theme): self.theme = theme
    case .failure(let refusal): handle([.notice(refusal.text, isError: true)])
    }
  }

  private mutating func yank(_ text: String, _ what: String) {
    let isCopied = terminal.copy(text)
    handle([
      isCopied
        ? .notice("copied: \(what)", isError: false)
        : .notice("\(what) is too long to copy, or this terminal has no clipboard", isError: true)
    ])
  }

  private mutating func openPager(_ item: ItemID) {
    guard let arguments = ports.pager(item) else {
      handle([.notice("this item has no log yet", isError: false)])
      return
    }
    let status = terminal.run(arguments)
    handle([.resize(terminal.size), .tick(ports.clock())])
    guard status == 127 else { return }
    handle([.notice("\(arguments[0]) cannot be started; set PAGER", isError: true)])
  }
}

extension DashboardLoop {
  private mutating func edit(_ item: ItemID, step: Int, _ part: EditedPart) {
    guard let session = ports.editor(item, step, part) else {
      let what = part == .prompt ? "this step has no prompt to edit yet" : "no file can be written"
      handle([.notice(what, isError: false)])
      return
    }
    let status = terminal.run(session.arguments)
    handle([.resize(terminal.size), .tick(ports.clock()), session.finish(status)])
  }
}

extension TerminalEvent {
  fileprivate var isPress: Bool {
    switch self {
    case .key, .paste, .mouse: true
    default: false
    }
  }
}
