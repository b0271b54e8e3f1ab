// What an attempt needs of its provider before it starts, and what its end says about the provider.

package import BatchModel
package import Resilience

/// What one attempt takes of a provider and of the budget.
package struct Demand: Hashable, Sendable {
  package var reservation: Reservation
  /// What the provider's limits count; an estimate, settled by what the call took.
  package var rate: MultiDimensionalLimiter.Demand
  /// Whether a time-out moves on to another model.
  package var hasNextModel: Bool
  /// The models of the step's chain, for the history of a failure.
  package var models: [String]
  /// Calls with equal warmth share a cached prompt: the first of them goes alone.
  package var warmth: String?
  /// What it runs in.
  package var place: Place
  /// Whether the reservation bounds the bill: without a bound nothing starts under a cap.
  package var isBounded: Bool

  /// The two kinds of room that an attempt can take.
  package enum Place: Hashable, Sendable {
    /// A call of ours: one of the call slots.
    case call
    /// A process that calls by itself: one of the slots for processes.
    case process
  }

  package init(
    reservation: Reservation, rate: MultiDimensionalLimiter.Demand, hasNextModel: Bool = false,
    models: [String] = [], warmth: String? = nil, place: Place = .call, isBounded: Bool = true
  ) {
    self.reservation = reservation
    self.rate = rate
    self.hasNextModel = hasNextModel
    self.models = models
    self.warmth = warmth
    self.place = place
    self.isBounded = isBounded
  }
}

/// What an attempt holds from its admission to its end.
struct Permit: Hashable, Sendable {
  var demand: Demand
  var rate: MultiDimensionalLimiter.Reservation
  var breaker: CircuitBreaker.Permit
  /// `nil` for what is not metered.
  var money: Purse.Hold?
  var startedAt: Instant
}

/// How a call ended, as its provider's limits and breaker see it.
package struct CallReport: Hashable, Sendable {
  package enum Sign: Hashable, Sendable {
    /// The provider did its part, whatever the answer is worth.
    case answered
    /// It failed: 5xx, overloaded, no connection, a broken answer.
    case failed
    /// It did not answer in time: the next model of a chain is asked.
    case timedOut
    /// It asked to wait.
    case rateLimited(until: Instant?)
    /// A quota or a credit is used up.
    case exhausted(until: Instant?)
    /// It says nothing about the provider: cancelled, refused for its content, a process's own end.
    case neutral
  }

  /// What a response's headers say is left of one limit.
  package struct Reading: Hashable, Sendable {
    package var dimension: MultiDimensionalLimiter.Dimension
    package var remaining: Int64?
    package var limit: Int64?
    package init(
      dimension: MultiDimensionalLimiter.Dimension, remaining: Int64?, limit: Int64?
    ) {
      self.dimension = dimension
      self.remaining = remaining
      self.limit = limit
    }
  }

  package var sign: Sign
  /// The charge; `nil` when nothing is due: never sent, or refused before any work.
  package var consumption: Consumption?
  /// What it took of the limits.
  package var rate: MultiDimensionalLimiter.Demand
  package var readings: [Reading]
  /// A retry is not welcome before.
  package var notBefore: Instant?

  package init(
    sign: Sign, consumption: Consumption?, rate: MultiDimensionalLimiter.Demand,
    readings: [Reading] = [], notBefore: Instant? = nil
  ) {
    self.sign = sign
    self.consumption = consumption
    self.rate = rate
    self.readings = readings
    self.notBefore = notBefore
  }
}
