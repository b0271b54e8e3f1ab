// The levers: pause, resume, stop, skip and cancel of items under way, the canary's judgement.

import BatchModel
import DequeModule
import Resilience

extension Machine {
  mutating func obey(_ request: Request, using random: inout some RandomNumberGenerator) {
    effects.request = request
    switch request.action {
    case .pause:
      pause(why: "paused by hand", by: request.by, using: &random)
    case .resume:
      resume(by: request.by)
    case .stop(let now):
      drain(.stopped, why: "stopped by hand", by: request.by, now: now, using: &random)
    case .stopAt(let moment):
      stopAt = moment
    case .setCap(let cap): setCap(cap, by: request.by)
    case .breaker(let provider, let lever): pull(lever, of: provider, by: request.by)
    case .hold(let hold): self.hold(hold, by: request.by, using: &random)
    case .release(let hold): release(hold, by: request.by)
    case .setParallel(let parallel): setParallel(parallel, by: request.by)
    case .note(let target, let text):
      effects.changes.append(
        .remarked(
          Remarked(run: configuration.run, target: target, text: text, by: request.by)))
    case .reload, .items, .sync, .retryGroup:
      break  // the runtime answers these itself; the machine hears of items as `.moved`
    }
  }

  mutating func pause(
    why: String, by: String, cause: RunMoved.Cause? = nil,
    using random: inout some RandomNumberGenerator
  ) {
    guard mode == .working else { return }
    mode = .paused
    effects.changes.append(
      .runMoved(RunMoved(run: configuration.run, to: .paused, why: why, by: by, cause: cause)))
    takeBackStarts(using: &random)
  }

  private mutating func resume(by: String) {
    guard mode == .paused else { return }
    mode = .working
    claiming.retry()
    // A cap that still has no room is to pause the run again, not to leave it standing.
    stirGates()
    effects.changes.append(
      .runMoved(RunMoved(run: configuration.run, to: .running, why: "resumed", by: by)))
  }

  mutating func interrupt(
    _ signal: Int32, using random: inout some RandomNumberGenerator
  ) {
    if case .draining = mode { return killRunning() }
    drain(
      .interrupted, why: RunMoved.interruption(by: signal), by: "engine", now: false,
      using: &random)
  }

  mutating func drain(
    _ departure: Departure, why: String, by: String, now: Bool,
    using random: inout some RandomNumberGenerator
  ) {
    switch mode {
    case .working, .paused:
      mode = .draining(departure, why: why, by: by)
      takeBackStarts(using: &random)
      releaseUnstarted()
    case .draining, .left: break
    }
    if now { killRunning() }
  }

  /// Takes back every start that has no process yet.
  private mutating func takeBackStarts(using random: inout some RandomNumberGenerator) {
    while let attempt = admitted.popFirst() {
      guard let id = itemOfAttempt[attempt], let entry = window[id],
        case .admitted(attempt, _) = entry.phase
      else { continue }
      withdraw(attempt, entry, using: &random)
    }
    // Which orders still wait for a slot, the executor knows.
    if ordered + processCalls > 0 { effects.immediate.append(.recallWaiting) }
  }

  /// Gives back what was claimed and not started; sorted, since a dictionary has no order.
  mutating func releaseUnstarted() {
    let ids = window.values.filter { entry in
      switch entry.phase {
      case .preparing, .ready: !entry.hasRun && entry.verdict == nil
      default: false
      }
    }.map(\.item.id).sorted()
    for id in ids { window[id] = nil }
    release(ids)
    letGoBetweenSteps()
  }

  /// Items between two steps go back to the queue at their next step.
  private mutating func letGoBetweenSteps() {
    let between = window.values.filter { entry in
      switch entry.phase {
      case .preparing, .ready: true
      default: false
      }
    }.sorted { $0.item.id < $1.item.id }
    for entry in between {
      window[entry.item.id] = nil
      effects.changes.append(
        .itemMoved(
          entry.verdict?.move(of: entry.item) ?? entry.item.queuedAgain()))
    }
  }

  private mutating func killRunning() {
    for attempt in itemOfAttempt.keys.sorted() {
      guard let id = itemOfAttempt[attempt], case .ordered(attempt)? = window[id]?.phase else {
        continue
      }
      effects.immediate.append(.kill(attempt))
    }
  }

  /// A request meant items that the window holds.
  mutating func apply(
    _ action: ItemAction, to held: [ItemID], using random: inout some RandomNumberGenerator
  ) {
    claiming.retry()
    for id in held {
      guard var entry = window[id] else { continue }
      switch action {
      // It is being tried already, so nothing waits for a word.
      case .retry, .accept, .sendBack: continue
      case .skip(let reason): entry.verdict = .skip(reason: reason)
      case .cancel(let reason): entry.verdict = .cancel(reason: reason)
      }
      window[id] = entry
      carryOut(entry, using: &random)
    }
  }

  private mutating func carryOut(
    _ entry: WindowEntry, using random: inout some RandomNumberGenerator
  ) {
    guard let verdict = entry.verdict else { return }
    switch entry.phase {
    case .ready: letGo(entry, verdict)
    case .admitted(let attempt, _): withdraw(attempt, entry, using: &random)
    case .ordered(let attempt): effects.immediate.append(.kill(attempt))
    case .preparing, .admitting, .checking, .publishing:
      break  // its answer is on the way, and finds the verdict
    }
  }

  /// Goes on with the rest, or pauses with the reason.
  mutating func judgeCanary(
    _ counts: ItemCounts, using random: inout some RandomNumberGenerator
  ) {
    claiming.isInFlight = false
    claiming.retry()
    guard let canary = configuration.canary else { return }
    scope = .all
    let share = counts.total == 0 ? 0 : Double(counts.failed) / Double(counts.total)
    let passed = share <= canary.maxFailedShare
    let found = "\(counts.failed) of \(counts.total) canary items failed"
    effects.changes.append(
      .noted(
        Noted(
          run: configuration.run, code: passed ? "canary-passed" : "canary-failed",
          message: found)))
    effects.afterCommit.append(.endCanary)
    guard !passed || canary.then == .pause else { return }
    let next = passed ? "the canary passed" : "the canary failed"
    pause(why: "\(next): \(found)", by: "engine", using: &random)
  }
}
