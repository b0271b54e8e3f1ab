// What a call used, in one form for every provider: what is billed apart is counted apart.

/// The billed tokens of one call.
///
/// Each input token is in exactly one of the four input counts.
package struct Usage: Hashable, Sendable, Codable {
  /// Input at the full price.
  package var inputTokens: Int64
  package var cacheReadTokens: Int64
  /// Written into a prompt cache for five minutes, or for however long the provider keeps its only
  /// kind of entry.
  package var cacheWriteTokens: Int64
  /// Written into a prompt cache for an hour.
  package var hourCacheWriteTokens: Int64
  /// All output that is billed, reasoning included.
  package var outputTokens: Int64
  /// How many of the output tokens were reasoning; never more than those.
  package var reasoningTokens: Int64
  /// Calls of the provider's own tools by name (`web_search`), billed apart.
  package var toolCalls: [String: Int64]
  /// As the provider names it: other tiers have other prices.
  package var serviceTier: String?

  package init(
    inputTokens: Int64 = 0, cacheReadTokens: Int64 = 0, cacheWriteTokens: Int64 = 0,
    hourCacheWriteTokens: Int64 = 0, outputTokens: Int64 = 0, reasoningTokens: Int64 = 0,
    toolCalls: [String: Int64] = [:], serviceTier: String? = nil
  ) {
    self.inputTokens = inputTokens
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.hourCacheWriteTokens = hourCacheWriteTokens
    self.outputTokens = outputTokens
    self.reasoningTokens = reasoningTokens
    self.toolCalls = toolCalls
    self.serviceTier = serviceTier
  }

  /// The whole prompt, which is what decides a price by its length.
  package var promptTokens: Int64 {
    inputTokens + cacheReadTokens + cacheWriteTokens + hourCacheWriteTokens
  }

  /// What Anthropic counts towards the limit of input tokens per minute: reads from the cache are
  /// free there.
  package var uncachedInputTokens: Int64 { promptTokens - cacheReadTokens }
}

/// What a body says about usage.
package enum UsageReading: Hashable, Sendable {
  case usage(Usage)
  /// The provider said nothing: the call's worst case stays charged.
  case missing
  /// A count that cannot be: negative, no whole number, more than any model takes, parts larger than
  /// their whole. The worst case stays charged; the text says which count.
  case absurd(String)

  package var usage: Usage? {
    guard case .usage(let usage) = self else { return nil }
    return usage
  }
}
