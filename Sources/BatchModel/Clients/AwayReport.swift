// What happened to a run while nobody looked: numbers and moments, which the away screen and
// `status --since` put into words.

package import Resilience

/// A run from one moment to another.
package struct AwayReport: Hashable, Sendable {
  package var run: RunID
  /// When the person looked last, and now.
  package var from: Instant
  package var to: Instant
  /// Items that came into their state in between and still stand there.
  package var done: Int
  package var failed: Int
  package var skipped: Int
  package var cancelled: Int
  /// Names of the groups that failed for the first time, or again after they were resolved.
  package var newGroups: [String]
  package var reopenedGroups: [String]
  /// How much later the run ends than it looked then; negative is earlier.
  ///
  /// `nil` without samples.
  package var slip: Duration?
  /// The same breakers first that the person would look at first: open ones, then the longest.
  package var breakers: [BreakerTrouble]
  /// How long providers let nothing through for their rate limits and quotas, added up.
  package var waited: Duration
  /// The provider that was waited for the longest.
  package var worstWait: LimitWait?
  /// Metered.
  package var spent: Money
  /// `nil` without a cap.
  package var cap: Money?
  /// When the cap has no more room at the rate of the last hour; `nil` when the run ends before.
  package var capReachedAt: Instant?
  package var pauses: [Pause]
  package var capChanges: [CapChange]
  /// What else people asked for, oldest first.
  package var levers: [Lever]
  /// When engines went on with the run.
  package var restarts: [Instant]
  /// How the run stands now.
  package var state: RunState

  /// A provider's breaker.
  package struct BreakerTrouble: Hashable, Sendable {
    package var provider: String
    /// How often it opened after it had been closed.
    package var trips: Int
    /// The longest time that it was not closed, as far as it lies in between.
    package var longest: Duration
    package var isOpen: Bool
    package init(provider: String, trips: Int, longest: Duration, isOpen: Bool) {
      self.provider = provider
      self.trips = trips
      self.longest = longest
      self.isOpen = isOpen
    }
  }

  /// Time that a provider's limit cost.
  package struct LimitWait: Hashable, Sendable {
    package var provider: String
    /// `requests`, `tokens`, `quota`; `nil` when the provider did not say.
    package var dimension: String?
    package var waited: Duration
    package init(provider: String, dimension: String?, waited: Duration) {
      self.provider = provider
      self.dimension = dimension
      self.waited = waited
    }
  }

  package struct Pause: Hashable, Sendable {
    package var from: Instant
    /// `nil` while it lasts.
    package var to: Instant?
    package var by: String
    package var why: String
    package init(from: Instant, to: Instant?, by: String, why: String) {
      self.from = from
      self.to = to
      self.by = by
      self.why = why
    }
  }

  package struct CapChange: Hashable, Sendable {
    package var at: Instant
    /// `nil` is no cap.
    package var from: Money?
    package var to: Money?
    package var by: String
    package init(at: Instant, from: Money?, to: Money?, by: String) {
      self.at = at
      self.from = from
      self.to = to
      self.by = by
    }
  }

  /// Something that a person asked for.
  package struct Lever: Hashable, Sendable {
    package var at: Instant
    package var by: String
    /// `retry of G-07`, `breaker openai closed`.
    package var what: String
    package init(at: Instant, by: String, what: String) {
      self.at = at
      self.by = by
      self.what = what
    }
  }

  package init(
    run: RunID, from: Instant, to: Instant, done: Int = 0, failed: Int = 0, skipped: Int = 0,
    cancelled: Int = 0, newGroups: [String] = [], reopenedGroups: [String] = [],
    slip: Duration? = nil, breakers: [BreakerTrouble] = [], waited: Duration = .zero,
    worstWait: LimitWait? = nil, spent: Money = .zero, cap: Money? = nil,
    capReachedAt: Instant? = nil, pauses: [Pause] = [], capChanges: [CapChange] = [],
    levers: [Lever] = [], restarts: [Instant] = [], state: RunState = .running
  ) {
    self.run = run
    self.from = from
    self.to = to
    self.done = done
    self.failed = failed
    self.skipped = skipped
    self.cancelled = cancelled
    self.newGroups = newGroups
    self.reopenedGroups = reopenedGroups
    self.slip = slip
    self.breakers = breakers
    self.waited = waited
    self.worstWait = worstWait
    self.spent = spent
    self.cap = cap
    self.capReachedAt = capReachedAt
    self.pauses = pauses
    self.capChanges = capChanges
    self.levers = levers
    self.restarts = restarts
    self.state = state
  }

  /// Whether there is nothing to tell.
  package var isEmpty: Bool {
    done == 0 && failed == 0 && skipped == 0 && cancelled == 0 && breakers.isEmpty
      && waited == .zero && spent == .zero && pauses.isEmpty && capChanges.isEmpty
      && levers.isEmpty && restarts.isEmpty
  }
}
