// OpenAI Chat Completions and what is compatible with it: whole answers and their streams.
// Source: "Chat Completions" in OpenAI's API reference, read 2026-11.

import BatchModel

extension AnswerDraft {
  mutating func receive(chatCompletion body: JSONValue) {
    guard case .array(let choices)? = body["choices"], let choice = choices.first else {
      breakage = "the body is no chat completion"
      return
    }
    receive(chatHead: body)
    append(Self.text(ofContent: choice["message"]?["content"]))
    refusal = choice["message"]?["refusal"]?.string ?? ""
    isRefused = !refusal.isEmpty
    end(chatReason: choice["finish_reason"]?.string)
    isFinished = true
  }

  mutating func receive(chatChunk chunk: JSONValue) {
    if let reported = ProviderError(in: chunk) {
      error = reported
      return
    }
    receive(chatHead: chunk)
    guard case .array(let choices)? = chunk["choices"] else { return }
    // With n > 1 the pieces of all answers are mixed; the first answer is the one that counts.
    for choice in choices where choice["index"] == nil || choice["index"] == .integer(0) {
      let delta = choice["delta"]
      append(Self.text(ofContent: delta?["content"]))
      if let piece = delta?["refusal"]?.string, !piece.isEmpty {
        refusal += piece.prefix(4096)
        isRefused = true
      }
      if case .object(let members)? = delta, !members.isEmpty { countPiece() }
      end(chatReason: choice["finish_reason"]?.string)
    }
  }

  private mutating func receive(chatHead body: JSONValue) {
    hasBegun = true
    model = body["model"]?.string ?? model
    id = body["id"]?.string ?? id
    guard case .object? = body["usage"] else { return }
    usage = UsageReading(of: body, from: .openai)
    count(usage)
  }

  private mutating func end(chatReason reason: String?) {
    guard let reason else { return }
    stopReason = reason
    // A compatible server need not close with [DONE].
    isFinished = true
    isTruncated = reason == "length"
    guard reason == "content_filter" else { return }
    isRefused = true
    if refusal.isEmpty { refusal = "the provider's content filter declined" }
  }

  /// Content is text, or a list of parts of which the text parts count.
  private static func text(ofContent content: JSONValue?) -> String {
    switch content {
    case .string(let text)?: return text
    case .array(let parts)?: return parts.compactMap { $0["text"]?.string }.joined()
    default: return ""
    }
  }
}
