// The dashboard without a screen: sentences out, lines in. The model, its commands and its questions are
// the same.

import BatchModel
import Canvas
package import Resilience

/// A conversation with somebody who reads one line after another.
package struct PlainDialogue {
  private var model: DashboardModel
  private var announcer: Announcer
  private var toldToast: Toast?
  private var asked: Overlay?

  /// What is to be said, and what is to be done.
  package struct Turn: Hashable, Sendable {
    package var sentences: [String] = []
    package var commands: [DashboardCommand] = []
  }

  package init(now: Instant, zone: Zone, isReadOnly: Bool) {
    model = DashboardModel(
      size: Size(columns: 80, rows: 24), now: now, zone: zone, isReadOnly: isReadOnly)
    announcer = Announcer(zone: zone)
  }

  /// What to ask for before anything happened.
  package static let firstCommands: [DashboardCommand] = [.setWatching(.casually)]

  /// How a conversation begins.
  package static let greeting =
    "Type a command and enter: help lists them, quit leaves and the run goes on."

  /// Takes news.
  package mutating func take(_ message: Message) -> Turn {
    var turn = Turn()
    turn.commands = update(&model, message)
    if case .snapshot(let news) = message { turn.sentences = announcer.take(news) }
    turn.sentences += answers()
    return turn.withoutScreen
  }

  /// Takes a line: an answer to a question, a key of one letter, or a command of the palette.
  package mutating func take(line: String) -> Turn {
    let text = line.trimmed
    switch model.overlay {
    case .sheet(let sheet): return answer(text, sheet)
    case .prompt(var prompt):
      prompt.editor = LineEditor(text)
      model.overlay = .prompt(prompt)
      return press([.enter])
    default: break
    }
    if text.isEmpty { return Turn(sentences: [announcer.standing].compactMap { $0 }) }
    if text == "help" { return Turn(sentences: Self.help) }
    if text.unicodeScalars.count == 1, let letter = text.unicodeScalars.first {
      return press([.character(letter)])
    }
    model.overlay = .palette(Palette(text))
    var turn = press([.enter])
    if case .palette(let palette) = model.overlay {
      turn.sentences.append(palette.problem ?? "that cannot be done here")
    }
    // A list to choose from is no use without a screen.
    if !isAsking { model.overlay = nil }
    return turn
  }

  private var isAsking: Bool {
    switch model.overlay {
    case .sheet, .prompt: true
    default: false
    }
  }

  private mutating func answer(_ text: String, _ sheet: Sheet) -> Turn {
    let keys = text.unicodeScalars.map(Key.character)
    // Nothing typed is No, as every key but the choices is.
    let isCount = sheet.countToType != nil
    return press(isCount ? keys + [.enter] : Array(keys.prefix(1)) + (keys.isEmpty ? [.enter] : []))
  }

  private mutating func press(_ keys: [Key]) -> Turn {
    var turn = Turn()
    for key in keys { turn.commands += update(&model, .key(key)) }
    turn.sentences = answers()
    return turn.withoutScreen
  }

  /// Words to the person that were not told yet: toasts, and a question with its answers.
  private mutating func answers() -> [String] {
    var sentences: [String] = []
    if let toast = model.toast, toast != toldToast { sentences.append(toast.text) }
    toldToast = model.toast
    guard isAsking else {
      asked = nil
      return sentences
    }
    guard model.overlay != asked else { return sentences }
    asked = model.overlay
    return sentences + question
  }

  private var question: [String] {
    switch model.overlay {
    case .prompt(let prompt): [prompt.problem ?? "\(prompt.label) (\(prompt.hint))"]
    case .sheet(let sheet): [sheet.question] + sheet.lines + [Self.choices(of: sheet)]
    default: []
    }
  }

  private static func choices(of sheet: Sheet) -> String {
    if let count = sheet.countToType { return "type \(count) for yes, anything else is No" }
    let choices = sheet.choices.map { "\(Character($0.key)) for \($0.label)" }
    return "type " + choices.joined(separator: ", ") + "; anything else is No"
  }

  private static var help: [String] {
    PaletteTable.all.map { "\($0.usage): \($0.about)" }
      + ["a letter alone is the key of the dashboard; an empty line says where the run stands"]
  }
}

extension PlainDialogue.Turn {
  /// What only a screen can do is said instead, with the command that does it here.
  fileprivate var withoutScreen: Self {
    var turn = self
    turn.commands = []
    for command in commands {
      if let sentence = Self.sentence(inPlaceOf: command) {
        turn.sentences.append(sentence)
      } else {
        turn.commands.append(command)
      }
    }
    return turn
  }

  private static func sentence(inPlaceOf command: DashboardCommand) -> String? {
    switch command {
    case .fetchEditable, .edit:
      "editing needs the screen; here: footplate retry ITEM --prompt-file FILE --param NAME=VALUE"
    case .openPager: "the pager needs the screen; here: footplate logs ITEM"
    case .writeScreen, .setTheme, .setMouse, .yank: "that needs the screen"
    default: nil
    }
  }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
