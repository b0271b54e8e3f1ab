// Every key of the dashboard. Lower case looks, upper case acts; nothing that changes the run sits
// on a Ctrl or function key.

import Canvas

/// The key table.
package enum BindingTable {
  /// In the order of the help.
  package static let all: [Binding] =
    moving + viewing + finding + selecting + acting + replaying
    + leaving

  private static let lists: Set<PanelID> = [.queue, .failures]

  private static let tabs = ItemTab.allCases.map(\.rawValue).joined(separator: ", ")

  private static let moving: [Binding] = [
    Binding([.character("j"), .down], .down, "down", "next row or line", .move),
    Binding([.character("k"), .up], .up, "up", "previous row or line", .move),
    Binding([.control("d")], .halfPageDown, "half down", "half a page down", .move),
    Binding([.control("u")], .halfPageUp, "half up", "half a page up", .move),
    Binding([.pageDown, .control("f")], .pageDown, "page down", "a page down", .move),
    Binding([.pageUp, .control("b")], .pageUp, "page up", "a page up", .move),
    Binding([.character("g"), .home], .first, "first", "the first row or line", .move),
    Binding([.character("G"), .end], .last, "last", "the last row or line", .move),
    Binding(
      [.character("h"), .left], .left, "left", "tab back: \(tabs)", .move),
    Binding(
      [.character("l"), .right], .right, "right", "next tab: \(tabs)", .move),
    Binding([.tab], .nextPanel, "panel", "next panel", .move, hint: 8),
    Binding([.backTab], .previousPanel, "panel", "previous panel", .move),
    Binding([.character("1")], .panel(.queue), "queue", "the queue", .move),
    Binding([.character("2")], .panel(.failures), "failures", "the failures by group", .move),
    Binding([.character("3")], .panel(.item), "item", "the selected item and its log", .move),
    Binding(
      [.character("4")], .panel(.breakers), "breakers", "the providers' breakers", .move),
    Binding(
      [.character("5")], .panel(.waits), "waits", "what is waited for, and until when", .move),
    Binding([.character("6")], .panel(.cost), "cost", "what it costs", .move),
    Binding([.character("7")], .panel(.sync), "sync", "the delivery of events", .move),
    Binding([.character("8")], .panel(.doctor), "doctor", "what is wrong here", .move),
  ]

  private static let viewing: [Binding] = [
    Binding(
      [.enter], .open, "open",
      "open the item; a group's samples, then its items; elsewhere the whole screen",
      .view, hint: 7),
    Binding(
      [.escape], .back, "back", "back: whole screen, item, range, filter, in this order", .view),
    Binding([.character(">")], .sortNext, "sort", "sort by the next column", .view, in: [.queue]),
    Binding(
      [.character("<")], .sortPrevious, "sort", "sort by the previous column", .view,
      in: [.queue]),
    Binding(
      [.character("i")], .sortInverted, "invert", "the same order, inverted", .view, in: [.queue]),
    Binding(
      [.character("f")], .follow, "follow", "follow the log's end, or stop following", .view),
    Binding(
      [.character("z")], .freeze, "freeze", "freeze the display; the run itself goes on", .view,
      unless: { $0.past == nil ? nil : "the past stands still by itself" }),
  ]

  private static let finding: [Binding] = [
    Binding(
      [.character("/")], .filter, "filter",
      "filter: part of a key, regex, !part, st:run|fail, step:ID, group:G-07; on an item: search what is shown",
      .find, hint: 5),
    Binding(
      [.character("n")], .nextMatch, "next", "next failed row, group, sample, or match", .find),
    Binding([.character("N")], .previousMatch, "previous", "the same, backwards", .find),
    Binding(
      [.character(":")], .palette, "command", "a command by its name, with completion and history",
      .find, hint: 2),
  ]

  private static let selecting: [Binding] = [
    Binding(
      [.character(" ")], .mark, "mark", "mark the row, or unmark it", .select, in: [.queue],
      hint: 6),
    Binding(
      [.character("v")], .range, "range", "begin a range; again: mark it", .select, in: [.queue]),
    Binding(
      [.character("*")], .markAll, "mark all", "mark all that the filter shows", .select,
      in: [.queue]),
    Binding(
      [.character("\\")], .clearMarks, "unmark", "clear all marks", .select,
      unless: { $0.queue.marks.isEmpty ? "nothing is marked" : nil }),
  ]

  private static let acting: [Binding] = [
    Binding(
      [.character("R")], .retry, "retry",
      "queue the marked, the selected or the group's items again",
      .act, hint: 9, unless: { $0.reasonAgainst(.retry) }),
    Binding(
      [.character("S")], .skip, "skip", "skip the marked, the selected or the group's items", .act,
      hint: 12, unless: { $0.reasonAgainst(.skip) }),
    Binding(
      [.character("X")], .cancel, "cancel", "cancel the marked or the selected items", .act,
      hint: 13, unless: { $0.reasonAgainst(.cancel) }),
    Binding(
      [.character("F")], .retryAllFailed, "retry failed", "queue everything that failed again",
      .act, hint: 14, unless: { $0.reasonAgainst(.retryAllFailed) }),
    Binding(
      [.character("P")], .pauseOrResume, "pause", "pause the run, resume it, or start its engine",
      .act, hint: 4, unless: { $0.reasonAgainst(.pauseOrResume) }),
    Binding(
      [.character("C")], .raiseCap, "cap",
      "set the run's cap; a run that stood at it is resumed next",
      .act, hint: 11, unless: { $0.reasonAgainst(.raiseCap) }),
    Binding(
      [.character("E")], .edit, "edit",
      "edit the prompt or the parameters of the item's step, and retry it", .act, hint: 15,
      unless: { $0.reasonAgainst(.edit) }),
    Binding(
      [.character("M")], .note, "note", "leave a note on the group or the item", .act,
      unless: { $0.reasonAgainst(.note) }),
    Binding(
      [.character("Y")], .accept, "accept",
      "in the diff: accept work that a check or a review refused", .act,
      unless: { $0.reasonAgainst(.accept) }),
    Binding(
      [.character("B")], .sendBack, "send back", "in the diff: send refused work back, with a word",
      .act, unless: { $0.reasonAgainst(.sendBack) }),
    Binding(
      [.character("A")], .actions, "actions", "what can be done in this panel, as a menu", .act,
      hint: 17),
    Binding(
      [.character("D")], .doctorFix, "fix",
      "the doctor's fix: of the selected finding, elsewhere of all that is safe", .act, hint: 18,
      unless: { $0.reasonAgainst(.doctorFix) }),
    Binding(
      [.character("U")], .takeBack, "take back", "take the last request back while it still waits",
      .act, hint: 14, unless: { $0.reasonAgainst(.takeBack) }),
    Binding(
      [.character("Q")], .stop, "stop", "stop the run; it can go on later", .act, hint: 10,
      unless: { $0.reasonAgainst(.stop) }),
  ]

  /// Time travel; of these only `t` means anything in the present.
  private static let replaying: [Binding] = [
    Binding(
      [.character("t")], .past, "past", "the run's past, from its ledger; again or Esc: now",
      .past, hint: 16),
    Binding(
      [.character("[")], .eventBack, "event back", "one event back", .past,
      unless: { $0.reasonAgainstReplay }),
    Binding(
      [.character("]")], .eventForward, "event forward", "one event on", .past,
      unless: { $0.reasonAgainstReplay }),
    Binding(
      [.character("{")], .troubleBack, "failure back",
      "the failure or the change of a breaker before", .past,
      unless: { $0.reasonAgainstReplay }),
    Binding(
      [.character("}")], .troubleForward, "next failure",
      "the next failure or change of a breaker", .past, unless: { $0.reasonAgainstReplay }),
    Binding(
      [.character(" ")], .play, "play", "in the past: play, ten times as fast, stand still", .past,
      unless: { $0.reasonAgainstReplay }),
  ]

  private static let leaving: [Binding] = [
    Binding(
      [.character("o")], .pager, "pager", "the item's log in $PAGER", .out,
      unless: { $0.queue.selected == nil ? "no item is selected" : nil }),
    Binding(
      [.character("y")], .yank, "yank",
      "copy what is selected: the key, the tab's text, the signature, the fix's command", .out),
    Binding([.character("w")], .writeScreen, "write", "write the screen to a text file", .out),
    Binding([.control("z")], .suspend, "suspend", "back to the shell; `fg` comes back", .out),
    Binding([.control("l")], .redraw, "redraw", "draw the screen anew", .out),
    Binding(
      [.character("m")], .mouse, "mouse",
      "the mouse here, or back to the terminal's own selecting", .other),
    Binding([.character("?")], .help, "help", "these keys", .other, hint: 0),
    Binding(
      [.character("q")], .quit, "detach", "leave the dashboard; the run goes on", .other, hint: 1),
    Binding([.control("c")], .interrupt, "detach", "the same as q", .other),
  ]
}

extension BindingTable {
  /// The key table of the documents.
  package static var markdown: String {
    var lines = ["| group | keys | action | what they do |", "|---|---|---|---|"]
    for group in BindingGroup.allCases {
      for binding in all where binding.group == group {
        let keys = binding.keys.map { code($0.name) }.joined(separator: " ")
        lines.append(
          "| \(group.rawValue) | \(keys) | \(binding.action) | \(escaped(binding.about)) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func code(_ text: String) -> String { "`" + escaped(text) + "`" }

  /// A bar would end the table's cell.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
