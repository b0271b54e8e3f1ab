// The shapes of model API that are spoken, apart because requests, streams and limits all differ by
// it.

/// A model API by its shape; compatible servers speak one of these under an address of their own.
package enum ModelAPI: String, Hashable, Sendable, Codable, CaseIterable {
  /// Anthropic Messages.
  case anthropic
  /// OpenAI Chat Completions.
  case openai
  /// OpenAI Responses.
  case openaiResponses = "openai-responses"

  /// The vendor's own address, for a provider without a `base_url`.
  package var defaultBaseURL: String {
    switch self {
    case .anthropic: "https://api.anthropic.com"
    case .openai, .openaiResponses: "https://api.openai.com"
    }
  }

  /// Where a call goes below the base URL.
  package var path: String {
    switch self {
    case .anthropic: "/v1/messages"
    case .openai: "/v1/chat/completions"
    case .openaiResponses: "/v1/responses"
    }
  }
}
