// What a dead engine left behind, turned into changes: pure, so that the simulator crashes it.

package import BatchModel

/// An attempt without an outcome, and what is known of it after the crash.
package struct Abandoned: Hashable, Sendable {
  package enum Evidence: Hashable, Sendable {
    /// Its result is committed: the item goes on at the checks.
    case hasResult
    /// It may have run, in whole or in part.
    case mayHaveRun
    /// Its staging folder was never made: no process was started for it.
    case neverLaunched
  }
  package var attempt: AttemptID
  package var item: ItemID
  package var step: Int
  package var tries: Int
  package var evidence: Evidence
  /// What it reserved and was not settled: charged, if it may have been sent.
  package var reservation: Reservation?
  /// The place in the step's chain of models of the one that was asked.
  package var model: Int
  package var review: ReviewState?
  /// Whether its step is repeated when nobody knows what it did.
  package var repeatsUnknown: Bool
  package init(
    attempt: AttemptID, item: ItemID, step: Int, tries: Int, evidence: Evidence,
    reservation: Reservation? = nil, model: Int = 0, review: ReviewState? = nil,
    repeatsUnknown: Bool = true
  ) {
    self.attempt = attempt
    self.item = item
    self.step = step
    self.tries = tries
    self.evidence = evidence
    self.reservation = reservation
    self.model = model
    self.review = review
    self.repeatsUnknown = repeatsUnknown
  }
}

extension Failure {
  /// Of an attempt that ended with its engine, or was killed, and is not to be repeated.
  package static let brokenOff = Failure(
    kind: .unknown,
    message: "it was broken off, and may have done its work: retry_unknown is false")
}

/// Recovery after a crash.
package enum Recovery {
  /// Puts every abandoned item back into the queue, at the step where it was; fails one whose attempt
  /// may have done its work and must not be repeated.
  ///
  /// A committed result stays with its item, which is claimed with it and goes on at its checks. An
  /// unknown attempt counts as no try: its command may have succeeded. Its whole reservation is
  /// charged: whether the provider bills it, nobody here can know.
  package static func changes(for abandoned: [Abandoned]) -> [Change] {
    abandoned.flatMap { left -> [Change] in
      let queued = Change.itemMoved(
        ItemMoved(
          item: left.item, to: .queued, step: left.step, tries: left.tries,
          model: left.model == 0 ? nil : left.model, review: left.review))
      var ended = AttemptEnded(attempt: left.attempt, item: left.item, outcome: .unknown)
      switch left.evidence {
      case .hasResult: return [queued]
      case .mayHaveRun: ended.consumption = left.reservation.map(Consumption.init(worstCaseOf:))
      case .neverLaunched: ended.outcome = .neverStarted
      }
      guard left.evidence == .mayHaveRun, !left.repeatsUnknown else {
        return [.attemptEnded(ended), queued]
      }
      let failure = Failure.brokenOff
      ended.failure = failure
      ended.signature = Signature(of: failure, itemKey: "")
      let failed = Change.itemMoved(
        ItemMoved(
          item: left.item, to: .failed, step: left.step, tries: left.tries + 1,
          signature: ended.signature, note: failure.summary, review: left.review))
      return [.attemptEnded(ended), failed]
    }
  }
}
