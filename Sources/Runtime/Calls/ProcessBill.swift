// What a process's own word makes its bill: exact where it says the cost, by the price list where it
// says the tokens of a known model, and unknown otherwise.

import BatchModel
import Providers

/// What a process says that it used.
struct ProcessBill: Hashable, Sendable {
  /// `nil` when it does not say.
  var model: String?
  var usage: Usage?
  /// `nil` when nothing tells it: then the reservation stands in for it.
  var cost: Money?

  /// The bill of a command-line agent.
  init(_ report: AgentReport, prices: PriceTable) {
    model = report.model
    usage = report.usage.usage
    cost = report.cost ?? Self.cost(of: report.usage.usage, model: report.model, prices)
  }

  /// The bill of an agent that speaks the protocol; `nil` when it says nothing.
  init?(_ used: [AgentUsage], prices: PriceTable) {
    guard !used.isEmpty else { return nil }
    let names = used.compactMap(\.model)
    model = names.isEmpty ? nil : names.joined(separator: " + ")
    var sum = Usage()
    var total: Money? = .zero
    for part in used {
      let usage = Usage(part)
      sum.add(usage)
      let own = part.cost.flatMap { Money(dollars: $0) }
      let cost = own ?? Self.cost(of: usage, model: part.model, prices)
      total = total.flatMap { so in cost.map { so + $0 } }
    }
    usage = sum
    cost = total
  }

  private static func cost(of usage: Usage?, model: String?, _ prices: PriceTable) -> Money? {
    guard let usage, let model, let price = prices[model].price, price.unpriced(in: usage).isEmpty
    else { return nil }
    return price.cost(of: usage)
  }

  /// What is written for the attempt.
  func consumption(_ reservation: Reservation) -> Consumption {
    Consumption(
      provider: reservation.provider, model: model ?? reservation.model,
      inputTokens: usage?.inputTokens ?? 0, cacheReadTokens: usage?.cacheReadTokens ?? 0,
      cacheWriteTokens: (usage?.cacheWriteTokens ?? 0) + (usage?.hourCacheWriteTokens ?? 0),
      outputTokens: usage?.outputTokens ?? 0, reasoningTokens: usage?.reasoningTokens ?? 0,
      cost: cost ?? reservation.worstCase, billing: reservation.billing,
      isWorstCase: cost == nil)
  }
}

extension Usage {
  fileprivate init(_ part: AgentUsage) {
    self.init(
      inputTokens: part.inputTokens, cacheReadTokens: part.cacheReadTokens,
      cacheWriteTokens: part.cacheWriteTokens, outputTokens: part.outputTokens)
  }

  /// At most 64 parts of bounded counts: their sum cannot overflow.
  fileprivate mutating func add(_ other: Usage) {
    inputTokens += other.inputTokens
    cacheReadTokens += other.cacheReadTokens
    cacheWriteTokens += other.cacheWriteTokens
    outputTokens += other.outputTokens
  }
}
