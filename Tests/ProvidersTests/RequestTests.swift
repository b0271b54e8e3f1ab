// Requests: their bytes for each API, and what is refused before anything is sent.

import BatchModel
import Testing

@testable import Providers

@Suite("A request")
struct RequestTests {
  static func call(_ api: ModelAPI) -> ModelCall {
    ModelCall(
      api: api, model: "m-1", system: "Be brief.", turns: [.init(.user, "Hi \"you\"")],
      outputTokensMax: 100, idempotencyKey: "ik:00")
  }

  @Test(
    "has the body of its API, byte for byte",
    arguments: [
      (
        ModelAPI.anthropic,
        #"{"max_tokens":100,"messages":[{"content":"Hi \"you\"","role":"user"}],"model":"m-1","stream":true,"system":[{"text":"Be brief.","type":"text"}]}"#
      ),
      (
        .openai,
        #"{"max_completion_tokens":100,"messages":[{"content":"Be brief.","role":"system"},{"content":"Hi \"you\"","role":"user"}],"model":"m-1","stream":true,"stream_options":{"include_usage":true}}"#
      ),
      (
        .openaiResponses,
        #"{"input":[{"content":"Hi \"you\"","role":"user"}],"instructions":"Be brief.","max_output_tokens":100,"model":"m-1","stream":true}"#
      ),
    ])
  func body(api: ModelAPI, expected: String) throws {
    let request = try HTTPCall(Self.call(api))
    #expect(String(decoding: request.body, as: UTF8.self) == expected)
    #expect(request.headers["Idempotency-Key"] == "ik:00")
    #expect(request.headers["accept"] == "text/event-stream")
    #expect(request == (try HTTPCall(Self.call(api))))
  }

  @Test("asks for a cached system prompt and for an answer by schema, beside its own parameters")
  func options() throws {
    var call = Self.call(.anthropic)
    call.cachesSystem = true
    call.streams = false
    call.answerSchema = .object(["type": .string("object")])
    call.params = [
      "temperature": .integer(0), "output_config": .object(["effort": .string("low")]),
    ]
    let request = try HTTPCall(call)
    let body = try JSONReader.value(of: request.body[...])
    #expect(body["temperature"] == .integer(0))
    #expect(body["output_config"]?["effort"] == .string("low"))
    #expect(body["output_config"]?["format"]?["schema"]?["type"] == .string("object"))
    #expect(JSONPointer("/system/0/cache_control/type")?.value(in: body) == .string("ephemeral"))
    #expect(request.headers["accept"] == "application/json")
    call.api = .openaiResponses
    let other = try JSONReader.value(of: try HTTPCall(call).body[...])
    #expect(other["text"]?["format"]?["strict"] == .bool(true))
    call.api = .openai
    let chat = try JSONReader.value(of: try HTTPCall(call).body[...])
    #expect(chat["response_format"]?["json_schema"]?["name"] == .string("answer"))
  }

  @Test(
    "is refused with what to change",
    arguments: [
      ("model", ModelCall.Mistake.emptyModel), ("turns", .noTurn), ("max", .outputTokensMax(0)),
      ("reserved", .reservedParam("max_tokens")), ("nan", .badNumber(param: "x")),
      ("key", .idempotencyKey), ("long key", .idempotencyKey),
    ])
  func mistakes(what: String, mistake: ModelCall.Mistake) {
    var call = Self.call(.anthropic)
    switch what {
    case "model": call.model = ""
    case "turns": call.turns = [.init(.user, "")]
    case "max": call.outputTokensMax = 0
    case "reserved": call.params = ["max_tokens": .integer(1)]
    case "nan": call.params = ["x": .array([.number(.nan)])]
    case "key": call.idempotencyKey = "a\r\nx-evil: 1"
    default: call.idempotencyKey = String(repeating: "k", count: 256)
    }
    #expect(throws: mistake) { try HTTPCall(call) }
    #expect(mistake.message.count > 10)
  }

  @Test("shows its key in the headers that are sent and nowhere else")
  func key() throws {
    let key = try #require(APIKey("  sk-secret-123\n"))
    let request = try HTTPCall(Self.call(.anthropic))
    #expect(request.headers(with: key)["X-Api-Key"] == "sk-secret-123")
    let chat = try HTTPCall(Self.call(.openai))
    #expect(chat.headers(with: key)["authorization"] == "Bearer sk-secret-123")
    #expect(chat.headers(with: nil)["authorization"] == nil)
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!"\(key) \(String(reflecting: key)) \(dumped) \(request)".contains("secret"))
    #expect(APIKey("") == nil)
    #expect(APIKey("two\nlines") == nil)
  }

  @Test(
    "goes below the base URL, whichever way that is written",
    arguments: ["http://x:1", "http://x:1/", "http://x:1/v1", "http://x:1/v1//"])
  func address(base: String) throws {
    #expect(try HTTPCall(Self.call(.openai)).url(base: base) == "http://x:1/v1/chat/completions")
    let health = HTTPCall(healthOf: .anthropic, path: "/v1/models")
    #expect(health.url(base: base) == "http://x:1/v1/models")
    #expect(HTTPCall(healthOf: .openai, path: "/ok").url(base: "http://x/v1") == "http://x/v1/ok")
    #expect(health.headers["anthropic-version"] == "2023-06-01")
  }

  @Test("knows a stream of events by the content type of its response")
  func eventStream() {
    let stream: HTTPHeaders = ["Content-Type": "Text/Event-Stream; charset=utf-8"]
    let whole: HTTPHeaders = ["content-type": "application/json"]
    #expect(stream.isEventStream)
    #expect(!whole.isEventStream)
  }
}
