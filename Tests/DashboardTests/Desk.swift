// A dashboard at a fake run: keystrokes in, the screen and the commands out.

import BatchModel
import Canvas
import Dashboard
import Resilience

/// A person in front of a dashboard.
struct Desk {
  var model: DashboardModel
  var run: FakeRun
  var theme = Theme.mono
  var glyphs = GlyphSet.unicode
  /// What was asked for since the last look, in order.
  private(set) var commands: [DashboardCommand] = []
  /// How often it was said that somebody looks.
  private(set) var marks = 0
  /// The palette's lines that were to be kept.
  private(set) var typed: [String] = []
  /// Where the client is in the run's past.
  var past: FakePast?
  /// The window's title that the first snapshot gave.
  private(set) var titleAtStart = ""
  /// Answers are held back while this is false.
  var answers = true

  init(
    _ columns: Int = 80, _ rows: Int = 24, run: FakeRun = FakeRun(count: 1000),
    isReadOnly: Bool = false
  ) {
    self.run = run
    model = DashboardModel(
      size: Size(columns: columns, rows: rows), now: FakeRun.now, isReadOnly: isReadOnly)
    model.themes = ["default", "dark", "light"]
    model.theme = "default"
    send(.snapshot(run.snapshot()))
    if let away = run.away { send(.away(away)) }
    titleAtStart =
      commands.lazy.compactMap { if case .setTitle(let text) = $0 { text } else { nil } }.first
      ?? ""
    commands = []
  }

  /// Takes a message in and answers what it asks for as a client would.
  mutating func send(_ message: Message) {
    let asked = update(&model, message)
    // Every key is told to the store; tests of that say so themselves.
    for command in asked {
      switch command {
      case .markSeen: marks += 1
      case .noteTyped(let line): typed.append(line)
      default: commands.append(command)
      }
    }
    guard answers else { return }
    for command in asked { answer(command) }
  }

  private mutating func answer(_ command: DashboardCommand) {
    if let answers = FakePast.answers(to: command, &past, run) {
      for answer in answers { send(answer) }
      return
    }
    switch command {
    case .fetchPage(let query): send(.page(run.page(query), for: query))
    case .fetchDetail(let id): send(.detail(run.detail(id), for: id))
    case .fetchTab(let id, let tab): send(.tab(id, tab, run.text(of: id, tab)))
    case .fetchSamples(let signature, let limit):
      send(.samples(run.samples(of: signature, limit: limit), of: signature))
    case .fetchEditable(let id, let step): send(.editable(id, step: step, run.editable))
    case .fetchAway: if let away = run.away { send(.away(away)) }
    case .followLog(let id): send(.log(run.log(id)))
    case .submit(_, _, let token): send(.submitted(token: token, .accepted(request: "r\(token)")))
    case .collectMarks(let query, let limit):
      var query = query
      query.limit = limit
      let page = run.page(query)
      let items = page.rows.map { MarkedItem(id: $0.id, key: $0.key) }
      send(.marked(items, for: query.filter, isComplete: !page.hasLater))
    default: break
    }
  }

  /// Presses keys: letters as they are, others by name in angle brackets.
  mutating func press(_ keys: String) {
    commands = []
    for key in Self.keys(keys) { send(.key(key)) }
  }

  /// Lets time pass, with the news of that moment.
  mutating func wait(_ duration: Duration) {
    let now = model.now.advanced(by: duration)
    send(.tick(now))
    send(.snapshot(run.snapshot(at: now)))
  }

  var canvas: Canvas { view(model, theme: theme, glyphs: glyphs) }
  var screen: String { canvas.lines.joined(separator: "\n") }

  private static let named: [String: Key] = [
    "enter": .enter, "esc": .escape, "tab": .tab, "backtab": .backTab, "space": .character(" "),
    "pgdn": .pageDown, "pgup": .pageUp, "bs": .backspace, "lt": .character("<"),
    "gt": .character(">"), "left": .left, "right": .right, "up": .up, "down": .down,
  ]

  static func keys(_ text: String) -> [Key] {
    var keys: [Key] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">") {
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        if let key = named[name] { keys.append(key) }
        if name.hasPrefix("c-"), let letter = name.unicodeScalars.last {
          keys.append(.control(letter))
        }
        rest = rest[rest.index(after: end)...]
      } else {
        keys += first.unicodeScalars.map(Key.character)
        rest = rest.dropFirst()
      }
    }
    return keys
  }
}
