// A moment of a run's past: how one is asked for, and what is said of it.

package import Resilience

/// Where in a run's past somebody wants to be.
package enum PastPlace: Hashable, Sendable {
  /// Right after the event with that number.
  case sequence(Int64)
  /// As things stood at that time.
  case time(Instant)
  /// So many events further on, or back.
  case events(Int)
  /// The next failure of an item or change of a provider's breaker, or the one before.
  case trouble(isForward: Bool)
}

/// One event's place in a run.
package struct PastEvent: Hashable, Sendable {
  package var sequence: Int64
  package var at: Instant
  package init(sequence: Int64, at: Instant) {
    self.sequence = sequence
    self.at = at
  }
}

/// A moment of a run's past.
package struct PastMoment: Hashable, Sendable {
  /// The newest event of that moment.
  package var event: PastEvent
  /// The time that is meant: the event's, or a later one before the next event.
  package var at: Instant
  /// The run's first and newest event.
  package var first: PastEvent
  package var last: PastEvent
  /// What the event says, in one line.
  package var sentence: String
  /// The run's time in equal parts: how many items failed in each that are failed now.
  package var failures: [Int]
  package init(
    event: PastEvent, at: Instant, first: PastEvent, last: PastEvent, sentence: String = "",
    failures: [Int] = []
  ) {
    self.event = event
    self.at = at
    self.first = first
    self.last = last
    self.sentence = sentence
    self.failures = failures
  }

  /// How much of the run's time has passed: 0…1.
  package var fraction: Double {
    let whole = first.at.duration(to: last.at) / .seconds(1)
    guard whole > 0 else { return 1 }
    return min(1, max(0, first.at.duration(to: at) / .seconds(1) / whole))
  }
}
