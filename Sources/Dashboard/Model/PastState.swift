// Where the screen is in the run's past; nothing of it matters to the run.

package import BatchModel
package import Resilience

/// A visit to the past.
package struct PastState: Hashable, Sendable {
  /// How the time goes on.
  package enum Pace: Int, Hashable, Sendable, CaseIterable {
    case standing = 0
    case real = 1
    case fast = 10
  }

  /// Tells this visit's answers from those that an earlier one left on their way.
  package let visit: Int
  /// `nil` until the first one has been replayed.
  package var moment: PastMoment?
  /// How much of a long way to a moment is done: 0…1; `nil` when none is under way.
  package var progress: Double?
  package var pace = Pace.standing
  /// When the moment was moved on last while it plays; `nil` while a move is on its way.
  package var playedAt: Instant?
  /// The newest live snapshot: what comes back.
  package var live: RunSnapshot?

  package init(visit: Int, live: RunSnapshot? = nil) {
    self.visit = visit
    self.live = live
  }
}

/// News of a visit to the past.
package enum PastNews: Hashable, Sendable {
  case moment(PastMoment, RunSnapshot)
  /// 0…1.
  case progress(Double)
  /// What was asked for, as it was at that moment.
  indirect case answer(Message)
  /// There is no such moment; the one that is shown stays.
  case refused(String)
  /// There is no past to be had.
  case failed(String)
}
