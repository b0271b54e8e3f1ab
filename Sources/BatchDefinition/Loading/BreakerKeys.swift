// Which key of a breaker sets which option: for the definition and for the environment alike.

import Resilience

/// The keys of `breaker`.
enum BreakerKeys {
  typealias Write = @Sendable (inout CircuitBreaker.Options, CheckedValue) -> Void

  /// In the order of the keyword table, which judges the values.
  static let all: [(name: String, write: Write)] = [
    ("failures", { $0.consecutiveFailures = $1.integer ?? $0.consecutiveFailures }),
    ("window", { $0.window = $1.duration ?? $0.window }),
    ("failure_rate", { $0.failureRate = $1.share ?? $0.failureRate }),
    ("minimum_calls", { $0.minimumCalls = $1.integer ?? $0.minimumCalls }),
    // `off` is a value too.
    ("slow_call", { $0.slowCall = $1.duration }),
    ("slow_call_rate", { $0.slowCallRate = $1.share ?? $0.slowCallRate }),
    ("open_for", { $0.openFor = $1.duration ?? $0.openFor }),
    ("open_for_max", { $0.openForMax = $1.duration ?? $0.openForMax }),
    ("retry_after_max", { $0.retryAfterMax = $1.duration ?? $0.retryAfterMax }),
    ("probes", { $0.halfOpenProbes = $1.integer ?? $0.halfOpenProbes }),
    ("probe_doublings", { $0.halfOpenDoublings = $1.integer ?? $0.halfOpenDoublings }),
    ("probe_timeout", { $0.probeTimeout = $1.duration ?? $0.probeTimeout }),
  ]

  static let tooManyProbes =
    "probes, doubled so often, are more than 8 at once; expected fewer probes or doublings"
}

extension CircuitBreaker.Options {
  /// A breaker holds at most 8 probes at once.
  var hasRoomForProbes: Bool { halfOpenProbes << halfOpenDoublings <= 8 }
}
