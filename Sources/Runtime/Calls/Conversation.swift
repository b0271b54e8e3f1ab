// The calls of one attempt and what they amount to: the bill, the sign for the limits, the failure.

import BatchModel
import Engine
import ModelCalls
import Providers
import Resilience

/// One attempt's calls: one, or more when an answer was asked for again.
struct Conversation: Sendable {
  var call: ModelCall
  let provider: Provider
  let reservation: Reservation
  /// `nil` for a model without a price, which only a subscription may have.
  let price: Price?
  private(set) var ends: [CallEnd] = []
  private(set) var consumption: Consumption?

  init(call: ModelCall, provider: Provider, reservation: Reservation, price: Price?) {
    self.call = call
    self.provider = provider
    self.reservation = reservation
    self.price = price
  }

  /// The last call's outcome; `nil` when it was cancelled.
  var outcome: CallOutcome? {
    guard case .outcome(let outcome)? = ends.last?.result else { return nil }
    return outcome
  }

  /// What the calls so far cost.
  var cost: Money { consumption?.cost ?? .zero }

  mutating func take(_ end: CallEnd) {
    ends.append(end)
    switch end.charge {
    case .nothing: break
    case .worstCase: consumption = Consumption(worstCaseOf: reservation)
    case .usage(let usage): add(usage)
    }
  }

  private mutating func add(_ usage: Usage) {
    var sum =
      consumption
      ?? Consumption(
        provider: reservation.provider, model: reservation.model, cost: .zero,
        billing: reservation.billing)
    sum.inputTokens += usage.inputTokens
    sum.cacheReadTokens += usage.cacheReadTokens
    sum.cacheWriteTokens += usage.cacheWriteTokens + usage.hourCacheWriteTokens
    sum.outputTokens += usage.outputTokens
    sum.reasoningTokens += usage.reasoningTokens
    if let price {
      sum.cost += price.cost(of: usage)
      if !price.unpriced(in: usage).isEmpty {
        // Something that was billed has no price here: the bound is the best that is known.
        sum.cost = max(sum.cost, reservation.worstCase)
        sum.isWorstCase = true
      }
    }
    consumption = sum
  }

  func report(at now: Instant) -> CallReport {
    CallReport(
      sign: sign, consumption: consumption, rate: rate, readings: readings, notBefore: notBefore)
  }

  private var sign: CallReport.Sign {
    guard let outcome else { return .neutral }
    switch outcome.verdict {
    case .answered, .truncated, .refused, .hollow: return .answered
    case .retry(let counts, _): return counts ? .failed : .neutral
    case .fallBack: return .timedOut
    case .rateLimited(let until): return .rateLimited(until: until)
    case .quota(_, let resetsAt): return .exhausted(until: resetsAt)
    case .stop: return .neutral
    case .broken, .unknownOutcome: return .failed
    }
  }

  private var notBefore: Instant? {
    guard case .retry(_, let notBefore)? = outcome?.verdict else { return nil }
    return notBefore
  }

  /// What the calls took of the limits; refused ones count as requests alone.
  private var rate: MultiDimensionalLimiter.Demand {
    var rate = MultiDimensionalLimiter.Demand(requests: 0)
    for end in ends where end.charge != .nothing || !isUnsent(end) {
      rate.requests += 1
      guard case .usage(let usage) = end.charge else { continue }
      rate.inputTokens +=
        call.api == .anthropic ? usage.uncachedInputTokens : usage.promptTokens
      rate.outputTokens += usage.outputTokens
    }
    if consumption?.isWorstCase == true {
      let estimate = RateDemand(of: call)
      rate.inputTokens = max(rate.inputTokens, estimate.inputTokens)
      rate.outputTokens = max(rate.outputTokens, estimate.outputTokens)
    }
    return rate
  }

  private func isUnsent(_ end: CallEnd) -> Bool {
    switch end.result {
    case .cancelled(.nothing, _): true
    case .cancelled: false
    // Without a status there was no response: the request never arrived.
    case .outcome(let outcome): outcome.status == 0
    }
  }

  private var readings: [CallReport.Reading] {
    (outcome?.readings ?? []).compactMap { reading in
      let dimension: MultiDimensionalLimiter.Dimension
      switch reading.dimension {
      case .requests: dimension = .requests
      case .inputTokens: dimension = .inputTokens
      case .outputTokens: dimension = .outputTokens
      // One limit for both kinds has no limiter of its own here.
      case .tokens, .projectTokens: return nil
      }
      return CallReport.Reading(
        dimension: dimension, remaining: reading.remaining, limit: reading.limit)
    }
  }
}

extension Failure {
  /// The failure that an outcome amounts to; `nil` for an answer.
  init?(_ outcome: CallOutcome, masked: (String) -> String) {
    let kind: Class
    switch outcome.verdict {
    case .answered: return nil
    case .truncated: kind = .truncated
    case .refused: kind = .refusal
    case .hollow: kind = .hollow
    case .retry, .rateLimited, .quota: kind = .provider
    case .fallBack: kind = .timeout
    case .stop: kind = .request
    case .broken: kind = .broken
    case .unknownOutcome: kind = .unknown
    }
    let status = outcome.status == 200 ? 0 : outcome.status
    let words = [outcome.code, outcome.message].filter { !$0.isEmpty }.joined(separator: ": ")
    self.init(kind: kind, status: Int32(clamping: status), message: masked(words))
  }
}
