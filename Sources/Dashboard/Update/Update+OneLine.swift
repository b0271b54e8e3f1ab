// Keys where there is room for one line: apart, because nothing may be acted on that is not seen.

import BatchModel
import Canvas

extension DashboardModel {
  /// Why a key does nothing while one line is all that is shown; `nil` when it works there too.
  func refusalInLine(of key: Key) -> String? {
    guard let overlay else {
      guard let binding = keyMap.binding(for: key, in: focus, ofPast: past != nil),
        !binding.intent.worksInLine, binding.group != .past
      else { return nil }
      return "window too small for \(key.name) \(binding.name)"
    }
    switch key {
    case .escape, .control("c"), .control("l"), .control("z"): return nil
    default: return "window too small for \(overlay.word): esc closes it"
    }
  }
}

extension Intent {
  /// Whether it needs no more of the screen than a line.
  fileprivate var worksInLine: Bool {
    switch self {
    case .quit, .interrupt, .suspend, .redraw, .writeScreen, .mouse, .back, .takeBack: true
    default: false
    }
  }
}

extension Overlay {
  /// What is in front, for a sentence.
  fileprivate var word: String {
    switch self {
    case .help: "the help"
    case .sheet: "the question"
    case .filter, .search, .prompt, .palette: "what is typed"
    case .away: "what happened"
    case .menu, .themes: "the list"
    }
  }
}
