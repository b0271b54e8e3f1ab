// Anthropic Messages: whole answers and their streams.
// Source: "Messages" and "Streaming messages" in Anthropic's API reference, read 2026-11.

import BatchModel

extension AnswerDraft {
  mutating func receive(anthropicMessage message: JSONValue) {
    guard message["type"]?.string == "message" else {
      breakage = "the body is no message"
      return
    }
    receive(anthropicHead: message)
    if case .array(let blocks)? = message["content"] {
      for block in blocks where block["type"]?.string == "text" {
        append(block["text"]?.string ?? "")
      }
    }
    end(anthropicReason: message["stop_reason"]?.string)
    isFinished = true
  }

  mutating func receive(anthropicEvent event: JSONValue) {
    switch event["type"]?.string {
    case "message_start": receive(anthropicHead: event["message"] ?? .null)
    case "content_block_start":
      hasBegun = true
      let block = event["content_block"]
      if block?["type"]?.string == "text" { append(block?["text"]?.string ?? "") }
    case "content_block_delta":
      hasBegun = true
      countPiece()
      // Thinking, signatures and tool input are no part of the answer.
      if event["delta"]?["type"]?.string == "text_delta" {
        append(event["delta"]?["text"]?.string ?? "")
      }
    case "message_delta":
      end(anthropicReason: event["delta"]?["stop_reason"]?.string)
      receive(anthropicUsage: event["usage"])
    case "message_stop": isFinished = true
    case "error": error = ProviderError(in: event) ?? ProviderError(kind: "", message: "")
    default: break  // ping, content_block_stop and what is added later
    }
  }

  private mutating func receive(anthropicHead message: JSONValue) {
    hasBegun = true
    model = message["model"]?.string
    id = message["id"]?.string
    receive(anthropicUsage: message["usage"])
  }

  /// The usage of a stream comes twice: the input's counts at its start, the output's at its end.
  ///
  /// Later counts are cumulative and win; what they leave out stays.
  private mutating func receive(anthropicUsage object: JSONValue?) {
    guard case .object(let later)? = object else { return }
    var merged = usageMembers
    for (name, value) in later where value != .null {
      // A gateway that knows the input only at the end starts with 0; none ends with less.
      if case .integer(let old)? = merged[name], case .integer(let new) = value, new < old, new >= 0
      {
        continue
      }
      merged[name] = value
    }
    usageMembers = merged
    usage = UsageReading(anthropic: .object(merged))
    count(usage)
  }

  private mutating func end(anthropicReason reason: String?) {
    guard let reason else { return }
    stopReason = reason
    isRefused = reason == "refusal"
    isTruncated = reason == "max_tokens" || reason == "model_context_window_exceeded"
    if isRefused { refusal = "the model declined" }
  }
}
