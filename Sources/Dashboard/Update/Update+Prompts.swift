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
    case .sendBack(let id, let key):
      guard !text.isEmpty else { return refuse(prompt, "the step has to be told what is wrong") }
      overlay = nil
      return submit(
        Deed(
          .request(.items(.sendBack(feedback: text), .ids([id]))), name: "send \(key) back"))
    case .cap: return pull(LeverSyntax.cap(text, self), prompt)
    case .parallel:
      let words = text.split(separator: " ").map(String.init)
      return pull(LeverSyntax.parallel(words, self), prompt)
    case .note(let target):
      overlay = nil
      return submit(
        Deed(.request(.note(target, text)), name: text.isEmpty ? "take the note away" : "a note"))
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
        .cap, label: "the run's cap: $",
        hint: cap == nil
          ? "dollars; nothing typed: the definition's cap"
          : "dollars; Ctrl-U and enter: the definition's cap again",
        text: cap.map { String($0.dollars.dropFirst()) } ?? ""))
    return []
  }

  /// Pulls a lever as it was typed, or says what is wrong with that.
  private mutating func pull(
    _ reading: LeverSyntax.Reading, _ prompt: Prompt
  ) -> [DashboardCommand] {
    switch reading {
    case .failure(let problem): return refuse(prompt, problem.text)
    case .success(let deed):
      overlay = nil
      return submit(deed)
    }
  }

  mutating func askForParallel() -> [DashboardCommand] {
    let now = snapshot?.gauges?.parallel
    overlay = .prompt(
      Prompt(
        .parallel, label: "attempts at a time: ", hint: "8, or run 8 llm 64, or default",
        text: now.map { "run \($0.run) llm \($0.llm)" } ?? ""))
    return []
  }
}
