// What an agent says that it used: counts that can be, and a cost that is never a binary fraction.

/// What an attempt used of one model.
package struct AgentUsage: Hashable, Sendable {
  /// A hundred times the longest context on the market: with it no sum overflows.
  package static let tokensMax: Int64 = 100_000_000
  /// `nil` when the agent does not say.
  package var model: String?
  package var inputTokens: Int64
  package var cacheReadTokens: Int64
  package var cacheWriteTokens: Int64
  package var outputTokens: Int64
  /// In USD, as plain decimal text such as `0.0125`; `nil` when the agent does not know it.
  package var cost: String?

  package init(
    model: String? = nil, inputTokens: Int64 = 0, cacheReadTokens: Int64 = 0,
    cacheWriteTokens: Int64 = 0, outputTokens: Int64 = 0, cost: String? = nil
  ) {
    self.model = model
    self.inputTokens = inputTokens
    self.cacheReadTokens = cacheReadTokens
    self.cacheWriteTokens = cacheWriteTokens
    self.outputTokens = outputTokens
    self.cost = cost
  }

  /// Whether `text` is digits with at most one point: nine before it, eighteen after it.
  static func isAmount(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9]{1,9}(\.[0-9]{1,18})?/) != nil
  }
}

extension AgentUsage: Codable {
  private enum CodingKeys: String, CodingKey {
    case model, cost
    case inputTokens = "input_tokens"
    case cacheReadTokens = "cache_read_tokens"
    case cacheWriteTokens = "cache_write_tokens"
    case outputTokens = "output_tokens"
  }

  /// Throws for negative or absurd counts and for a cost that is no plain decimal text: a bill that
  /// cannot be is not taken.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> Int64 {
      let count = try container.decodeIfPresent(Int64.self, forKey: key) ?? 0
      guard (0...Self.tokensMax).contains(count) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "\(count) tokens")
      }
      return count
    }
    model = try container.decodeIfPresent(String.self, forKey: .model)
    inputTokens = try count(.inputTokens)
    cacheReadTokens = try count(.cacheReadTokens)
    cacheWriteTokens = try count(.cacheWriteTokens)
    outputTokens = try count(.outputTokens)
    cost = try container.decodeIfPresent(String.self, forKey: .cost)
    if let cost, !Self.isAmount(cost) {
      throw DecodingError.dataCorruptedError(
        forKey: .cost, in: container, debugDescription: "expected USD as text such as \"0.0125\"")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encode(inputTokens, forKey: .inputTokens)
    try container.encode(cacheReadTokens, forKey: .cacheReadTokens)
    try container.encode(cacheWriteTokens, forKey: .cacheWriteTokens)
    try container.encode(outputTokens, forKey: .outputTokens)
    try container.encodeIfPresent(cost, forKey: .cost)
  }
}
