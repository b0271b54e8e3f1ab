// The palette's commands that change something: the run, its items, its levers, its workspace.

import BatchModel
import Resilience

extension PaletteTable {
  static let runs: [PaletteCommand] = [
    PaletteCommand(
      "pause", acts: true, "pause the run; what runs goes on to its end", does: .pause),
    PaletteCommand("resume", acts: true, "go on, with a new engine if none runs", does: .resume),
    PaletteCommand("stop", acts: true, "stop the run; it can go on later", does: .intent(.stop)),
    PaletteCommand(
      "reload", acts: true, "take up the changed definition",
      does: .deed(Deed(.request(.reload), name: "reload the definition"))),
  ]

  static let items: [PaletteCommand] = [
    PaletteCommand(
      "retry", "[STEP]", acts: true,
      "queue the marked or the selected again",
      choices: { words, model in words.isEmpty ? model.steps : [] },
      read: { words, model in
        guard let step = words.first else { return .success(.intent(.retry)) }
        guard words.count == 1, let index = model.steps.firstIndex(of: step) else {
          return .failure(.noWord("retry", step, among: model.steps))
        }
        return .success(.retryFrom(step: index))
      }),
    PaletteCommand(
      "retry-failed", acts: true, "queue everything that failed again",
      does: .intent(.retryAllFailed)),
    PaletteCommand("skip", acts: true, "skip the marked or the selected", does: .intent(.skip)),
    PaletteCommand(
      "cancel", acts: true, "cancel the marked or the selected", does: .intent(.cancel)),
    PaletteCommand(
      "note", acts: true, "leave a note on the group or the item", does: .intent(.note)),
  ]

  static let levers: [PaletteCommand] = [
    PaletteCommand(
      "cap", "AMOUNT|default", acts: true, "set the run's cap in dollars",
      choices: { words, _ in words.isEmpty ? ["default"] : [] },
      read: { words, model in
        guard words.count <= 1 else { return .failure(PaletteProblem("usage: cap AMOUNT|default")) }
        guard let amount = words.first else { return .success(.intent(.raiseCap)) }
        return LeverSyntax.cap(amount, model).map(Errand.deed)
      }),
    PaletteCommand(
      "parallel", "N | run N llm N | default", acts: true, "how many attempts run at a time",
      choices: { words, _ in
        // After a kind comes its number.
        guard words.count.isMultiple(of: 2) else { return [] }
        let taken = stride(from: 0, to: words.count, by: 2).map { words[$0] }
        return (words.isEmpty ? ["default"] : []) + ["run", "llm"].filter { !taken.contains($0) }
      },
      read: { words, model in
        guard !words.isEmpty else { return .success(.askForParallel) }
        return LeverSyntax.parallel(words, model).map(Errand.deed)
      }),
    PaletteCommand(
      "hold", "provider NAME | step NAME", acts: true, "start nothing more of it",
      choices: LeverSyntax.holdChoices,
      read: { LeverSyntax.hold($0, $1).map { .deed(.hold($0)) } }),
    PaletteCommand(
      "release", "provider NAME | step NAME", acts: true, "let it go on",
      choices: LeverSyntax.releaseChoices,
      read: { LeverSyntax.hold($0, $1).map { .deed(.release($0)) } }),
    PaletteCommand(
      "breaker", "NAME open|close|reset|disable", acts: true,
      "hold a provider off, let it decide again, or let everything through",
      choices: { words, model in
        if words.isEmpty { return model.gates.map(\.provider) }
        return words.count == 1 ? LeverSyntax.breakerWords : []
      },
      read: LeverSyntax.breaker),
    PaletteCommand(
      "sync", acts: true, "deliver the events that wait, now",
      does: .deed(Deed(.request(.sync), name: "deliver the events", grace: .zero))),
  ]

  static let workspace: [PaletteCommand] = [
    PaletteCommand(
      "doctor", "[CODE]", acts: true, "mend all that is safe, or what one code found",
      choices: { words, model in
        let findings = model.gauges.examination?.findings ?? []
        return words.isEmpty ? findings.map(\.code.rawValue).uniqued : []
      },
      read: { words, model in
        guard let word = words.first else { return .success(.fix(nil)) }
        guard words.count == 1, let code = Finding.Code(rawValue: word.uppercased()) else {
          return .failure(.noWord("doctor", word, among: Finding.Code.allCases.map(\.rawValue)))
        }
        return .success(.fix(code))
      }),
    PaletteCommand(
      "undo", acts: true, "take the doctor's last fix back",
      does: .deed(Deed(.undoFix, name: "take the last fix back"))),
    PaletteCommand("examine", "examine the whole workspace", does: .examine),
  ]
}

extension PaletteProblem {
  /// A word that is none of those that may stand there.
  static func noWord(_ command: String, _ word: String, among words: [String]) -> PaletteProblem {
    guard !words.isEmpty else { return PaletteProblem("\(command): there is no '\(word)'") }
    let nearest = NearestWord.of(word, among: words)
    let hint = nearest.map { "did you mean \($0)?" } ?? words.prefix(8).joined(separator: ", ")
    return PaletteProblem("\(command): no '\(word)'; \(hint)")
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, at its first place.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
