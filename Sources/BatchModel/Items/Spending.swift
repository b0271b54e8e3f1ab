// What attempts may cost and what they did cost.

package import Resilience

/// What an attempt may cost at most: written with its start, before anything is sent.
package struct Reservation: Hashable, Sendable, Codable {
  package var provider: String
  /// The model that is asked.
  package var model: String
  package var worstCase: Money
  package var billing: Provider.Billing
  package init(
    provider: String, model: String, worstCase: Money, billing: Provider.Billing = .metered
  ) {
    self.provider = provider
    self.model = model
    self.worstCase = worstCase
    self.billing = billing
  }
}

/// What an attempt used, and what that costs.
package struct Consumption: Hashable, Sendable, Codable {
  package var provider: String
  /// The model that answered, by the name under which it was asked.
  package var model: String
  /// Input at the full price.
  package var inputTokens: Int64
  package var cacheReadTokens: Int64
  package var cacheWriteTokens: Int64
  /// All output, reasoning included.
  package var outputTokens: Int64
  package var reasoningTokens: Int64
  package var cost: Money
  package var billing: Provider.Billing
  /// The bill is not known and the reservation stands in for it: an answer that was lost, or one
  /// without usage.
  package var isWorstCase: Bool

  package init(
    provider: String, model: String, inputTokens: Int64 = 0, cacheReadTokens: Int64 = 0,
    cacheWriteTokens: Int64 = 0, outputTokens: Int64 = 0, reasoningTokens: Int64 = 0,
    cost: Money, billing: Provider.Billing = .metered, isWorstCase: Bool = false
  ) {
    self.provider = provider
    self.model = model
    self.inputTokens = inputTokens
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.outputTokens = outputTokens
    self.reasoningTokens = reasoningTokens
    self.cost = cost
    self.billing = billing
    self.isWorstCase = isWorstCase
  }

  /// The whole prompt.
  package var promptTokens: Int64 { inputTokens + cacheReadTokens + cacheWriteTokens }

  /// The charge for an attempt of which nothing is known but its reservation.
  package init(worstCaseOf reservation: Reservation) {
    self.init(
      provider: reservation.provider, model: reservation.model, cost: reservation.worstCase,
      billing: reservation.billing, isWorstCase: true)
  }
}

/// What counts towards caps so far.
package struct Spent: Hashable, Sendable, Codable {
  /// Metered cost of the run.
  package var run: Money
  /// Metered cost of the day (UTC), over all runs of the workspace.
  package var day: Money
  package init(run: Money = .zero, day: Money = .zero) {
    self.run = run
    self.day = day
  }
}

/// By what a cost report adds up.
package enum SpendingAxis: String, Hashable, Sendable, CaseIterable {
  case model, step, day, item
}

/// Sums over attempts, for reports.
package struct SpendingRow: Hashable, Sendable, Codable {
  /// What is summed: a model, a step, a day, an item's key.
  package var name: String
  package var provider: String?
  package var billing: Provider.Billing
  package var calls: Int64
  package var inputTokens: Int64
  package var cacheReadTokens: Int64
  package var cacheWriteTokens: Int64
  package var outputTokens: Int64
  package var reasoningTokens: Int64
  package var cost: Money
  package init(
    name: String, provider: String? = nil, billing: Provider.Billing, calls: Int64,
    inputTokens: Int64 = 0, cacheReadTokens: Int64 = 0, cacheWriteTokens: Int64 = 0,
    outputTokens: Int64 = 0, reasoningTokens: Int64 = 0, cost: Money
  ) {
    self.name = name
    self.provider = provider
    self.billing = billing
    self.calls = calls
    self.inputTokens = inputTokens
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.outputTokens = outputTokens
    self.reasoningTokens = reasoningTokens
    self.cost = cost
  }
}

/// How a provider stands, kept through crashes.
package struct ProviderState: Hashable, Sendable, Codable {
  package var breaker: CircuitBreaker?
  /// Nothing more goes to it before: a quota or a credit is used up.
  package var heldUntil: Instant?
  package init(breaker: CircuitBreaker? = nil, heldUntil: Instant? = nil) {
    self.breaker = breaker
    self.heldUntil = heldUntil
  }
}

/// A run's cap as it was changed while it ran, and whether a bill exceeded its bound.
package struct BudgetState: Hashable, Sendable, Codable {
  /// Over the definition's cap; `nil` leaves that one.
  package var cap: Money?
  /// A bill exceeded its reservation: nothing more is sent until a person has looked.
  package var isLatched: Bool
  package init(cap: Money? = nil, isLatched: Bool = false) {
    self.cap = cap
    self.isLatched = isLatched
  }
}
