// How the window is filled, and when there is nothing left to fill it with.

import BatchModel
import Resilience

/// What the machine knows of the items outside the window.
struct Claiming: Hashable, Sendable {
  /// A claim is on its way.
  var isInFlight = false
  /// How many items the claim in flight asked for.
  var requested = 0
  /// The last claim got less than it asked for: nothing more can start now.
  var isExhausted = false
  /// Something happened since the claim in flight was asked that may have freed items.
  var isStale = false
  /// Releases on their way: a claim may overtake them, and then does not find their items.
  var releasesInFlight = 0
  /// Items outside the window that are queued or waiting, as of the last claim.
  var open = 0
  var nextDue: Instant?

  /// Something may have become claimable.
  mutating func retry() {
    isExhausted = false
    if isInFlight { isStale = true }
  }
}

extension Machine {
  /// Asks for items when the window is at most half full; when a wait is over, already when an
  /// eighth of it is free: a retry is not to stand behind everything that was claimed before it.
  mutating func claimMore() {
    guard mode == .working, !claiming.isInFlight, !claiming.isExhausted else { return }
    let isDue = claiming.nextDue.map { $0 <= now } ?? false
    let room = configuration.windowLimit - window.count
    guard room >= configuration.windowLimit / (isDue ? 8 : 2) else { return }
    let blocked = blockedSteps
    // With nothing in hand the store is asked all the same: whether anything is open at all.
    guard blocked.count < configuration.steps.count || window.isEmpty else { return }
    claiming.isInFlight = true
    claiming.isStale = false
    let limit = room
    claiming.requested = limit
    effects.immediate.append(.claim(limit: limit, scope: scope, blocked: blocked))
  }

  mutating func take(_ answer: ClaimAnswer) {
    claiming.isInFlight = false
    claiming.open = answer.open
    claiming.nextDue = answer.nextDue
    // What fell due while the answer was on its way is no wait any more, and sets no alarm.
    let isOverdue = answer.nextDue.map { $0 <= now } ?? false
    claiming.isExhausted =
      answer.items.count < claiming.requested && !claiming.isStale && !isOverdue
    guard mode == .working else {
      claiming.retry()
      return release(answer.items.map(\.id))
    }
    for item in answer.items { takeUp(item) }
  }

  mutating func release(_ items: [ItemID]) {
    guard !items.isEmpty else { return }
    claiming.releasesInFlight += 1
    effects.immediate.append(.release(items))
  }

  mutating func noteReleased() {
    claiming.releasesInFlight -= 1
    claiming.retry()
  }

  /// Takes one claimed item to where a crash may have left it, or a person's acceptance.
  private mutating func takeUp(_ item: ClaimedItem) {
    guard let unfinished = item.unfinished else {
      window[item.id] = WindowEntry(item: item, phase: .preparing)
      effects.immediate.append(.prepare(item))
      return
    }
    itemOfAttempt[unfinished.attempt] = item.id
    if unfinished.intents.isEmpty {
      var entry = WindowEntry(
        item: item, phase: .checking(unfinished.attempt), hasRun: true)
      entry.candidate = unfinished.candidate
      entry.acceptance = unfinished.acceptance
      window[item.id] = entry
      effects.immediate.append(
        .check(
          CheckOrder(
            attempt: unfinished.attempt, item: item, candidate: unfinished.candidate,
            isHeld: review(over: item.step) != nil, isAccepted: unfinished.acceptance != nil,
            commit: unfinished.commit)))
    } else {
      var entry = WindowEntry(
        item: item, phase: .publishing(unfinished.attempt), hasRun: true)
      entry.intents = unfinished.intents
      entry.acceptance = unfinished.acceptance
      window[item.id] = entry
      effects.immediate.append(
        .publish(
          unfinished.attempt, item.id, unfinished.intents, overwrite: item.overrides.overwrite))
    }
  }

  /// Leaves when the window is empty and nothing outside it can start any more.
  mutating func leaveIfNothingIsLeft() {
    guard window.isEmpty else { return }
    switch mode {
    case .draining(let departure, let why, let by):
      leave(departure, state: .stopped, why: why, by: by)
    case .working:
      guard !claiming.isInFlight, claiming.releasesInFlight == 0 else { return }
      guard claiming.isExhausted else { return }
      if claiming.open == 0 { return leaveScope() }
      if let until = longSleep { return leaveForLongWait(until) }
      guard claiming.nextDue == nil, blockedSteps.isEmpty else { return }
      leaveScope()
    case .paused, .left: return
    }
  }

  /// When the next thing can happen, if that is too far away to stay for.
  private var longSleep: Instant? {
    guard let longWait = configuration.longWait,
      let next = [claiming.nextDue, nextOpening].compactMap(\.self).filter({ $0 > now }).min(),
      now.duration(to: next) > longWait
    else { return nil }
    return next
  }

  private mutating func leaveForLongWait(_ until: Instant) {
    let reasons = gates.values.compactMap(\.block?.why).sorted().joined(separator: ", ")
    let why = reasons.isEmpty ? "every item that is left waits for its provider" : reasons
    leave(
      .longWait(until: until), state: .stopped,
      why: "\(why): nothing can start before that is over", by: "engine")
  }

  private mutating func leaveScope() {
    switch scope {
    case .canary:
      claiming.isInFlight = true
      effects.immediate.append(.judgeCanary)
    case .focus:
      leave(.focusDone, state: .stopped, why: "the chosen items are done", by: "engine")
    case .all where claiming.open == 0:
      leave(.finished, state: .finished, why: "nothing is left to do", by: "engine")
    case .all:
      // The store answers for every dependency; an item that can never start is its mistake, and
      // waiting for it would be a poll without end.
      leave(
        .stopped, state: .stopped,
        why: "\(claiming.open) items wait for items that will never be done", by: "engine")
    }
  }

  private mutating func leave(_ departure: Departure, state: RunState, why: String, by: String) {
    mode = .left
    let cause: RunMoved.Cause? = departure == .capReached ? .capReached : nil
    effects.changes.append(
      .runMoved(RunMoved(run: configuration.run, to: state, why: why, by: by, cause: cause)))
    effects.afterCommit.append(.leave(departure))
  }

  /// Wakes for the next waiting item or the time to stop, whichever comes first.
  mutating func setWake() {
    guard isOpenToWork else { return }
    let openings = mode == .working ? [claiming.nextDue, nextOpening] : []
    let moments = (openings + [stopAt]).compactMap(\.self).filter { $0 > now }
    guard let next = moments.min(), next != wakeAt else { return }
    wakeAt = next
    effects.immediate.append(.wake(next))
  }
}
