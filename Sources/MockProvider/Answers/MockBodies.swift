// Answers and errors in the JSON of each API, whole and as a stream's events.

import BatchModel
import Providers

/// What a mock provider writes about one answer.
struct MockBodies {
  let request: MockRequest
  let answer: MockAnswer
  /// The answer's number, of which its name is made.
  let number: Int64
  /// `nil` leaves the usage out.
  let outputTokens: Int64?

  private var name: String { "mock-\(number)" }

  private var usage: JSONValue? {
    guard let outputTokens else { return nil }
    let input = JSONValue.integer(request.inputTokens)
    let output = JSONValue.integer(outputTokens)
    guard request.api == .openai else {
      return .object(["input_tokens": input, "output_tokens": output])
    }
    let total = JSONValue.integer(request.inputTokens + outputTokens)
    return .object(["prompt_tokens": input, "completion_tokens": output, "total_tokens": total])
  }

  /// The whole answer, for a call that does not stream.
  var whole: JSONValue {
    var members: [String: JSONValue]
    switch request.api {
    case .anthropic:
      members = anthropicHead
      members["content"] = .array([
        .object(["type": .string("text"), "text": .string(answer.text)])
      ])
      members["stop_reason"] = .string(stopReason)
    case .openai:
      let message: JSONValue = .object([
        "role": .string("assistant"),
        "content": answer.stop == .refused ? .null : .string(answer.text),
        "refusal": answer.stop == .refused ? .string("I cannot help with that.") : .null,
      ])
      members = chatHead("chat.completion")
      members["choices"] = .array([
        .object([
          "index": .integer(0), "message": message, "finish_reason": .string(stopReason),
        ])
      ])
    case .openaiResponses: members = response
    }
    members["usage"] = usage
    return .object(members)
  }

  /// The events before the first token.
  var opening: [JSONValue] {
    switch request.api {
    case .anthropic:
      var message = anthropicHead
      message["content"] = .array([])
      message["stop_reason"] = .null
      message["usage"] = .object([
        "input_tokens": .integer(request.inputTokens), "output_tokens": .integer(1),
      ])
      if outputTokens == nil { message["usage"] = nil }
      let block: JSONValue = .object(["type": .string("text"), "text": .string("")])
      return [
        .object(["type": .string("message_start"), "message": .object(message)]),
        .object([
          "type": .string("content_block_start"), "index": .integer(0), "content_block": block,
        ]),
      ]
    case .openai:
      return [chunk(delta: ["role": .string("assistant"), "content": .string("")], reason: nil)]
    case .openaiResponses:
      var members = response
      members["status"] = .string("in_progress")
      members["output"] = .array([])
      return [.object(["type": .string("response.created"), "response": .object(members)])]
    }
  }

  /// The event of one token.
  func token(_ text: String) -> JSONValue {
    switch request.api {
    case .anthropic:
      .object([
        "type": .string("content_block_delta"), "index": .integer(0),
        "delta": .object(["type": .string("text_delta"), "text": .string(text)]),
      ])
    case .openai: chunk(delta: ["content": .string(text)], reason: nil)
    case .openaiResponses:
      .object(["type": .string("response.output_text.delta"), "delta": .string(text)])
    }
  }

  /// The events after the last token.
  var closing: [JSONValue] {
    switch request.api {
    case .anthropic:
      var delta: [String: JSONValue] = [
        "type": .string("message_delta"),
        "delta": .object(["stop_reason": .string(stopReason), "stop_sequence": .null]),
      ]
      delta["usage"] = outputTokens.map { .object(["output_tokens": .integer($0)]) }
      return [
        .object(["type": .string("content_block_stop"), "index": .integer(0)]), .object(delta),
        .object(["type": .string("message_stop")]),
      ]
    case .openai:
      var members = chatHead("chat.completion.chunk")
      members["choices"] = .array([])
      members["usage"] = usage
      let last = JSONValue.object(members)
      let refusal: [String: JSONValue] =
        answer.stop == .refused ? ["refusal": .string("I cannot help with that.")] : [:]
      let stop = chunk(delta: refusal, reason: stopReason)
      return request.asksForUsage && usage != nil ? [stop, last] : [stop]
    case .openaiResponses:
      var members = response
      members["usage"] = usage
      let name = answer.stop == .end ? "response.completed" : "response.incomplete"
      return [.object(["type": .string(name), "response": .object(members)])]
    }
  }

  private var stopReason: String {
    switch (request.api, answer.stop) {
    case (.anthropic, .end): "end_turn"
    case (.anthropic, .truncated): "max_tokens"
    case (.anthropic, .refused): "refusal"
    case (_, .truncated): request.api == .openai ? "length" : "max_output_tokens"
    case (_, .refused): request.api == .openai ? "stop" : "content_filter"
    case (_, .end): "stop"
    }
  }

  private var anthropicHead: [String: JSONValue] {
    [
      "id": .string("msg_\(name)"), "type": .string("message"), "role": .string("assistant"),
      "model": .string(request.model),
    ]
  }

  private func chatHead(_ object: String) -> [String: JSONValue] {
    [
      "id": .string("chatcmpl-\(name)"), "object": .string(object),
      "model": .string(request.model),
    ]
  }

  private func chunk(delta: [String: JSONValue], reason: String?) -> JSONValue {
    var members = chatHead("chat.completion.chunk")
    let choice: [String: JSONValue] = [
      "index": .integer(0), "delta": .object(delta),
      "finish_reason": reason.map { .string($0) } ?? .null,
    ]
    members["choices"] = .array([.object(choice)])
    return .object(members)
  }

  private var response: [String: JSONValue] {
    let part: JSONValue = .object([
      "type": .string("output_text"), "text": .string(answer.text),
    ])
    var members: [String: JSONValue] = [
      "id": .string("resp_\(name)"), "object": .string("response"),
      "model": .string(request.model), "error": .null,
      "status": .string(answer.stop == .end ? "completed" : "incomplete"),
      "output": .array([.object(["type": .string("message"), "content": .array([part])])]),
    ]
    if answer.stop != .end {
      members["incomplete_details"] = .object(["reason": .string(stopReason)])
    }
    return members
  }
}
