// OpenAI Responses: whole answers and their streams.
// Source: "Responses" and "Streaming events" in OpenAI's API reference, read 2026-11.

import BatchModel

extension AnswerDraft {
  mutating func receive(response body: JSONValue) {
    guard body["object"]?.string == "response" || body["output"] != nil else {
      breakage = "the body is no response"
      return
    }
    receive(responseHead: body)
    receive(responseOutput: body)
    end(responseStatus: body)
  }

  mutating func receive(responseEvent event: JSONValue) {
    switch event["type"]?.string {
    case "response.created", "response.in_progress", "response.queued":
      receive(responseHead: event["response"] ?? .null)
    case "response.output_text.delta":
      hasBegun = true
      countPiece()
      append(event["delta"]?.string ?? "")
    case "response.refusal.delta":
      hasBegun = true
      isRefused = true
      refusal += (event["delta"]?.string ?? "").prefix(4096)
    case "response.completed", "response.incomplete", "response.failed":
      let body = event["response"] ?? .null
      receive(responseHead: body)
      if text.isEmpty { receive(responseOutput: body) }
      end(responseStatus: body)
    case "error": error = Self.error(ofEvent: event)
    default: break  // items, parts, reasoning and what is added later
    }
  }

  private mutating func receive(responseHead body: JSONValue) {
    hasBegun = true
    model = body["model"]?.string ?? model
    id = body["id"]?.string ?? id
    guard case .object? = body["usage"] else { return }
    usage = UsageReading(of: body, from: .openaiResponses)
    count(usage)
  }

  private mutating func receive(responseOutput body: JSONValue) {
    guard case .array(let items)? = body["output"] else { return }
    for item in items where item["type"]?.string == "message" {
      guard case .array(let parts)? = item["content"] else { continue }
      for part in parts {
        if let piece = part["text"]?.string { append(piece) }
        guard let piece = part["refusal"]?.string else { continue }
        isRefused = true
        refusal = piece
      }
    }
  }

  private mutating func end(responseStatus body: JSONValue) {
    let status = body["status"]?.string
    stopReason = body["incomplete_details"]?["reason"]?.string ?? status
    switch status {
    case "completed"?, nil: isFinished = true
    case "incomplete"?:
      isFinished = true
      isRefused = isRefused || stopReason == "content_filter"
      if isRefused, refusal.isEmpty { refusal = "the provider's content filter declined" }
      isTruncated = !isRefused
    case "failed"?:
      error = ProviderError(in: body) ?? ProviderError(kind: "", message: "the response failed")
    default: break  // cancelled, queued: an answer that never came
    }
  }

  /// The error event carries its fields itself, or in an `error` object as in a body.
  private static func error(ofEvent event: JSONValue) -> ProviderError {
    ProviderError(in: event)
      ?? ProviderError(
        kind: event["code"]?.string ?? "", message: event["message"]?.string ?? "")
  }
}
