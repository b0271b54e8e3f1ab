// From an ended process to a receipt: result (T2), checks, intent (T3), receipt (T4), or a failure.

import BatchModel
import Resilience

extension Machine {
  mutating func end(
    _ attempt: AttemptID, _ report: AttemptReport, using random: inout some RandomNumberGenerator
  ) {
    guard let id = itemOfAttempt[attempt], var entry = window[id],
      case .ordered(attempt) = entry.phase
    else { return }
    var isOutage = false
    if let permit = entry.permit.take() {
      if let call = report.call {
        let recorded = settle(permit, call, why: report.end.words, using: &random)
        isOutage = recorded == .stale || permit.breaker.isProbe
        if call.consumption?.billing == .metered {
          entry.item.spent += call.consumption?.cost ?? .zero
        }
      } else {
        giveBack(permit, using: &random)
      }
      window[id] = entry
    } else {
      ordered -= 1
      if let consumption = report.call?.consumption {
        count(consumption, using: &random)
        if consumption.billing == .metered { entry.item.spent += consumption.cost }
      }
    }
    switch report.end {
    case .neverStarted:
      endNeverStarted(attempt, entry)
    case .killed:
      endKilled(attempt, entry, report)
    case .failed(let failure) where failure.kind == .diskFull:
      endKilled(attempt, entry, report)
      stopOnFullDisk(failure, using: &random)
    case .failed(let failure):
      endFailed(attempt, entry, failure, report, isOutage: isOutage, using: &random)
    case .sentBack(let feedback):
      sendBack(attempt, entry, feedback, report)
    case .succeeded where !report.changedInputs.isEmpty:
      let names = report.changedInputs.joined(separator: ", ")
      let failure = Failure(kind: .inputChanged, message: "changed while it ran: \(names)")
      endFailed(attempt, entry, failure, report, isOutage: isOutage, using: &random)
    case .succeeded(let candidate):
      endSucceeded(attempt, entry, candidate, report)
    }
  }

  private mutating func endKilled(
    _ attempt: AttemptID, _ entry: WindowEntry, _ report: AttemptReport
  ) {
    let item = entry.item
    forget(attempt, item.id)
    effects.changes.append(
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item.id, outcome: .interrupted, usage: report.usage,
          consumption: report.call?.consumption)))
    if entry.verdict == nil, configuration.steps[item.step].repeatsUnknown == false {
      return fail(item, .brokenOff)
    }
    effects.changes.append(.itemMoved(entry.verdict?.move(of: item) ?? item.queuedAgain()))
    claiming.retry()
  }

  private mutating func endFailed(
    _ attempt: AttemptID, _ entry: WindowEntry, _ failure: Failure, _ report: AttemptReport,
    isOutage: Bool, using random: inout some RandomNumberGenerator
  ) {
    let item = entry.item
    forget(attempt, item.id)
    let aside =
      entry.verdict == nil ? stepAside(entry, failure, report.call, isOutage: isOutage) : nil
    let failure = aside?.failure ?? failure
    effects.changes.append(
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item.id, outcome: aside?.outcome ?? .failed, failure: failure,
          signature: Signature(of: failure, itemKey: item.key), usage: report.usage,
          consumption: report.call?.consumption)))
    if let move = aside?.move {
      effects.changes.append(.itemMoved(move))
      claiming.retry()
      if let until = move.until { claiming.nextDue = min(claiming.nextDue ?? until, until) }
    } else {
      retryOrFail(entry, failure, notBefore: report.call?.notBefore, using: &random)
    }
  }

  private mutating func endSucceeded(
    _ attempt: AttemptID, _ entry: WindowEntry, _ candidate: SealedObject?,
    _ report: AttemptReport
  ) {
    var entry = entry
    let step = configuration.steps[entry.item.step]
    let result = ResultRecorded(
      attempt: attempt, item: entry.item.id, step: entry.item.step, candidate: candidate,
      usage: report.usage, consumption: report.call?.consumption, commit: report.commit)
    let isHeld = review(over: entry.item.step) != nil
    let isChecked = !step.checks.isEmpty && step.enforcement != .off
    let publishes = !isHeld && (step.output != nil || holdsOutput(entry.item))
    guard publishes || isChecked else {
      if isHeld { return hold(attempt, entry, candidate, result: result) }
      return finishStep(attempt, entry, artifacts: [], result: result)
    }
    effects.changes.append(.resultRecorded(result))
    entry.candidate = candidate
    entry.phase = .checking(attempt)
    window[entry.item.id] = entry
    effects.afterCommit.append(
      .check(
        CheckOrder(
          attempt: attempt, item: entry.item, candidate: candidate, isHeld: isHeld,
          commit: report.commit)))
  }

  mutating func take(
    _ report: CheckReport, of attempt: AttemptID, using random: inout some RandomNumberGenerator
  ) {
    guard let id = itemOfAttempt[attempt], var entry = window[id],
      case .checking(attempt) = entry.phase
    else { return }
    if let refusal = report.refusal, refusal.kind == .diskFull {
      return postpone(attempt, entry, refusal, using: &random)
    }
    let step = configuration.steps[entry.item.step]
    if step.enforcement == .strict, let first = report.failures.first {
      let failure = Failure(kind: .check, message: first)
      reject(attempt, entry, failure)
      // The next try is told what was wrong with this one.
      var state = entry.item.review ?? ReviewState()
      state.feedback = String(report.failures.joined(separator: "\n").prefix(4096))
      entry.item.review = state
      return retryOrFail(entry, failure, using: &random)
    }
    if step.enforcement == .warn { entry.warnings = report.failures }
    if review(over: entry.item.step) != nil {
      return hold(attempt, entry, entry.candidate, result: nil)
    }
    if let refusal = report.refusal {
      reject(attempt, entry, refusal)
      return fail(entry.item, refusal)
    }
    guard !report.intents.isEmpty else {
      return finishStep(attempt, entry, artifacts: [], result: nil)
    }
    entry.phase = .publishing(attempt)
    entry.intents = report.intents
    window[id] = entry
    effects.changes.append(
      .publishing(Publishing(attempt: attempt, item: id, intents: report.intents)))
    effects.afterCommit.append(
      .publish(attempt, id, report.intents, overwrite: entry.item.overrides.overwrite))
  }

  mutating func take(
    _ report: PublishReport, of attempt: AttemptID, using random: inout some RandomNumberGenerator
  ) {
    guard let id = itemOfAttempt[attempt], let entry = window[id],
      case .publishing(attempt) = entry.phase
    else { return }
    switch report {
    case .published(let artifacts):
      finishStep(attempt, entry, artifacts: artifacts, result: nil)
    case .refused(let failure) where failure.kind == .diskFull:
      postpone(attempt, entry, failure, using: &random)
    case .refused(let failure):
      reject(attempt, entry, failure)
      fail(entry.item, failure)
    }
  }

  /// T4: the receipt; then the next step, or the item is done.
  private mutating func finishStep(
    _ attempt: AttemptID, _ entry: WindowEntry, artifacts: [Artifact], result: ResultRecorded?
  ) {
    var entry = entry
    let item = entry.item
    let next = item.step + 1 < configuration.steps.count ? item.step + 1 : nil
    let ofStep = artifactsByStep(artifacts, entry)
    for held in item.held where held.step < item.step {
      effects.changes.append(
        .stepDone(
          StepDone(
            attempt: held.attempt, item: item.id, step: held.step,
            artifacts: ofStep[held.step] ?? [], warnings: held.warnings, nextStep: item.step,
            acceptance: held.acceptance ?? entry.acceptance)))
    }
    effects.changes.append(
      .stepDone(
        StepDone(
          attempt: attempt, item: item.id, step: item.step, artifacts: ofStep[item.step] ?? [],
          warnings: entry.warnings, nextStep: next, result: result, acceptance: entry.acceptance)))
    itemOfAttempt[attempt] = nil
    claiming.retry()
    guard let next else {
      window[item.id] = nil
      return
    }
    entry.goOn(to: next)
    entry.item.unfinished = nil
    entry.warnings = []
    if let verdict = entry.verdict { return letGo(entry, verdict) }
    window[item.id] = entry
    effects.afterCommit.append(.prepare(entry.item))
  }

  private mutating func reject(_ attempt: AttemptID, _ entry: WindowEntry, _ failure: Failure) {
    forget(attempt, entry.item.id)
    effects.changes.append(
      .resultRejected(
        ResultRejected(
          attempt: attempt, item: entry.item.id, failure: failure,
          signature: Signature(of: failure, itemKey: entry.item.key))))
  }

  private mutating func forget(_ attempt: AttemptID, _ item: ItemID) {
    itemOfAttempt[attempt] = nil
    window[item] = nil
  }

  /// A failed try: another one after a pause, unless it cannot help or the tries are used up.
  private mutating func retryOrFail(
    _ entry: WindowEntry, _ failure: Failure, notBefore: Instant? = nil,
    using random: inout some RandomNumberGenerator
  ) {
    let item = entry.item
    if let verdict = entry.verdict {
      effects.changes.append(.itemMoved(verdict.move(of: item)))
      return claiming.retry()
    }
    let step = configuration.steps[item.step]
    let policy = step.retry
    let tries = item.tries + 1
    let isFinal = failure.kind == .unknown && step.repeatsUnknown == false
    guard failure.isRetryable, !isFinal, tries < policy.attempts else { return fail(item, failure) }
    let told = notBefore.map { max(.zero, now.duration(to: $0)) }
    let floor = told ?? (earnsRetry(after: failure, at: item.step) ? .zero : policy.cap)
    let until = now.advanced(
      by: policy.pause(afterTries: tries, floor: floor, using: &random))
    var tried = item
    tried.tries = tries
    effects.changes.append(
      .itemMoved(tried.waiting(.retry, until: until, note: failure.summary)))
    claiming.retry()
    // The store says it at the next claim; until then nobody else would wake for it.
    claiming.nextDue = min(claiming.nextDue ?? until, until)
  }

  /// Whether a provider's successes have earned another retry after its failure; what a check refused,
  /// and what a server told when to retry, is free.
  ///
  /// Without it the retry waits the longest pause, so that retries cannot double the load of a
  /// provider that fails most calls. It is not given up: a night's batch outlasts a bad hour.
  private mutating func earnsRetry(after failure: Failure, at step: Int) -> Bool {
    guard [.provider, .timeout].contains(failure.kind),
      let name = configuration.steps[step].providerName
    else { return true }
    return gates[name]?.retries.withdraw() ?? true
  }

  /// A result that a full disk keeps from being checked or published: it stays with its item, which
  /// goes on there when it is claimed again.
  private mutating func postpone(
    _ attempt: AttemptID, _ entry: WindowEntry, _ failure: Failure,
    using random: inout some RandomNumberGenerator
  ) {
    forget(attempt, entry.item.id)
    postpone(entry.item, failure, using: &random)
  }

  /// Back to the queue, as if nothing had been tried, and no more starts.
  mutating func postpone(
    _ item: ClaimedItem, _ failure: Failure, using random: inout some RandomNumberGenerator
  ) {
    effects.changes.append(.itemMoved(item.queuedAgain()))
    stopOnFullDisk(failure, using: &random)
  }

  private mutating func stopOnFullDisk(
    _ failure: Failure, using random: inout some RandomNumberGenerator
  ) {
    drain(
      .stopped, why: "the disk is full: \(failure.message)", by: "engine", now: false,
      using: &random)
  }

  /// The item is failed, and its dependants are skipped by the store in the same transaction.
  ///
  /// - Parameter review: what a person who looks at it is told of its rounds.
  mutating func fail(_ item: ClaimedItem, _ failure: Failure, review: ReviewState? = nil) {
    effects.changes.append(
      .itemMoved(
        ItemMoved(
          item: item.id, to: .failed, step: item.step, tries: item.tries + 1,
          signature: Signature(of: failure, itemKey: item.key), note: failure.summary,
          review: review)))
    claiming.retry()
  }

  /// Lets an item go that a person took out while it was between two attempts.
  mutating func letGo(_ entry: WindowEntry, _ verdict: WindowEntry.Verdict) {
    window[entry.item.id] = nil
    effects.changes.append(.itemMoved(verdict.move(of: entry.item)))
    claiming.retry()
  }
}

extension WindowEntry.Verdict {
  /// The change that carries the verdict out.
  func move(of item: ClaimedItem) -> ItemMoved {
    switch self {
    case .skip(let reason):
      ItemMoved(
        item: item.id, to: .skipped, step: item.step, tries: item.tries, skipReason: .byHand,
        note: reason)
    case .cancel(let reason):
      ItemMoved(
        item: item.id, to: .cancelled, step: item.step, tries: item.tries, note: reason)
    }
  }
}
