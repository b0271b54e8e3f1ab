// A source of model answers as the definition describes it: where it is, what it allows, how its
// failures are met.

package import Resilience

/// A provider.
package struct Provider: Hashable, Sendable, Codable {
  /// How it is spoken to.
  package enum API: String, Hashable, Sendable, Codable, CaseIterable {
    case anthropic
    case openai
    case openaiResponses = "openai-responses"
    /// By a command-line agent that a `run` step starts.
    case cli
  }

  /// Who pays by what.
  package enum Billing: String, Hashable, Sendable, Codable, CaseIterable {
    /// By tokens: counts towards the cap.
    case metered
    /// A fixed sum: costs are estimates, shown with `~`, outside the cap.
    case subscription
  }

  /// What the provider allows; `nil` is no limit.
  package struct Limits: Hashable, Sendable, Codable {
    package var requestsPerMinute: Int64?
    package var inputTokensPerMinute: Int64?
    package var outputTokensPerMinute: Int64?
    /// Calls in flight.
    package var concurrent: Int?
    /// Whether the number of calls in flight is found out, up to `concurrent`.
    package var isAdaptive: Bool
    package init(
      requestsPerMinute: Int64? = nil, inputTokensPerMinute: Int64? = nil,
      outputTokensPerMinute: Int64? = nil, concurrent: Int? = nil, isAdaptive: Bool = false
    ) {
      self.requestsPerMinute = requestsPerMinute
      self.inputTokensPerMinute = inputTokensPerMinute
      self.outputTokensPerMinute = outputTokensPerMinute
      self.concurrent = concurrent
      self.isAdaptive = isAdaptive
    }
  }

  package var name: String
  package var api: API
  /// `nil` is the vendor's own address.
  package var baseURL: String?
  /// The environment variable that holds the key; `nil` sends none.
  package var keyVariable: String?
  package var billing: Billing
  package var limits: Limits
  package var breaker: CircuitBreaker.Options
  package var health: HealthProbe?

  package init(
    name: String, api: API, baseURL: String? = nil, keyVariable: String? = nil,
    billing: Billing = .metered, limits: Limits = Limits(),
    breaker: CircuitBreaker.Options = CircuitBreaker.Options(), health: HealthProbe? = nil
  ) {
    self.name = name
    self.api = api
    self.baseURL = baseURL
    self.keyVariable = keyVariable
    self.billing = billing
    self.limits = limits
    self.breaker = breaker
    self.health = health
  }
}

/// What may be spent.
package struct BudgetLimits: Hashable, Sendable, Codable {
  package enum OnReached: String, Hashable, Sendable, Codable { case pause, stop }
  /// The run's hard cap; `nil` is none.
  package var cap: Money?
  /// For one item, over all its steps and tries.
  package var perItem: Money?
  /// For one day (UTC), over all runs of the workspace.
  package var perDay: Money?
  package var onReached: OnReached
  package init(
    cap: Money? = nil, perItem: Money? = nil, perDay: Money? = nil, onReached: OnReached = .pause
  ) {
    self.cap = cap
    self.perItem = perItem
    self.perDay = perDay
    self.onReached = onReached
  }
}

/// What the engine does about a wait that is long.
package struct LongWait: Hashable, Sendable, Codable {
  package enum Reaction: String, Hashable, Sendable, Codable {
    /// Sleeps, and wakes when it is over.
    case stay
    /// Leaves with a resumable exit; a later `run` goes on.
    case leave
  }
  /// A wait that is longer is a long one.
  package var threshold: Duration
  /// `nil`: stays when it works detached, leaves when it works in front.
  package var reaction: Reaction?
  package init(threshold: Duration = .seconds(600), reaction: Reaction? = nil) {
    self.threshold = threshold
    self.reaction = reaction
  }
}
