// The words that name a lever's position: read the same in the palette and in a prompt.

import BatchModel
import Resilience

/// Reads sums, slots, holds and breakers' levers.
enum LeverSyntax {
  typealias Reading = Result<Deed, PaletteProblem>

  /// `40`, `12.50`; `default` and nothing are the definition's again.
  static func cap(_ text: String, _ model: DashboardModel) -> Reading {
    if text.isEmpty || text == "default" {
      return .success(Deed(.request(.setCap(nil)), name: "the definition's cap again"))
    }
    guard let cap = Money(dollars: text.hasPrefix("$") ? String(text.dropFirst()) : text) else {
      return .failure(PaletteProblem("'\(text)' is no sum: 40, 12.50"))
    }
    if let spent = model.snapshot?.budget?.spent, cap < spent {
      let pause = model.key(.pauseOrResume)
      return .failure(PaletteProblem("\(spent.dollars) is spent already; \(pause) pauses the run"))
    }
    return .success(Deed(.request(.setCap(cap)), name: "a cap of \(cap.dollars)"))
  }

  static let slotsMax = 1024

  /// `8`, `run 8 llm 64`, `run 8`, `default`.
  static func parallel(_ words: [String], _ model: DashboardModel) -> Reading {
    if words == ["default"] {
      return .success(
        Deed(.request(.setParallel(nil)), name: "the definition's numbers of slots again"))
    }
    if words.count == 1, let number = Int(words[0]) {
      return parallel(run: number, llm: number)
    }
    var (run, llm) = (model.snapshot?.gauges?.parallel?.run, model.snapshot?.gauges?.parallel?.llm)
    var rest = words[...]
    while let kind = rest.popFirst() {
      guard let number = rest.popFirst().flatMap({ Int($0) }) else { return unreadable }
      switch kind {
      case "run": run = number
      case "llm": llm = number
      default: return unreadable
      }
    }
    guard !words.isEmpty, let run, let llm else { return unreadable }
    return parallel(run: run, llm: llm)
  }

  private static let unreadable = Reading.failure(
    PaletteProblem("how many: 8, or run 8 llm 64, or default"))

  private static func parallel(run: Int, llm: Int) -> Reading {
    guard (1...slotsMax).contains(run), (1...slotsMax).contains(llm) else {
      return .failure(PaletteProblem("between 1 and \(Wording.count(slotsMax)) slots of each kind"))
    }
    return .success(
      Deed(
        .request(.setParallel(Parallel(run: run, llm: llm))),
        name: "slots: run \(run), llm \(llm)"))
  }

  static func hold(_ words: [String], _ model: DashboardModel) -> Result<Hold, PaletteProblem> {
    guard words.count == 2, let hold = Hold(words.joined(separator: " ")) else {
      return .failure(PaletteProblem("which: \(Hold.form)"))
    }
    let isHeld = model.snapshot?.holds.contains(hold) ?? false
    let names = holdChoices([words[0]], model)
    // A name that nobody knows is refused here; what is held can be let go whatever it is.
    if !isHeld, !names.contains(words[1]) {
      return .failure(.noWord(words[0], words[1], among: names))
    }
    return .success(hold)
  }

  @Sendable static func holdChoices(_ words: [String], _ model: DashboardModel) -> [String] {
    switch words {
    case []: ["provider", "step"]
    case ["provider"]: model.gates.map(\.provider)
    case ["step"]: model.steps
    default: []
    }
  }

  /// What is held can be released.
  @Sendable static func releaseChoices(_ words: [String], _ model: DashboardModel) -> [String] {
    let held = (model.snapshot?.holds ?? []).map { hold -> (kind: String, name: String) in
      switch hold {
      case .provider(let name): ("provider", name)
      case .step(let id): ("step", id)
      }
    }
    switch words.count {
    case 0: return held.map(\.kind).uniqued
    case 1: return held.filter { $0.kind == words[0] }.map(\.name)
    default: return []
    }
  }

  static let breakerWords = ["open", "close", "reset", "disable"]

  @Sendable static func breaker(
    _ words: [String], _ model: DashboardModel
  ) -> PaletteCommand.Reading {
    guard words.count == 2 else {
      return .failure(PaletteProblem("usage: breaker NAME open|close|reset|disable"))
    }
    let names = model.gates.map(\.provider)
    // Without an engine nobody tells the providers' names: any may be meant.
    if model.hasEngine, !names.contains(words[0]) {
      return .failure(.noWord("breaker", words[0], among: names))
    }
    let lever: BreakerLever
    switch words[1] {
    case "open": lever = .isolate
    case "close", "reset": lever = .close
    case "disable": lever = .disable
    default: return .failure(.noWord("breaker", words[1], among: breakerWords))
    }
    return .success(.deed(.breaker(words[0], lever)))
  }
}

// Levers act at once, as a pause does: who pulls one wants it now, and pulls it back the same way.
extension Deed {
  static func hold(_ hold: Hold) -> Deed {
    Deed(.request(.hold(hold)), name: "hold \(hold)", grace: .zero)
  }

  static func release(_ hold: Hold) -> Deed {
    Deed(.request(.release(hold)), name: "release \(hold)", grace: .zero)
  }

  static func breaker(_ provider: String, _ lever: BreakerLever) -> Deed {
    let word =
      switch lever {
      case .isolate: "open"
      case .disable: "let everything through"
      case .close: "close"
      }
    return Deed(
      .request(.breaker(provider: provider, lever)), name: "breaker \(provider): \(word)",
      grace: .zero)
  }
}
