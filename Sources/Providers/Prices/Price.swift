// What a model costs, and what a call has cost by it.

package import BatchModel

/// The prices of one model.
package struct Price: Hashable, Sendable, Codable {
  /// A price for each kind of token.
  package struct Rates: Hashable, Sendable, Codable {
    package var input: TokenPrice
    package var output: TokenPrice
    package var cacheRead: TokenPrice
    package var cacheWrite: TokenPrice
    package var hourCacheWrite: TokenPrice
    /// Reasoning that is billed apart; providers bill it as output so far.
    package var reasoning: TokenPrice

    /// Makes rates; what is not given is taken at the dearer guess, never at nothing.
    ///
    /// A cache read at the input's price; a write at the input's price; a write for an hour at twice
    /// the input's price (Anthropic's factor); reasoning at the output's price.
    package init(
      input: TokenPrice, output: TokenPrice, cacheRead: TokenPrice? = nil,
      cacheWrite: TokenPrice? = nil, hourCacheWrite: TokenPrice? = nil,
      reasoning: TokenPrice? = nil
    ) {
      self.input = input
      self.output = output
      self.cacheRead = cacheRead ?? input
      self.cacheWrite = cacheWrite ?? input
      self.hourCacheWrite = hourCacheWrite ?? max(self.cacheWrite, input.doubled)
      self.reasoning = reasoning ?? output
    }
  }

  /// Other rates for the whole call once its prompt is longer than a limit.
  package struct LongPrompt: Hashable, Sendable, Codable {
    /// A prompt of exactly so many tokens still has the ordinary rates.
    package var aboveTokens: Int64
    package var rates: Rates
    package init(aboveTokens: Int64, rates: Rates) {
      self.aboveTokens = aboveTokens
      self.rates = rates
    }
  }

  package var rates: Rates
  package var longPrompt: LongPrompt?
  /// A thousand calls of a tool that the provider runs, in the same unit as a million tokens.
  package var toolCalls: [String: TokenPrice]
  /// The day on which the source said so, as `2026-11-05`; the definition's own prices have none.
  package var asOf: String?
  package var source: String?

  package init(
    rates: Rates, longPrompt: LongPrompt? = nil, toolCalls: [String: TokenPrice] = [:],
    asOf: String? = nil, source: String? = nil
  ) {
    self.rates = rates
    self.longPrompt = longPrompt
    self.toolCalls = toolCalls
    self.asOf = asOf
    self.source = source
  }

  /// What a call cost, rounded up to the pico-dollar.
  ///
  /// A call of a tool without a price is not in the sum: `unpriced` names it.
  package func cost(of usage: Usage) -> Money {
    let rates = rates(promptTokens: usage.promptTokens)
    let reasoning = min(usage.reasoningTokens, usage.outputTokens)
    var bill = Bill()
    bill.add(usage.inputTokens, at: rates.input)
    bill.add(usage.cacheReadTokens, at: rates.cacheRead)
    bill.add(usage.cacheWriteTokens, at: rates.cacheWrite)
    bill.add(usage.hourCacheWriteTokens, at: rates.hourCacheWrite)
    bill.add(usage.outputTokens - reasoning, at: rates.output)
    bill.add(reasoning, at: rates.reasoning)
    for (name, count) in usage.toolCalls {
      guard let price = toolCalls[name] else { continue }
      bill.add(count * 1000, at: price)
    }
    return bill.total
  }

  /// What of a call has no price here, sorted: its bill is not wholly known, and its worst case may
  /// be below it.
  ///
  /// Tools that the provider ran and that are not priced, and a service tier other than the listed
  /// one; cheaper tiers are billed here as the listed one.
  package func unpriced(in usage: Usage) -> [String] {
    var names = usage.toolCalls.keys.filter { toolCalls[$0] == nil }.map { "tool \($0)" }
    let tier = usage.serviceTier ?? "standard"
    if !["standard", "default", "batch", "flex"].contains(tier) { names.append("tier \(tier)") }
    return names.sorted()
  }

  func rates(promptTokens: Int64) -> Rates {
    guard let longPrompt, promptTokens > longPrompt.aboveTokens else { return rates }
    return longPrompt.rates
  }
}
