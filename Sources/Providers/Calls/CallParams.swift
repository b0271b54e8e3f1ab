// What a definition's own parameters may not touch, and what of them makes a bill unbounded.

import BatchModel

extension ModelCall {
  /// The members of the body that the call itself writes.
  package static func reservedParams(of api: ModelAPI) -> Set<String> {
    let shared: Set<String> = ["model", "stream", "stream_options"]
    switch api {
    case .anthropic: return shared.union(["messages", "system", "max_tokens"])
    case .openai:
      return shared.union(["messages", "max_tokens", "max_completion_tokens", "response_format"])
    case .openaiResponses:
      return shared.union(["input", "instructions", "max_output_tokens", "background"])
    }
  }

  /// How many answers are generated and billed: Chat Completions' `n`.
  package var answerCount: Int64 {
    guard api == .openai, case .integer(let count)? = params["n"] else { return 1 }
    return max(1, count)
  }

  /// The parameter that makes the worst case unknowable, because it bills more than the tokens of
  /// this request and this answer at the listed price.
  ///
  /// Tools call and bill on their own, other service tiers and regions have other prices, and a
  /// conversation kept by the provider adds input that this request does not show.
  package var unboundedParam: String? {
    let names = [
      "tools", "mcp_servers", "container", "web_search_options", "functions", "speed",
      "inference_geo", "previous_response_id", "conversation", "prompt", "modalities", "audio",
    ]
    if let name = names.first(where: { params[$0] != nil && params[$0] != .null }) { return name }
    if let tier = params["service_tier"]?.string,
      !["default", "standard_only", "flex"].contains(tier)
    {
      return "service_tier"
    }
    guard let count = params["n"], api == .openai else { return nil }
    if case .integer(let number) = count, (1...128).contains(number) { return nil }
    return "n"
  }

  /// Whether the request may write entries of an hour into the prompt cache, at a higher price.
  var mayWriteHourCache: Bool {
    params.values.contains { Self.mentions("1h", in: $0) }
  }

  private static func mentions(_ text: String, in value: JSONValue) -> Bool {
    switch value {
    case .string(let own): own == text
    case .array(let values): values.contains { mentions(text, in: $0) }
    case .object(let members): members.values.contains { mentions(text, in: $0) }
    default: false
    }
  }

  func check() throws(Mistake) {
    guard !model.isEmpty else { throw .emptyModel }
    guard turns.contains(where: { !$0.text.isEmpty }) else { throw .noTurn }
    guard outputTokensMax >= 1 else { throw .outputTokensMax(outputTokensMax) }
    let reserved = Self.reservedParams(of: api)
    for name in params.keys.sorted() {
      guard !reserved.contains(name) else { throw .reservedParam(name) }
      guard params[name].map(Self.isFinite) ?? true else { throw .badNumber(param: name) }
    }
    let key = idempotencyKey.utf8
    guard (1...255).contains(key.count), key.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .idempotencyKey
    }
  }

  private static func isFinite(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let number): number.isFinite
    case .array(let values): values.allSatisfy(isFinite)
    case .object(let members): members.values.allSatisfy(isFinite)
    default: true
    }
  }
}
