// A call in the JSON of each API: the one place that knows where a prompt stands in a body.

import BatchModel

extension ModelCall {
  /// The body's members, ours over the definition's parameters.
  ///
  /// Sources: the vendors' API references for Messages, Chat Completions and Responses, read
  /// 2026-11.
  var bodyValue: JSONValue {
    let own: [String: JSONValue] =
      switch api {
      case .anthropic: anthropicMembers
      case .openai: chatMembers
      case .openaiResponses: responsesMembers
      }
    return Self.merged(.object(params), with: .object(own))
  }

  private var anthropicMembers: [String: JSONValue] {
    var members = commonMembers
    members["max_tokens"] = .integer(Int64(outputTokensMax))
    members["messages"] = turnValues()
    if let system, !system.isEmpty {
      var block: [String: JSONValue] = ["type": .string("text"), "text": .string(system)]
      if cachesSystem { block["cache_control"] = .object(["type": .string("ephemeral")]) }
      members["system"] = .array([.object(block)])
    }
    if let answerSchema {
      let format: JSONValue = .object(["type": .string("json_schema"), "schema": answerSchema])
      members["output_config"] = .object(["format": format])
    }
    return members
  }

  private var chatMembers: [String: JSONValue] {
    var members = commonMembers
    // Reasoning models refuse the older `max_tokens`; compatible servers know both names.
    members["max_completion_tokens"] = .integer(Int64(outputTokensMax))
    members["messages"] = turnValues(before: systemTurn)
    if streams { members["stream_options"] = .object(["include_usage": .bool(true)]) }
    if let answerSchema {
      members["response_format"] = .object([
        "type": .string("json_schema"), "json_schema": Self.named(answerSchema),
      ])
    }
    return members
  }

  private var responsesMembers: [String: JSONValue] {
    var members = commonMembers
    members["max_output_tokens"] = .integer(Int64(outputTokensMax))
    members["input"] = turnValues()
    if let system, !system.isEmpty { members["instructions"] = .string(system) }
    if let answerSchema {
      let schema = Self.merged(
        Self.named(answerSchema), with: .object(["type": .string("json_schema")]))
      members["text"] = .object(["format": schema])
    }
    return members
  }

  private var commonMembers: [String: JSONValue] {
    ["model": .string(model), "stream": .bool(streams)]
  }

  private var systemTurn: [JSONValue] {
    guard let system, !system.isEmpty else { return [] }
    return [.object(["role": .string("system"), "content": .string(system)])]
  }

  private func turnValues(before: [JSONValue] = []) -> JSONValue {
    .array(
      before
        + turns.map { turn in
          .object(["role": .string(turn.role.rawValue), "content": .string(turn.text)])
        })
  }

  private static func named(_ schema: JSONValue) -> JSONValue {
    .object(["name": .string("answer"), "strict": .bool(true), "schema": schema])
  }

  /// Objects are joined at every depth; anywhere else `other` wins.
  private static func merged(_ value: JSONValue, with other: JSONValue) -> JSONValue {
    guard case .object(let left) = value, case .object(let right) = other else { return other }
    return .object(left.merging(right) { merged($0, with: $1) })
  }
}
