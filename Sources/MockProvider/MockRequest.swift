// A model call as a mock provider sees it: read from the request of any API.

package import BatchModel
package import Providers

/// A model call.
package struct MockRequest: Hashable, Sendable {
  package var api: ModelAPI
  package var model: String
  /// The system prompt and all turns, joined by line feeds.
  package var prompt: String
  package var outputTokensMax: Int64?
  package var streams: Bool
  package var asksForUsage: Bool
  package var schema: JSONValue?
  package var idempotencyKey: String?

  /// Reads the body of a call; `nil` when it is none, which a provider answers with a 400.
  package init?(api: ModelAPI, headers: Providers.HTTPHeaders, body: [UInt8]) {
    guard let value = try? JSONReader.value(of: body[...]),  // no JSON: the caller answers 400
      let model = value["model"]?.string
    else { return nil }
    self.api = api
    self.model = model
    streams = value["stream"] == .bool(true)
    idempotencyKey = headers["idempotency-key"]
    asksForUsage = value["stream_options"]?["include_usage"] == .bool(true)
    let parts: [JSONValue?]
    let limit: JSONValue?
    switch api {
    case .anthropic:
      parts = [value["system"], value["messages"]]
      limit = value["max_tokens"]
      schema = value["output_config"]?["format"]?["schema"]
      guard limit != nil else { return nil }
    case .openai:
      parts = [value["messages"]]
      limit = value["max_completion_tokens"] ?? value["max_tokens"]
      schema = value["response_format"]?["json_schema"]?["schema"]
    case .openaiResponses:
      parts = [value["instructions"], value["input"]]
      limit = value["max_output_tokens"]
      schema = value["text"]?["format"]?["schema"]
    }
    prompt = parts.flatMap { Self.texts(in: $0) }.joined(separator: "\n")
    guard !prompt.isEmpty else { return nil }
    switch limit {
    case nil, .null?: outputTokensMax = nil
    case .integer(let count)? where count >= 1: outputTokensMax = count
    default: return nil
    }
  }

  /// A quarter of the bytes, as the usual tokenisers come to in English.
  package var inputTokens: Int64 { max(1, Int64(prompt.utf8.count) / 4) }

  private static func texts(in value: JSONValue?) -> [String] {
    switch value {
    case .string(let text)?: [text]
    case .array(let values)?: values.flatMap { texts(in: $0) }
    case .object?: texts(in: value?["content"] ?? value?["text"])
    default: []
    }
  }
}
