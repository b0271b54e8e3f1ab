// Prices, the budget, and steps whose cost nothing bounds.

import BatchModel
import Providers

extension BatchDecoder {
  /// What the steps are judged by.
  func readMoney(_ root: CheckedGroup) {
    readProviders(root)
    // A row with a mistake is noted already; its model counts as priced.
    let zero: [String: String] = ["input": "0", "output": "0"]
    let own = ownPrices(root).compactMapValues { Price(own: zero.merging($0) { $1 }) }
    prices = PriceTable.builtIn.overridden(by: own)
    guard let group = root["budget"]?.group else { return }
    budget = BudgetLimits(
      cap: group["cap"]?.money, perItem: group["per_item"]?.money,
      perDay: group["per_day"]?.money,
      onReached: group["on_reached"]?.text.flatMap(BudgetLimits.OnReached.init) ?? .pause)
  }

  /// The definition's own prices as they are written.
  func ownPrices(_ root: CheckedGroup) -> [String: [String: String]] {
    var prices: [String: [String: String]] = [:]
    for entry in root["prices"]?.map ?? [] {
      prices[entry.name] = entry.value.group?.values.compactMapValues(\.text)
    }
    return prices
  }

  /// Notes a model that is paid by tokens and has no price: a free call is no guess to make.
  func notePrice(of model: CheckedValue, at provider: Provider) {
    guard provider.billing == .metered, let name = model.text,
      case .unknown(_, let nearest) = prices[name]
    else { return }
    let hint = (NearestName.of(name, among: prices.models) ?? nearest).map {
      "; did you mean \"\($0)\"?"
    }
    log.note(
      model.position,
      "the model \"\(name)\" has no known price; expected one with a price, or its own under "
        + "\"prices\"" + (hint ?? ""), kind: .unknownPrice)
  }

  /// Notes a process that spends under a budget, and tells of no bound of its own.
  func noteUnbounded(_ group: CheckedGroup) {
    guard budget.isSet, !group.given.contains("max_cost"), let id = group["id"]?.text else {
      return
    }
    let named = group["provider"].flatMap { value in value.text.flatMap { providers.all[$0] } }
    let output = agentOutput(group)
    guard Spending.isMetered(provider: named, output: output) else { return }
    let place = (group["provider"] ?? group["usage"])?.position ?? group.position
    log.note(place, Spending.unbounded(id))
  }
}

/// Which processes spend what a budget counts.
enum Spending {
  static func isMetered(provider: Provider?, output: AgentOutput?) -> Bool {
    if let provider { return provider.billing == .metered }
    return output?.tellsCost ?? false
  }

  static func unbounded(_ step: String) -> String {
    "the step \"\(step)\" spends under a budget, and nothing bounds what an attempt may cost; "
      + "expected a \"max_cost\", or billing: subscription for its provider"
  }
}

extension BudgetLimits {
  /// Whether anything is limited.
  var isSet: Bool { cap != nil || perItem != nil || perDay != nil }
}

extension Batch {
  /// The steps whose processes spend by themselves without a `max_cost`, by id: a cap that is set
  /// later (a flag, the environment) does not hold for them.
  package var stepsWithoutBound: [String] {
    steps.filter { step in
      guard step.costMax == nil else { return false }
      if case .llm = step.kind { return false }
      let provider = step.provider.flatMap { providers[$0] }
      return Spending.isMetered(provider: provider, output: step.agentOutput)
    }.map(\.id)
  }
}
