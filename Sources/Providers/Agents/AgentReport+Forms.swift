// The forms of report that the known command-line agents print.
// Sources: the output of `claude -p --output-format stream-json` and of `codex exec --json`, as their
// documentation shows it, read 2026-11.

import BatchModel

extension AgentReport {
  /// Takes one message of claude's; gives lines for the log.
  mutating func receive(claude message: JSONValue) -> [String] {
    session = message["session_id"]?.string ?? session
    switch message["type"]?.string {
    case "system": model = message["model"]?.string ?? model
    case "assistant": return Self.toolLines(in: message["message"]?["content"])
    case "result": finish(claude: message)
    default: break
    }
    return []
  }

  private mutating func finish(claude result: JSONValue) {
    isComplete = true
    answer = result["result"]?.string
    cost = Money(dollars: result["total_cost_usd"])
    usage = UsageReading(anthropic: result["usage"])
    if case .integer(let count)? = result["num_turns"] { turns = count }
    let subtype = result["subtype"]?.string ?? "success"
    // The member says it: a search for the word finds `"is_error":false` too.
    guard result["is_error"] == .bool(true) || subtype.hasPrefix("error") else {
      failure = nil
      return
    }
    failure = answer.flatMap { $0.isEmpty ? nil : $0 } ?? subtype
  }

  /// Takes one event of codex'; gives lines for the log.
  mutating func receive(codex event: JSONValue) -> [String] {
    switch event["type"]?.string {
    case "thread.started": session = event["thread_id"]?.string
    case "item.started":
      guard event["item"]?["type"]?.string == "command_execution" else { break }
      return Self.toolLine("shell", event["item"]?["command"]).map { [$0] } ?? []
    case "item.completed":
      guard let item = event["item"] else { break }
      return receive(codexItem: item)
    case "turn.completed":
      isComplete = true
      failure = nil
      turns = (turns ?? 0) + 1
      usage = UsageReading.sum(usage, UsageReading(codex: event["usage"]))
    case "turn.failed":
      isComplete = true
      failure = event["error"]?["message"]?.string ?? "the turn failed"
    case "error": failure = event["message"]?.string ?? "an error without a message"
    default: break
    }
    return []
  }

  private mutating func receive(codexItem item: JSONValue) -> [String] {
    switch item["type"]?.string {
    case "agent_message": answer = item["text"]?.string ?? answer
    case "mcp_tool_call": return Self.toolLine("mcp", item["tool"]).map { [$0] } ?? []
    case "web_search": return Self.toolLine("web_search", item["query"]).map { [$0] } ?? []
    case "file_change":
      guard case .array(let changes)? = item["changes"] else { break }
      return changes.prefix(16).compactMap { Self.toolLine("edit", $0["path"]) }
    default: break
    }
    return []
  }

  /// Takes a report of one's own form.
  mutating func receive(own value: JSONValue, at pointers: AgentPointers) {
    isComplete = true
    if let found = pointers.answer?.value(in: value) { answer = found.string ?? found.canonical }
    if let found = pointers.session?.value(in: value)?.string { session = found }
    if let found = Money(dollars: pointers.cost?.value(in: value)) { cost = found }
    switch pointers.error?.value(in: value) {
    case .bool(true)?: failure = "the agent reports an error"
    case .string(let text)? where !text.isEmpty: failure = text
    case .bool(false)?: failure = nil
    default: break
    }
    let input = pointers.inputTokens?.value(in: value)
    let output = pointers.outputTokens?.value(in: value)
    guard input != nil || output != nil else { return }
    usage = UsageReading(
      openai: .object(["input_tokens": input ?? .null, "output_tokens": output ?? .null]))
  }

  private static func toolLines(in content: JSONValue?) -> [String] {
    guard case .array(let blocks)? = content else { return [] }
    return blocks.prefix(64).compactMap { block in
      guard block["type"]?.string == "tool_use" else { return nil }
      let input = block["input"]
      let subject = ["command", "file_path", "path", "pattern", "url", "query", "description"]
        .lazy.compactMap { input?[$0] }.first
      return toolLine(block["name"]?.string ?? "tool", subject ?? .string(""))
    }
  }

  /// `Bash: make test`, one line of at most 300 bytes.
  private static func toolLine(_ name: String, _ subject: JSONValue?) -> String? {
    guard let subject else { return nil }
    let text = subject.string ?? subject.canonical
    return PlainMessage.line(text.isEmpty ? name : "\(name): \(text)")
  }
}

extension UsageReading {
  /// Codex' usage: OpenAI's, with the cached input beside the input that it is part of.
  init(codex object: JSONValue?) {
    guard case .object(var members)? = object else {
      self = .missing
      return
    }
    members["input_tokens_details"] = .object([
      "cached_tokens": members["cached_input_tokens"] ?? .null
    ])
    members["output_tokens_details"] = .object([
      "reasoning_tokens": members["reasoning_output_tokens"] ?? .null
    ])
    self.init(openai: .object(members))
  }

  /// Two turns of one attempt; a turn that cannot be believed makes the sum unbelievable.
  static func sum(_ left: UsageReading, _ right: UsageReading) -> UsageReading {
    guard case .usage(var total) = left else { return left == .missing ? right : left }
    guard case .usage(let more) = right else { return right == .missing ? left : right }
    total.inputTokens += more.inputTokens
    total.cacheReadTokens += more.cacheReadTokens
    total.cacheWriteTokens += more.cacheWriteTokens
    total.hourCacheWriteTokens += more.hourCacheWriteTokens
    total.outputTokens += more.outputTokens
    total.reasoningTokens += more.reasoningTokens
    let largest = max(total.promptTokens, total.outputTokens)
    return largest <= TokenCounts.countMax
      ? .usage(total) : .absurd("more tokens in all turns than any model takes")
  }
}
