// From a prepared item to a running process: admission (T1), slots, launch.

import BatchModel
import DequeModule
import Resilience

extension Machine {
  mutating func take(
    _ preparation: Preparation, of id: ItemID, using random: inout some RandomNumberGenerator
  ) {
    guard var entry = window[id], case .preparing = entry.phase else { return }
    if let verdict = entry.verdict { return letGo(entry, verdict) }
    switch preparation {
    case .run where isHeld(entry.item.step):
      park(entry)
    case .run(let key, let why, let demand?):
      entry.phase = .ready(key, why: why)
      entry.demand = demand
      window[id] = entry
      queueForPermit(entry)
    case .run(let key, let why, nil):
      entry.phase = .ready(key, why: why)
      window[id] = entry
      if entry.item.step > 0 || entry.item.tries > 0 { begun.append(id) } else { ready.append(id) }
    case .keep(let reason, let note):
      keep(entry, reason, note: note)
    case .fail(let failure) where failure.kind == .diskFull:
      window[id] = nil
      postpone(entry.item, failure, using: &random)
    case .fail(let failure):
      window[id] = nil
      fail(entry.item, failure)
    }
  }

  /// The step stands on an earlier receipt: on to the next one, or the item ends.
  private mutating func keep(_ entry: WindowEntry, _ reason: SkipReason, note: String) {
    var entry = entry
    let id = entry.item.id
    let next = entry.item.step + 1
    if next < configuration.steps.count {
      entry.goOn(to: next)
      window[id] = entry
      effects.immediate.append(.prepare(entry.item))
      return
    }
    window[id] = nil
    claiming.retry()
    effects.changes.append(
      .itemMoved(
        entry.hasRun
          ? ItemMoved(item: id, to: .done, step: entry.item.step, note: note)
          : ItemMoved(
            item: id, to: .skipped, step: entry.item.step, skipReason: reason, note: note)))
  }

  /// Writes the start of as many ready items as may be committed ahead of the slots.
  mutating func admitReady() {
    guard mode == .working else { return }
    var started: [AttemptID] = []
    while admittedAhead < configuration.admittedAheadLimit,
      let id = begun.popFirst() ?? ready.popFirst()
    {
      guard var entry = window[id], case .ready(let key, let why) = entry.phase else { continue }
      let attempt = AttemptID(nextAttempt)
      nextAttempt += 1
      entry.phase = .admitting(attempt, key)
      window[id] = entry
      itemOfAttempt[attempt] = id
      admittedAhead += 1
      started.append(attempt)
      effects.changes.append(
        .attemptStarted(
          AttemptStarted(
            attempt: attempt, item: id, step: entry.item.step, tryNumber: entry.item.tries + 1,
            epoch: configuration.epoch, key: key,
            why: entry.item.tries > 0 ? "retry" : why)))
    }
    if !started.isEmpty { effects.afterCommit.append(.confirm(started)) }
  }

  mutating func confirmAdmitted(
    _ attempts: [AttemptID], using random: inout some RandomNumberGenerator
  ) {
    for attempt in attempts {
      guard let id = itemOfAttempt[attempt], var entry = window[id],
        case .admitting(attempt, let key) = entry.phase
      else { continue }
      entry.phase = .admitted(attempt, key)
      window[id] = entry
      if mode != .working || isHeld(entry.item.step)
        || (entry.permit != nil && entry.verdict != nil)
      {
        withdraw(attempt, entry, using: &random)
      } else if entry.permit != nil {
        // It holds its slot already.
        order(attempt, entry, key)
      } else {
        admitted.append(attempt)
      }
    }
  }

  /// Orders admitted attempts while there are slots, and a few more.
  mutating func launchAdmitted() {
    guard mode == .working else { return }
    // What is ordered ahead would take every slot before those that may not be ordered ahead.
    let ahead = processesWaitForSlots ? 0 : configuration.orderedAheadLimit
    while ordered + processCalls < configuration.slots + ahead,
      let attempt = admitted.popFirst()
    {
      guard let id = itemOfAttempt[attempt], let entry = window[id],
        case .admitted(attempt, let key) = entry.phase
      else { continue }
      admittedAhead -= 1
      ordered += 1
      isCommandsTurn = false
      order(attempt, entry, key)
    }
  }

  private mutating func order(_ attempt: AttemptID, _ entry: WindowEntry, _ key: StepKey) {
    var entry = entry
    entry.phase = .ordered(attempt)
    entry.hasRun = true
    window[entry.item.id] = entry
    effects.immediate.append(
      .launch(
        LaunchOrder(
          attempt: attempt, item: entry.item, tryNumber: entry.item.tries + 1, key: key,
          reservation: entry.permit?.demand.reservation,
          isProbe: entry.permit?.breaker.isProbe ?? false)))
  }

  mutating func noteLaunched(_ attempt: AttemptID, pid: Int32) {
    guard let id = itemOfAttempt[attempt], case .ordered(attempt)? = window[id]?.phase else {
      return
    }
    effects.changes.append(
      .attemptLaunched(AttemptLaunched(attempt: attempt, item: id, pid: pid)))
  }

  /// Takes back the start of an attempt that was committed ahead of its order.
  mutating func withdraw(
    _ attempt: AttemptID, _ entry: WindowEntry, using random: inout some RandomNumberGenerator
  ) {
    if let permit = entry.permit { giveBack(permit, using: &random) } else { admittedAhead -= 1 }
    endNeverStarted(attempt, entry)
  }

  /// No process was made for the attempt: as if its start had not been written.
  mutating func endNeverStarted(_ attempt: AttemptID, _ entry: WindowEntry) {
    let item = entry.item
    itemOfAttempt[attempt] = nil
    window[item.id] = nil
    effects.changes.append(
      .attemptEnded(AttemptEnded(attempt: attempt, item: item.id, outcome: .neverStarted)))
    if let verdict = entry.verdict {
      effects.changes.append(.itemMoved(verdict.move(of: item)))
    } else {
      effects.changes.append(.itemMoved(isHeld(item.step) ? held(item) : item.queuedAgain()))
    }
    claiming.retry()
  }
}
