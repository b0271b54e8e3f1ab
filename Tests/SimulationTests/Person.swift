// Somebody at the levers: what they ask for at random, and what must not start because of it.

import BatchModel
import BatchStore
import Resilience

/// A person, and what the engine owes them.
struct Person {
  /// What they hold back, as the ledger tells it.
  private(set) var holds: Set<Hold> = []
  /// Attempts that started although they were held.
  private(set) var wrongStarts: [AttemptID] = []
  private(set) var held = 0
  private let steps: [Step]

  init(steps: [Step]) { self.steps = steps }

  /// Something to ask for.
  func lever(isPaused: Bool, using random: inout some RandomNumberGenerator) -> Request.Action {
    if isPaused, Bool.random(using: &random) { return .resume }
    let step = steps[Int.random(in: 0..<steps.count, using: &random)]
    let hold = step.providerName.flatMap { name -> Hold? in
      Bool.random(using: &random) ? .provider(name) : nil
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return isPaused ? .resume : .pause
    case 2: return .hold(hold ?? .step(step.id))
    case 3: return .release(hold ?? .step(step.id))
    case 4: return .setParallel(nil)
    default:
      let count = Int.random(in: 1...4, using: &random)
      return .setParallel(Parallel(run: count, llm: 5 - count))
    }
  }

  /// Nothing moves any more: something is to be let go; `nil` when nothing is kept back.
  func letGo(isPaused: Bool) -> Request.Action? {
    if isPaused { return .resume }
    return holds.min { $0.description < $1.description }.map { .release($0) }
  }

  /// What a new engine is to know.
  mutating func remember(_ holds: [Hold]) { self.holds = Set(holds) }

  mutating func note(_ change: Change) {
    switch change {
    case .holdMoved(let moved):
      if moved.isHeld { holds.insert(moved.hold) } else { holds.remove(moved.hold) }
    case .attemptStarted(let start):
      let step = steps[start.step]
      let isHeld =
        holds.contains(.step(step.id))
        || step.providerName.map { holds.contains(.provider($0)) } ?? false
      if isHeld { wrongStarts.append(start.attempt) }
    case .itemMoved(let moved): if moved.waitReason == .held { held += 1 }
    default: break
    }
  }
}

/// What retries of groups left in a finished run's ledger that it may not.
func brokenCanaries(_ entries: [LedgerEntry]) -> [String] {
  var phases: [String: [CanaryMoved.Phase]] = [:]
  for entry in entries {
    guard case .canaryMoved(let moved) = entry.change else { continue }
    phases[moved.request, default: []].append(moved.to)
  }
  return phases.filter { ![[.begun, .failed], [.begun, .passed, .released]].contains($0.value) }
    .map { "the retry \($0.key) went \($0.value.map(\.rawValue))" }
}
