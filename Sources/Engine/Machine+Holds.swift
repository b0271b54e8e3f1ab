// What a person holds back: a provider's calls or a step's attempts start no more, and their items
// wait outside the window until it is taken back.

import BatchModel
import Resilience

extension Machine {
  /// Whether a person holds the step, or the provider that it needs.
  func isHeld(_ step: Int) -> Bool {
    guard !holds.isEmpty else { return false }
    let step = configuration.steps[step]
    if holds.contains(.step(step.id)) { return true }
    return step.providerName.map { holds.contains(.provider($0)) } ?? false
  }

  mutating func hold(
    _ hold: Hold, by: String, using random: inout some RandomNumberGenerator
  ) {
    guard holds.insert(hold).inserted else { return }
    effects.changes.append(.holdMoved(HoldMoved(hold, isHeld: true, by: by)))
    var isOrdered = false
    for id in window.keys.sorted() {
      guard let entry = window[id], isHeld(entry.item.step) else { continue }
      switch entry.phase {
      case .ready: park(entry)
      case .admitted(let attempt, _): withdraw(attempt, entry, using: &random)
      case .ordered: isOrdered = true
      case .preparing, .admitting, .checking, .publishing:
        break  // its answer is on the way, and finds the hold
      }
    }
    // Which orders still wait for a slot, the executor knows; those of other steps come back too.
    if isOrdered { effects.immediate.append(.recallWaiting) }
  }

  mutating func release(_ hold: Hold, by: String) {
    guard holds.remove(hold) != nil else { return }
    effects.changes.append(.holdMoved(HoldMoved(hold, isHeld: false, by: by)))
    claiming.retry()
  }

  /// The item leaves the window; the store gives it back when nothing holds its step.
  mutating func park(_ entry: WindowEntry) {
    window[entry.item.id] = nil
    effects.changes.append(.itemMoved(held(entry.item)))
    // How much is open outside the window, the store has to say again.
    claiming.retry()
  }

  /// The item's wait for the end of a hold.
  func held(_ item: ClaimedItem) -> ItemMoved {
    let step = configuration.steps[item.step]
    let name = step.providerName
    let isProvider = name.map { holds.contains(.provider($0)) } ?? false
    let hold: Hold = isProvider ? .provider(name ?? "") : .step(step.id)
    var moved = item.queuedAgain(note: "\(hold) is held")
    moved.to = .waiting
    moved.waitReason = .held
    return moved
  }
}
