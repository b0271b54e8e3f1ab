// Keys while something lies over the panels: help, questions, typing.

import BatchModel
import Canvas

extension DashboardModel {
  mutating func press(_ key: Key, on overlay: Overlay) -> [DashboardCommand] {
    // Leaving and redrawing work everywhere.
    if key == .control("c") { return [.quit(.interrupted)] }
    if key == .control("l") { return [.redraw] }
    if key == .control("z") { return [.suspend] }
    switch overlay {
    case .help(let top): scrollHelp(key, from: top)
    case .sheet(let sheet): return press(key, on: sheet)
    case .filter(let editor, _): return type(key, intoFilter: editor)
    case .search(let editor): type(key, intoSearch: editor)
    case .prompt(let prompt): return type(key, into: prompt)
    case .away(let report): return press(key, onAway: report)
    case .palette(let palette): return type(key, into: palette)
    case .menu(let menu): return press(key, on: menu)
    case .themes(let picker): return press(key, on: picker)
    }
    return []
  }

  private mutating func scrollHelp(_ key: Key, from top: Int) {
    let page = max(1, size.rows - 6)
    let last = max(0, HelpText.lines(self).count - page)
    let next: Int
    switch key {
    case .character("j"), .down: next = top + 1
    case .character("k"), .up: next = top - 1
    case .pageDown, .character(" "), .control("d"), .control("f"): next = top + page
    case .pageUp, .control("u"), .control("b"): next = top - page
    case .character("g"), .home: next = 0
    case .character("G"), .end: next = last
    default:
      overlay = nil
      return
    }
    overlay = .help(top: min(last, max(0, next)))
  }

  private mutating func press(_ key: Key, on sheet: Sheet) -> [DashboardCommand] {
    if let count = sheet.countToType { return type(key, count: count, into: sheet) }
    overlay = nil
    let choice = sheet.choices.first { key == .character($0.key) }
    guard let choice else {
      if !sheet.choices.isEmpty { say("nothing was done") }
      return []
    }
    return submit(choice.deed)
  }

  private mutating func type(_ key: Key, count: Int, into sheet: Sheet) -> [DashboardCommand] {
    var sheet = sheet
    // The choices beside the one that is typed for mean few items.
    if let choice = sheet.choices.dropFirst().first(where: { key == .character($0.key) }) {
      overlay = nil
      return submit(choice.deed)
    }
    if key == .enter {
      overlay = nil
      guard sheet.typed.text == String(count), let choice = sheet.choices.first else {
        say("nothing was done: the count was not typed")
        return []
      }
      return submit(choice.deed)
    }
    let isDigit =
      if case .character(let scalar) = key { ("0"..."9").contains(scalar) } else { true }
    if isDigit, sheet.typed.take(key) {
      overlay = .sheet(sheet)
    } else {
      overlay = nil
      say("nothing was done")
    }
    return []
  }

  mutating func openFilter() -> [DashboardCommand] {
    overlay =
      focus == .item
      ? .search(LineEditor(replacing: log.search))
      : .filter(LineEditor(replacing: queue.filterText), problem: nil)
    return []
  }

  private mutating func type(_ key: Key, intoFilter editor: LineEditor) -> [DashboardCommand] {
    var editor = editor
    if key == .escape {
      overlay = nil
      return []
    }
    guard key == .enter else {
      if editor.take(key) { overlay = .filter(editor, problem: nil) }
      return []
    }
    do throws(FilterSyntax.Problem) {
      queue.filter = try FilterSyntax.parse(editor.text, groups: groups, steps: steps)
    } catch {
      overlay = .filter(editor, problem: error.description)
      return []
    }
    queue.filterText = editor.text
    overlay = nil
    focus = .queue
    return reloadQueue()
  }

  private mutating func type(_ key: Key, intoSearch editor: LineEditor) {
    var editor = editor
    switch key {
    case .escape: overlay = nil
    case .enter:
      overlay = nil
      log.search = editor.text
      item.found = nil
      if !editor.text.isEmpty { searchItem(forward: true) }
    default: if editor.take(key) { overlay = .search(editor) }
    }
  }
}
