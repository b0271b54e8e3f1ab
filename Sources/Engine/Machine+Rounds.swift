// Rounds: results that wait for a review, work that is sent back, and the end of going in circles.

import BatchModel
import Resilience

extension Machine {
  /// The review that has to pass before the step's result is published; `nil` for most steps.
  func review(over step: Int) -> Int? {
    let steps = configuration.steps
    return steps.indices.dropFirst(step + 1).first { index in
      guard let start = loopStart(of: index) else { return false }
      return start <= step
    }
  }

  /// The step to which a review sends the work back.
  private func loopStart(of review: Int) -> Int? {
    configuration.steps[review].review.flatMap { self.index(of: $0.sendsBackTo) }
  }

  private func index(of step: String) -> Int? {
    configuration.steps.firstIndex { $0.id == step }
  }

  /// Whether a result that is held is to be published.
  func holdsOutput(_ item: ClaimedItem) -> Bool {
    item.held.contains { configuration.steps[$0.step].output != nil }
  }

  /// The step is done but for its review: on to the next one.
  mutating func hold(
    _ attempt: AttemptID, _ entry: WindowEntry, _ candidate: SealedObject?,
    result: ResultRecorded?
  ) {
    var entry = entry
    let item = entry.item
    effects.changes.append(
      .resultHeld(
        ResultHeld(
          attempt: attempt, item: item.id, step: item.step, warnings: entry.warnings,
          nextStep: item.step + 1, result: result)))
    itemOfAttempt[attempt] = nil
    entry.item.held.removeAll { $0.step == item.step }
    entry.item.held.append(
      HeldResult(
        attempt: attempt, step: item.step, candidate: candidate, warnings: entry.warnings,
        acceptance: entry.acceptance))
    entry.turn(to: item.step + 1)
    entry.item.unfinished = nil
    entry.warnings = []
    if let verdict = entry.verdict { return letGo(entry, verdict) }
    window[item.id] = entry
    effects.afterCommit.append(.prepare(entry.item))
  }

  /// A review wants changes: another round, unless that leads nowhere.
  mutating func sendBack(
    _ attempt: AttemptID, _ entry: WindowEntry, _ feedback: String, _ report: AttemptReport
  ) {
    let item = entry.item
    let step = configuration.steps[item.step]
    guard let review = step.review, let start = index(of: review.sendsBackTo) else { return }
    var state = item.review ?? ReviewState()
    state.round += 1
    state.feedback = feedback.prefix(bytes: ReviewState.feedbackBytesMax)
    let verdict = state.detector.observe(
      Digest(of: NormalisedFeedback(feedback, step: step.id).text))
    var target = start
    switch verdict {
    case .veto(let evidence):
      guard case .escalate(let name) = review.onLoop, !state.hasEscalated,
        let other = index(of: name)
      else { return stopRounds(attempt, entry, .loop, evidence.sentence, report, at: start, state) }
      target = other
      state.hasEscalated = true
    case .proceed where state.roundsUsed >= review.rounds:
      let words = "\(step.id) still wants changes after \(review.rounds) rounds"
      return stopRounds(attempt, entry, .rounds, words, report, at: start, state)
    case .proceed: break
    }
    goBack(attempt, entry, to: target, state, report)
  }

  private mutating func goBack(
    _ attempt: AttemptID, _ entry: WindowEntry, to step: Int, _ state: ReviewState,
    _ report: AttemptReport
  ) {
    var entry = entry
    let item = entry.item
    let result = ResultRecorded(
      attempt: attempt, item: item.id, step: item.step, candidate: nil, usage: report.usage,
      consumption: report.call?.consumption)
    effects.changes.append(
      .sentBack(
        SentBack(
          attempt: attempt, item: item.id, step: item.step, to: step, state: state,
          result: result)))
    itemOfAttempt[attempt] = nil
    entry.turn(to: step)
    entry.item.review = state
    entry.item.held = []
    if let verdict = entry.verdict { return letGo(entry, verdict) }
    window[item.id] = entry
    effects.afterCommit.append(.prepare(entry.item))
  }

  /// The item fails; a retry begins the rounds anew.
  ///
  /// What the review said last stays with it, for the person who has the next word.
  private mutating func stopRounds(
    _ attempt: AttemptID, _ entry: WindowEntry, _ kind: Failure.Class, _ words: String,
    _ report: AttemptReport, at start: Int, _ state: ReviewState
  ) {
    let failure = Failure(kind: kind, message: words)
    effects.changes.append(
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: entry.item.id, outcome: .failed, failure: failure,
          signature: Signature(of: failure, itemKey: entry.item.key), usage: report.usage,
          consumption: report.call?.consumption)))
    itemOfAttempt[attempt] = nil
    window[entry.item.id] = nil
    var item = entry.item
    item.step = start
    fail(item, failure, review: state)
  }

  /// What was published, by the step whose result it is.
  func artifactsByStep(_ artifacts: [Artifact], _ entry: WindowEntry) -> [Int: [Artifact]] {
    let steps = Dictionary(
      entry.intents.map { ($0.path, $0.step ?? entry.item.step) }
    ) { first, _ in first }
    return Dictionary(grouping: artifacts) { steps[$0.path] ?? entry.item.step }
  }
}

extension LoopDetector.Evidence {
  /// The evidence for a person.
  fileprivate var sentence: String {
    let rounds = rounds.map(String.init).joined(separator: ", ")
    switch pattern {
    case .repetition: return "the review said the same twice in a row (rounds \(rounds))"
    case .alternation: return "the review said two things in turn (rounds \(rounds))"
    }
  }
}
