// How much of a provider's rate a call takes: an estimate apart from the bound of its cost, because
// providers count differently from how they bill.

/// What a call is reserved for at the rate limiter, before it is settled by its usage.
package struct RateDemand: Hashable, Sendable {
  package var requests: Int64 = 1
  package var inputTokens: Int64
  package var outputTokens: Int64

  /// The demand of `call`.
  ///
  /// OpenAI counts the larger of `max_tokens` and a quarter of the characters against one limit of
  /// tokens. Anthropic counts input and produced output apart; `learnedOutput`, the 95th percentile
  /// of what such calls produced, goes before `max_tokens` there.
  package init(of call: ModelCall, learnedOutput: Int64? = nil) {
    let bytes = call.turns.reduce(call.system?.utf8.count ?? 0) { $0 + $1.text.utf8.count }
    let estimate = Int64(bytes / 4) + Int64(call.turns.count) * 4 + 8
    let outputMax = Int64(call.outputTokensMax)
    switch call.api {
    case .anthropic:
      inputTokens = estimate
      outputTokens = min(outputMax, learnedOutput ?? outputMax)
    case .openai, .openaiResponses:
      inputTokens = estimate
      outputTokens = max(0, outputMax - estimate)
    }
  }

  /// Against a single limit of tokens.
  package var tokens: Int64 { inputTokens + outputTokens }
}
