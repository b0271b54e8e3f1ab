// `E`: an item's prompt or parameters in a person's editor, and the retry with what came of it.

import BatchModel
import Resilience

extension DashboardModel {
  func reasonAgainstEditing() -> String? {
    if focus == .failures, failures.browsing == nil {
      return "a group has many prompts; \(key(.open)) shows its samples, to edit one"
    }
    guard let row = selectedItem else { return "no item is selected" }
    switch row.state {
    case .failed, .cancelled, .skipped: return nil
    default: return "only what failed, was cancelled or skipped can be edited and retried"
    }
  }

  mutating func edit() -> [DashboardCommand] {
    selectedItem.map { [.fetchEditable($0.id, step: $0.step)] } ?? []
  }

  /// What there is to edit has come: one thing is opened at once, of two one is chosen.
  ///
  /// An item that is no longer selected, and a person who does something else by now, are left alone.
  mutating func take(_ editable: Editable, of id: ItemID, step: Int) -> [DashboardCommand] {
    guard !isReadOnly, past == nil, overlay == nil, let row = selectedItem, row.id == id,
      reasonAgainstEditing() == nil
    else { return [] }
    editing = editable.params.map { ParamsEditing(item: id, step: step, params: $0) }
    let params = editable.params.map { EditedPart.params(ParamLines.text(of: $0)) }
    switch (editable.hasPrompt, params) {
    case (true, nil): return [.edit(id, step: step, .prompt)]
    case (false, let params?): return [.edit(id, step: step, params)]
    case (false, nil):
      say("\(stepName(step)) has no prompt and no parameters to edit; \(key(.retry)) retries it")
      return []
    case (true, let params?):
      overlay = .menu(
        Menu(
          "Edit, and retry \(row.key)",
          [
            Menu.Entry("p", "the prompt of \(stepName(step))", .edit(id, step: step, .prompt)),
            Menu.Entry("a", "its parameters", .edit(id, step: step, params)),
          ]))
      return []
    }
  }

  /// A changed prompt came back from the editor.
  mutating func take(prompt: String, of id: ItemID, step: Int) -> [DashboardCommand] {
    guard !isReadOnly else { return [] }
    guard prompt.utf8.count <= Overrides.promptBytesMax else {
      say("the prompt is longer than 1 MB: nothing was done", isError: true)
      return []
    }
    let lines = prompt.split(separator: "\n", omittingEmptySubsequences: false)
    let about =
      "\(Wording.count(prompt.unicodeScalars.count)) characters in "
      + "\(Wording.count(lines.count)) \(lines.count == 1 ? "line" : "lines")"
    askToRetry(
      id, step: step, Overrides(prompt: prompt), what: "another prompt",
      question: "with the changed prompt?", lines: [about])
    return []
  }

  /// Changed parameters came back; a text that cannot be read goes to the editor again, with the
  /// reason above it.
  mutating func take(params text: String, of id: ItemID, step: Int) -> [DashboardCommand] {
    guard !isReadOnly, let editing, editing.item == id, editing.step == step else { return [] }
    do throws(ParamLines.Problem) {
      let changes = try ParamLines.changes(text, from: editing.params)
      guard !changes.isEmpty else {
        say("the parameters were not changed")
        return []
      }
      askToRetry(
        id, step: step, Overrides(params: changes), what: "other parameters",
        question: "with changed parameters?",
        lines: ParamLines.sentences(changes, from: editing.params))
      return []
    } catch {
      // Too much text would only grow by being sent back.
      guard text.utf8.count <= ParamLines.bytesMax else {
        say("\(error.text): nothing was done", isError: true)
        return []
      }
      return [.edit(id, step: step, .params(ParamLines.text(again: text, problem: error)))]
    }
  }

  private mutating func askToRetry(
    _ id: ItemID, step: Int, _ overrides: Overrides, what: String, question: String,
    lines: [String]
  ) {
    let key = selectedItem.flatMap { $0.id == id ? $0.key : nil } ?? "item \(id)"
    let price = Wording.estimate(lastCost(of: id, step: step))
    let action = ItemAction.retry(fromStep: step, overrides: overrides)
    let deed = Deed(
      .request(.items(action, .ids([id]))), name: Self.priced("retry \(key) with \(what)", price))
    overlay = .sheet(
      Sheet(
        question: "Retry \(key) \(question)",
        lines: lines + (price.isEmpty ? [] : ["\(price) if it costs what it did"]),
        choices: [Sheet.Choice(key: "y", label: "retry", deed: deed)]))
  }

  /// What the last try of a step cost.
  private func lastCost(of id: ItemID, step: Int) -> Money? {
    guard let detail = item.detail, detail.row.id == id else { return nil }
    return detail.attempts.last { $0.step == step && $0.cost != nil }?.cost
  }
}
