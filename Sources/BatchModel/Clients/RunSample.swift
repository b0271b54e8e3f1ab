// A run's figures at one moment of its past: what sparklines and time travel draw. News, not truth:
// no ledger tells them.

package import Resilience

/// How a run stood at a moment.
///
/// An engine takes one every ten seconds while it works. After an hour one a minute is kept, after a
/// day one in ten minutes.
package struct RunSample: Hashable, Sendable, Codable {
  package var at: Instant
  package var counts: ItemCounts
  /// Items ended a second, over the ten seconds before.
  package var rate: Double
  /// Metered.
  package var spent: Money
  package var reserved: Money
  /// Items that waited: for a time of their own, or for a permit.
  package var waiting: Int
  /// Calls and processes in flight, by provider.
  package var inFlight: [String: Int]
  /// How each provider's breaker stood: the words of `GateGauge.breaker`.
  package var breakers: [String: String]
  /// Processes that ran.
  package var slotsUsed: Int

  package init(
    at: Instant, counts: ItemCounts, rate: Double, spent: Money = .zero, reserved: Money = .zero,
    waiting: Int = 0, inFlight: [String: Int] = [:], breakers: [String: String] = [:],
    slotsUsed: Int = 0
  ) {
    self.at = at
    self.counts = counts
    self.rate = rate
    self.spent = spent
    self.reserved = reserved
    self.waiting = waiting
    self.inFlight = inFlight
    self.breakers = breakers
    self.slotsUsed = slotsUsed
  }
}

/// When a person looked at a run last: the last key that was pressed.
package struct Seen: Hashable, Sendable, Codable {
  package var at: Instant
  /// The run's newest event then.
  package var sequence: Int64
  package init(at: Instant, sequence: Int64) {
    self.at = at
    self.sequence = sequence
  }
}
