// Notes on items and groups, and a person's word on work that was refused.

import BatchModel
import Resilience

extension DashboardModel {
  /// What a note would be on: the selected group, else the selected item.
  private var noteTarget: (target: NoteTarget, name: String, text: String?)? {
    if focus == .failures, failures.browsing == nil, let group = selectedGroup {
      return (.group(group.signature), group.name, group.note)
    }
    guard let row = selectedItem else { return nil }
    let remark = item.detail?.row.id == row.id ? item.detail?.remark : nil
    return (.item(row.id), row.key, remark)
  }

  /// Why there can be no note now.
  func reasonAgainstNote() -> String? { noteTarget == nil ? "nothing is selected" : nil }

  mutating func askForNote() -> [DashboardCommand] {
    guard let (target, name, text) = noteTarget else { return [] }
    let before = text ?? ""
    // What does not fit into a line would be cut by editing it here.
    let isLong = before.unicodeScalars.count > LineEditor.lengthMax
    overlay = .prompt(
      Prompt(
        .note(target), label: "note on \(name): ",
        hint: isLong
          ? "replaces a longer note; esc keeps it"
          : before.isEmpty ? "enter leaves it, esc does not" : "Ctrl-U and enter take it away",
        text: isLong ? "" : before))
    return []
  }

  // MARK: Work that was refused

  /// The candidate that waits for a person's word, where it is known.
  private var heldCandidate: (row: ItemRow, held: HeldCandidate)? {
    guard item.tab == .diff, let row = selectedItem, let held = shownText?.text.review else {
      return nil
    }
    return (row, held)
  }

  func reasonAgainstJudging() -> String? {
    if heldCandidate != nil { return nil }
    guard let row = selectedItem else { return "no item is selected" }
    if row.state != .failed { return "only work that was refused waits for a word" }
    if item.tab != .diff { return "the diff tab shows what there is to judge" }
    return shownText == nil ? "the diff is being read" : "no candidate of it waits for a word"
  }

  mutating func askToAccept() -> [DashboardCommand] {
    guard let (row, held) = heldCandidate else { return [] }
    var lines = ["refused: \(held.refusal)"]
    if held.isTargetChanged { lines.append("its target was changed by hand: that is overwritten") }
    let action = ItemAction.accept(reason: "by hand", overwrite: held.isTargetChanged)
    overlay = .sheet(
      Sheet(
        question: "Accept the candidate of \(row.key)?", lines: lines,
        choices: [
          Sheet.Choice(
            key: "y", label: "accept",
            deed: Deed(.request(.items(action, .ids([row.id]))), name: "accept \(row.key)"))
        ]))
    return []
  }

  mutating func askWhatToSendBack() -> [DashboardCommand] {
    guard let (row, held) = heldCandidate else { return [] }
    overlay = .prompt(
      Prompt(
        .sendBack(row.id, key: row.key), label: "back to \(stepName(held.sendsBackTo)), because: ",
        hint: "enter sends it back, esc does not"))
    return []
  }
}
