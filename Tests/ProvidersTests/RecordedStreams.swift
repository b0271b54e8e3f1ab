// Streams as the providers send them, shortened: what the stream tests cut and break.

import Providers

enum RecordedStreams {
  static func events(_ events: [String]) -> String {
    events.map { event in
      let name = event.firstMatch(of: /"type":"([a-z_.]+)"/).map { "event: \($0.1)\n" } ?? ""
      return name + "data: \(event)\n\n"
    }.joined()
  }

  static let anthropic = events([
    #"{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":100,"cache_read_input_tokens":2000,"cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},"output_tokens":1,"service_tier":"standard"}}}"#,
    #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#,
    #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
    #"{"type":"content_block_stop","index":0}"#, #"{"type": "ping"}"#,
    #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
    #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße, "}}"#,
    #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"😀 world"}}"#,
    #"{"type":"content_block_stop","index":1}"#,
    #"{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}"#,
    #"{"type":"message_stop"}"#,
  ])

  static let chat =
    [
      #"{"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4.1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}],"usage":null}"#,
      #"{"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"Grüße, "},"finish_reason":null}]}"#,
      #"{"id":"chatcmpl-1","choices":[{"index":1,"delta":{"content":"another"}},{"index":0,"delta":{"content":"😀 world"}}]}"#,
      #"{"id":"chatcmpl-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
      #"{"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10},"completion_tokens_details":{"reasoning_tokens":4}}}"#,
      "[DONE]",
    ].map { "data: \($0)\r\n\r\n" }.joined()

  static let responses = events([
    #"{"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5-2025-08-07","usage":null,"error":null}}"#,
    #"{"type":"response.output_item.added","output_index":0,"item":{"type":"message","content":[]}}"#,
    #"{"type":"response.output_text.delta","item_id":"msg","delta":"Grüße, "}"#,
    #"{"type":"response.output_text.delta","item_id":"msg","delta":"😀 world"}"#,
    #"{"type":"response.completed","response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-5-2025-08-07","error":null,"service_tier":"default","output":[{"type":"message","content":[{"type":"output_text","text":"Grüße, 😀 world"}]}],"usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":10},"output_tokens":12,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":42}}}"#,
  ])

  static func text(of api: ModelAPI) -> String {
    switch api {
    case .anthropic: anthropic
    case .openai: chat
    case .openaiResponses: responses
    }
  }

  static func usage(of api: ModelAPI) -> Usage {
    switch api {
    case .anthropic:
      Usage(
        inputTokens: 25, cacheReadTokens: 2000, cacheWriteTokens: 60, hourCacheWriteTokens: 40,
        outputTokens: 15, serviceTier: "standard")
    case .openai:
      Usage(inputTokens: 20, cacheReadTokens: 10, outputTokens: 12, reasoningTokens: 4)
    case .openaiResponses:
      Usage(
        inputTokens: 20, cacheReadTokens: 10, outputTokens: 12, reasoningTokens: 4,
        serviceTier: "default")
    }
  }

  /// The stream assembled from chunks of the given sizes, the last one as long as the rest.
  static func assembled(_ text: String, api: ModelAPI, cuts: [Int] = []) -> AnswerAssembler {
    var assembler = AnswerAssembler(api: api)
    let bytes = Array(text.utf8)
    var start = 0
    for cut in cuts + [bytes.count] where cut >= start && cut <= bytes.count {
      assembler.receive(Array(bytes[start..<cut]))
      start = cut
    }
    return assembler
  }
}
