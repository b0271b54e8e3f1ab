// Usage as each provider writes it.

package import BatchModel

extension UsageReading {
  /// Anthropic Messages' `usage`: `input_tokens` are those after the last cache breakpoint only.
  package init(anthropic object: JSONValue?) {
    guard let object, case .object(let members) = object, !members.isEmpty else {
      self = .missing
      return
    }
    var counts = TokenCounts(object)
    var usage = Usage()
    usage.inputTokens = counts.count("input_tokens")
    usage.cacheReadTokens = counts.count("cache_read_input_tokens")
    let written = counts.count("cache_creation_input_tokens")
    usage.hourCacheWriteTokens = counts.count("cache_creation", "ephemeral_1h_input_tokens")
    let shortWrites = counts.optionalCount("cache_creation", "ephemeral_5m_input_tokens")
    // The total leads: what it does not split is billed at the five-minute price.
    usage.cacheWriteTokens = max(shortWrites ?? 0, written - usage.hourCacheWriteTokens)
    usage.outputTokens = counts.count("output_tokens")
    usage.reasoningTokens = counts.count("output_tokens_details", "thinking_tokens")
    usage.toolCalls = Self.toolCalls(in: object["server_tool_use"])
    self = .checked(usage, tier: object["service_tier"], &counts)
  }

  /// OpenAI's `usage`, of Chat Completions or Responses: cached input is part of the input.
  package init(openai object: JSONValue?) {
    guard let object, case .object(let members) = object, !members.isEmpty else {
      self = .missing
      return
    }
    var counts = TokenCounts(object)
    let isChat = members["prompt_tokens"] != nil || members["completion_tokens"] != nil
    let input = isChat ? "prompt_tokens" : "input_tokens"
    let output = isChat ? "completion_tokens" : "output_tokens"
    let whole = counts.count(input)
    var usage = Usage()
    usage.cacheReadTokens = counts.count(input + "_details", "cached_tokens")
    usage.cacheWriteTokens = counts.count(input + "_details", "cache_write_tokens")
    usage.inputTokens = whole - usage.cacheReadTokens - usage.cacheWriteTokens
    if usage.inputTokens < 0 { counts.refuse("more cached tokens than \(input)") }
    usage.outputTokens = counts.count(output)
    usage.reasoningTokens = counts.count(output + "_details", "reasoning_tokens")
    self = .checked(usage, tier: nil, &counts)
  }

  /// Gemini's `usageMetadata`: cached input is part of the prompt, thoughts come on top of the
  /// candidates.
  package init(gemini object: JSONValue?) {
    guard let object, case .object(let members) = object, !members.isEmpty else {
      self = .missing
      return
    }
    var counts = TokenCounts(object)
    var usage = Usage()
    usage.cacheReadTokens = counts.count("cachedContentTokenCount")
    usage.inputTokens =
      counts.count("promptTokenCount") + counts.count("toolUsePromptTokenCount")
      - usage.cacheReadTokens
    if usage.inputTokens < 0 { counts.refuse("more cached tokens than promptTokenCount") }
    usage.reasoningTokens = counts.count("thoughtsTokenCount")
    usage.outputTokens = counts.count("candidatesTokenCount") + usage.reasoningTokens
    self = .checked(usage, tier: nil, &counts)
  }

  /// The usage in a whole answer of `api`.
  package init(of answer: JSONValue, from api: ModelAPI) {
    let object = answer["usage"]
    switch api {
    case .anthropic: self.init(anthropic: object)
    case .openai, .openaiResponses:
      self.init(openai: object)
      if case .usage(var usage) = self {
        usage.serviceTier = answer["service_tier"]?.string
        self = .usage(usage)
      }
    }
  }

  private static func checked(
    _ usage: Usage, tier: JSONValue?, _ counts: inout TokenCounts
  ) -> UsageReading {
    if usage.reasoningTokens > usage.outputTokens { counts.refuse("more reasoning than output") }
    if usage.toolCalls.values.contains(where: { !(0...TokenCounts.countMax).contains($0) }) {
      counts.refuse("tool calls that cannot be")
    }
    if let mistake = counts.mistake { return .absurd(mistake) }
    var usage = usage
    usage.serviceTier = tier?.string
    return .usage(usage)
  }

  /// `web_search_requests: 2` is two calls of `web_search`.
  private static func toolCalls(in object: JSONValue?) -> [String: Int64] {
    guard case .object(let members)? = object else { return [:] }
    var calls: [String: Int64] = [:]
    for (name, value) in members where name.hasSuffix("_requests") {
      guard case .integer(let count) = value, count != 0 else { continue }
      calls[String(name.dropLast("_requests".count))] = count
    }
    return calls
  }
}
