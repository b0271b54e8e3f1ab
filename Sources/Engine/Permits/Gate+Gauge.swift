// How a gate stands, for the gauges: breaker, limits, and what waits behind which of them.

import BatchModel
import Resilience

extension Gate {
  /// - Parameters:
  ///   - waiting: items of the window that wait before it.
  ///   - isHeld: whether a person holds the provider.
  func gauge(waiting: Int, isHeld: Bool, at now: Instant) -> GateGauge {
    let metrics = breaker.metrics(at: now)
    let waiting = waiting + parked
    return GateGauge(
      provider: provider.name, breaker: breaker.state.word, inFlight: inFlight,
      concurrencyLimit: concurrencyLimit, waiting: waiting, waitReason: block?.reason,
      until: block?.until, calls: callCount, inputTokens: inputTokens, outputTokens: outputTokens,
      errorRate: metrics.callsInWindow == 0
        ? nil : Double(metrics.failuresInWindow) / Double(metrics.callsInWindow),
      trips: Int(clamping: metrics.totals.trips), probeAt: probeAt(at: now),
      limits: limits(waiting: waiting, at: now), isHeld: isHeld)
  }

  private func probeAt(at now: Instant) -> Instant? {
    guard case .open = breaker.state else { return nil }
    return breaker.metrics(at: now).nextProbeAt
  }

  private func limits(waiting: Int, at now: Instant) -> [LimitGauge] {
    func gauge(_ limit: Limit, used: Double, perMinute: Double?) -> LimitGauge {
      let isInTheWay = block?.limit == limit && waiting > 0
      return LimitGauge(
        dimension: limit.words, used: min(max(used, 0), 1), limitPerMinute: perMinute,
        until: isInTheWay ? block?.until : nil, waiting: isInTheWay ? waiting : 0)
    }
    let rates: [LimitGauge] = Limit.rates.compactMap { limit, dimension in
      guard let limiter = limiter[dimension] else { return nil }
      let free = Double(limiter.available(at: now)) / Double(limiter.options.burst)
      return gauge(limit, used: 1 - free, perMinute: limiter.options.perMinute)
    }
    guard let most = concurrencyLimit else { return rates }
    return rates + [
      gauge(.concurrent, used: Double(inFlight) / Double(max(most, 1)), perMinute: nil)
    ]
  }
}

/// One of the limits that a provider can have.
enum Limit: Hashable, Sendable {
  case requests, inputTokens, outputTokens, concurrent

  static let rates: [(Limit, MultiDimensionalLimiter.Dimension)] = [
    (.requests, .requests), (.inputTokens, .inputTokens), (.outputTokens, .outputTokens),
  ]

  init(_ dimension: MultiDimensionalLimiter.Dimension) {
    switch dimension {
    case .requests: self = .requests
    case .inputTokens: self = .inputTokens
    case .outputTokens: self = .outputTokens
    }
  }

  /// The gauges' word.
  var words: String {
    switch self {
    case .requests: "requests"
    case .inputTokens: "input tokens"
    case .outputTokens: "output tokens"
    case .concurrent: "concurrent"
    }
  }
}

extension MultiDimensionalLimiter {
  fileprivate subscript(dimension: Dimension) -> RateLimiter? {
    switch dimension {
    case .requests: requests
    case .inputTokens: inputTokens
    case .outputTokens: outputTokens
    }
  }
}
