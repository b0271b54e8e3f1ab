// What a plan would cost and how long it would take, before anything is asked or paid.

package import BatchModel
import BatchStore
import Engine
import Providers
import Resilience

/// The calls that planned items make, added up by step.
///
/// Each step of an item is counted once: retries, further rounds and fallbacks come on top of it.
package struct PlanEstimate: Sendable {
  /// One step that calls a provider.
  package struct StepLine: Hashable, Sendable {
    package var step: String
    package var provider: String
    /// `nil` for a process that says afterwards which one it asked.
    package var model: String?
    package var calls: Int64 = 0
    /// Zero on a subscription, which no call adds to.
    package var worstCase = Money.zero
    /// False when a process of this step has no `max_cost`.
    package var isBounded = true
    /// By the length of the prompts and by what such calls usually produce.
    package var inputTokens: Int64 = 0
    package var outputTokens: Int64 = 0
    /// What a call of this step cost in the mean in the newest run, if it made any.
    package var meanCost: Money?
    /// The day of which its built-in prices are, as `2026-11-05`; `nil` for the definition's own.
    package var pricesAsOf: String?
  }

  /// The provider whose limits take the longest.
  package struct Pace: Hashable, Sendable {
    package var provider: String
    package var atLeast: Duration
    /// `190 requests a minute`.
    package var limit: String
  }

  /// In the order of the definition.
  package var lines: [StepLine] { estimates.compactMap { $0.line.calls > 0 ? $0.line : nil } }

  fileprivate struct StepEstimate {
    var line: StepLine
    /// What a call takes whose prompt cannot be rendered yet: it quotes an answer that is not there.
    var unrendered: Demand
  }
  /// By the step's index; steps that call nothing are left out.
  private var estimates: [StepEstimate] = []
  private var place: [Int: Int] = [:]
  private let providers: [String: Provider]

  init(
    _ batch: Batch, _ requests: ModelRequests, meanCosts: [String: Money]
  ) throws(ModelRequests.Mistake) {
    providers = batch.providers
    for (index, step) in batch.steps.enumerated() {
      guard
        let demand = try requests.demand(ofUnrendered: step, after: batch.steps.prefix(index))
      else { continue }
      place[index] = estimates.count
      var line = StepLine(step: step.id, provider: demand.reservation.provider)
      if demand.place == .call { line.model = demand.reservation.model }
      line.meanCost = meanCosts[step.id]
      line.pricesAsOf = line.model.flatMap { requests.prices[$0].price?.asOf }
      estimates.append(StepEstimate(line: line, unrendered: demand))
    }
  }

  /// Adds an item if it runs, with the step from which it does and all that follow.
  package mutating func count(_ item: PlannedItem) {
    guard case .runs(let first, _) = item.fate else { return }
    for (step, index) in place where step >= first {
      estimates[index].count(step == first ? item.demand : nil)
    }
  }

  /// The most that all of it can cost; `nil` when a process has no bound.
  package var worstCase: Money? {
    guard lines.allSatisfy(\.isBounded) else { return nil }
    return lines.reduce(.zero) { $0 + $1.worstCase }
  }

  /// By what calls of these steps cost in the newest run; `nil` when one of them made none.
  package var byLastMeans: Money? {
    var sum = Money.zero
    for line in lines {
      guard let mean = line.meanCost else { return nil }
      sum += Money(picodollars: mean.picodollars * line.calls)
    }
    return lines.isEmpty ? nil : sum
  }

  /// The oldest day of which built-in prices are that it rests on.
  package var pricesAsOf: String? { lines.compactMap(\.pricesAsOf).min() }

  /// What the limits allow at best; `nil` without limits.
  package var pace: Pace? {
    var slowest: Pace?
    for (name, limits) in providers.mapValues(\.limits) {
      let lines = lines.filter { $0.provider == name }
      for (count, limit, unit) in [
        (lines.reduce(0) { $0 + $1.calls }, limits.requestsPerMinute, "requests"),
        (lines.reduce(0) { $0 + $1.inputTokens }, limits.inputTokensPerMinute, "input tokens"),
        (lines.reduce(0) { $0 + $1.outputTokens }, limits.outputTokensPerMinute, "output tokens"),
      ] {
        guard let limit, count > 0 else { continue }
        let time = Duration.seconds(Double(count) * 60 / Double(limit))
        if time > slowest?.atLeast ?? .zero {
          slowest = Pace(provider: name, atLeast: time, limit: "\(limit) \(unit) a minute")
        }
      }
    }
    return slowest
  }
}

extension PlanEstimate.StepEstimate {
  mutating func count(_ rendered: Demand?) {
    let demand = rendered ?? unrendered
    line.calls += 1
    if demand.reservation.billing == .metered {
      line.worstCase += demand.reservation.worstCase
      line.isBounded = line.isBounded && demand.isBounded
    }
    line.inputTokens += demand.rate.inputTokens
    line.outputTokens += demand.rate.outputTokens
  }
}

extension ModelRequests {
  /// What a step takes whose prompt cannot be rendered yet; `nil` for one that calls no provider.
  fileprivate func demand(
    ofUnrendered step: Step, after earlier: ArraySlice<Step>
  ) throws(Mistake) -> Demand? {
    guard case .llm(let model) = step.kind else { return demand(ofProcess: step) }
    let answers = earlier.reduce(0) { sum, step in
      if case .llm(let model) = step.kind { sum + model.outputTokensMax } else { sum }
    }
    let texts = [step.prompt, model.system].compactMap { $0?.source.utf8.count }.reduce(0, +)
    let bound = CallBound(
      inputTokensMax: Int64(texts + answers), outputTokensMax: Int64(model.outputTokensMax))
    let provider = provider(of: model)
    let price = prices[model.models[0]].price
    guard price != nil || provider.billing == .subscription else {
      throw Mistake.unknownPrice(model: model.models[0])
    }
    return Demand(
      reservation: Reservation(
        provider: provider.name, model: model.models[0],
        worstCase: price?.worstCase(of: bound) ?? .zero, billing: provider.billing),
      rate: MultiDimensionalLimiter.Demand(
        requests: 1, inputTokens: bound.inputTokensMax / 4,
        outputTokens: bound.outputTokensMax / 2))
  }
}
