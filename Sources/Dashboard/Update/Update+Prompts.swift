// What becomes of a line that was typed for something.

import BatchModel
import Canvas
import Resilience

extension DashboardModel {
  mutating func type(_ key: Key, into prompt: Prompt) -> [DashboardCommand] {
    var prompt = prompt
    prompt.problem = nil
    switch key {
    case .escape:
      overlay = nil
      say("nothing was done")
    case .enter: return answer(prompt)
    default: if prompt.editor.take(key) { overlay = .prompt(prompt) }
    }
    return []
  }

  /// Takes what was typed, or says what is wrong with it and leaves it to be mended.
  private mutating func answer(_ prompt: Prompt) -> [DashboardCommand] {
    let text = prompt.editor.text
    switch prompt.purpose {
    case .cap: return setCap(text, prompt)
    case .skipReason(let targets):
      overlay = nil
      let reason = text.isEmpty ? "by hand" : text
      return ask(
        Deed(
          .request(.items(.skip(reason: reason), targets.selector)), name: "skip \(targets.name)"),
        word: "skip", of: targets)
    }
  }

  /// Why items are skipped stays with them; an empty reason is `by hand`.
  mutating func askForReason(_ targets: Targets) -> [DashboardCommand] {
    overlay = .prompt(
      Prompt(
        .skipReason(targets), label: "skip \(targets.name), because: ",
        hint: "enter skips, esc does not"))
    return []
  }

  /// Asks for a line that can be typed again.
  mutating func refuse(_ prompt: Prompt, _ problem: String) -> [DashboardCommand] {
    var prompt = prompt
    prompt.problem = problem
    overlay = .prompt(prompt)
    return []
  }

  // MARK: The cap

  mutating func askForCap() -> [DashboardCommand] {
    let cap = snapshot?.budget?.cap
    overlay = .prompt(
      Prompt(
        .cap, label: "the run's cap: $", hint: "dollars; nothing typed: the definition's again",
        text: cap.map { String($0.dollars.dropFirst()) } ?? ""))
    return []
  }

  private mutating func setCap(_ text: String, _ prompt: Prompt) -> [DashboardCommand] {
    guard !text.isEmpty else {
      overlay = nil
      return submit(Deed(.request(.setCap(nil)), name: "the definition's cap again"))
    }
    guard let cap = Money(dollars: text) else {
      return refuse(prompt, "'\(text)' is no sum: 40, 12.50")
    }
    if let spent = snapshot?.budget?.spent, cap < spent {
      return refuse(prompt, "\(spent.dollars) is spent already; P pauses the run")
    }
    overlay = nil
    return submit(Deed(.request(.setCap(cap)), name: "a cap of \(cap.dollars)"))
  }
}
