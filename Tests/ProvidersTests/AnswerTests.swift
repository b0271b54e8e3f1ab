// Answers put together from streams and bodies, whole, cut, broken and hostile.

import BatchModel
import Resilience
import Testing

@testable import Providers

@Suite("A streamed answer")
struct StreamedAnswerTests {
  @Test("is complete with its text, model and usage", arguments: ModelAPI.allCases)
  func complete(api: ModelAPI) {
    let assembler = RecordedStreams.assembled(RecordedStreams.text(of: api), api: api)
    guard case .complete(let answer) = assembler.end else {
      Issue.record("ended as \(assembler.end)")
      return
    }
    #expect(answer.text == "Grüße, 😀 world")
    #expect(answer.usage == .usage(RecordedStreams.usage(of: api)))
    #expect(answer.model?.isEmpty == false)
    #expect(assembler.liveOutputTokens == RecordedStreams.usage(of: api).outputTokens)
  }

  @Test("is the same however its bytes are cut", arguments: ModelAPI.allCases)
  func everyCut(api: ModelAPI) {
    let text = RecordedStreams.text(of: api)
    let whole = RecordedStreams.assembled(text, api: api).end
    for cut in 0...text.utf8.count {
      #expect(RecordedStreams.assembled(text, api: api, cuts: [cut]).end == whole, "cut at \(cut)")
    }
    let bytewise = Array(0...text.utf8.count)
    #expect(RecordedStreams.assembled(text, api: api, cuts: bytewise).end == whole)
  }

  @Test("is never complete when its last event is missing", arguments: ModelAPI.allCases)
  func endedEarly(api: ModelAPI) throws {
    let text = RecordedStreams.text(of: api)
    let stop = try #require(
      text.firstRange(of: /stop_reason":"|finish_reason":"stop|response.completed/))
    let start = text.utf8.distance(from: text.startIndex, to: stop.lowerBound)
    for count in 0..<start {
      let cut = String(decoding: text.utf8.prefix(count), as: UTF8.self)
      guard case .broken("the answer ended early", _) = RecordedStreams.assembled(cut, api: api).end
      else {
        Issue.record("\(count) bytes of the stream were taken for an answer")
        return
      }
    }
  }

  @Test("counts its tokens while it comes")
  func liveCount() {
    let text = RecordedStreams.anthropic
    var assembler = AnswerAssembler(api: .anthropic)
    var counts: [Int64] = []
    for line in text.split(separator: "\n\n") {
      assembler.receive(Array((line + "\n\n").utf8))
      counts.append(assembler.liveOutputTokens)
    }
    #expect(counts == counts.sorted())
    #expect(counts.dropLast(2).last == 3)
    #expect(counts.last == 15)
  }

  @Test("keeps the input that a gateway tells only at its start or its end", arguments: [0, 9])
  func inputOnce(atStart: Int) {
    let text = RecordedStreams.events([
      #"{"type":"message_start","message":{"model":"m","usage":{"input_tokens":\#(atStart),"output_tokens":0}}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":\#(9 - atStart),"output_tokens":2}}"#,
      #"{"type":"message_stop"}"#,
    ])
    guard case .complete(let answer) = RecordedStreams.assembled(text, api: .anthropic).end else {
      Issue.record("no answer")
      return
    }
    #expect(answer.usage == .usage(Usage(inputTokens: 9, outputTokens: 2)))
  }

  @Test(
    "ends as its provider says",
    arguments: [
      (
        ModelAPI.anthropic, #""stop_reason":"end_turn""#, #""stop_reason":"max_tokens""#,
        "truncated"
      ),
      (.anthropic, #""stop_reason":"end_turn""#, #""stop_reason":"refusal""#, "refused"),
      (.anthropic, #""stop_reason":"end_turn""#, #""stop_reason":"tool_use""#, "complete"),
      (.openai, #""finish_reason":"stop""#, #""finish_reason":"length""#, "truncated"),
      (.openai, #""finish_reason":"stop""#, #""finish_reason":"content_filter""#, "refused"),
      (.openai, #""content":"Grüße, ""#, #""refusal":"I cannot""#, "refused"),
      (
        .openaiResponses, #""status":"completed""#,
        #""status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}"#, "truncated"
      ),
      (
        .openaiResponses, #""status":"completed""#,
        #""status":"incomplete","incomplete_details":{"reason":"content_filter"}"#, "refused"
      ),
      (.openaiResponses, "response.output_text.delta", "response.refusal.delta", "refused"),
      (.openaiResponses, #""status":"completed""#, #""status":"failed""#, "failed"),
    ])
  func ends(api: ModelAPI, from: String, to: String, expected: String) {
    let text = RecordedStreams.text(of: api).replacing(from, with: to)
    let end = RecordedStreams.assembled(text, api: api).end
    #expect("\(end)".hasPrefix(expected), "\(end)")
  }

  @Test(
    "fails with the error that comes in the middle of it",
    arguments: [
      (
        ModelAPI.anthropic,
        #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        "overloaded_error"
      ),
      (.openai, #"{"error":{"message":"boom","type":"server_error","code":null}}"#, "server_error"),
      (
        .openaiResponses, #"{"type":"error","code":"server_error","message":"boom"}"#,
        "server_error"
      ),
    ])
  func errorInStream(api: ModelAPI, event: String, kind: String) throws {
    let text = RecordedStreams.text(of: api)
    let half = try #require(text.firstRange(of: "Grüße, "))
    let end = try #require(text[half.upperBound...].firstMatch(of: /\R\R/))
    let broken = text[..<end.range.upperBound] + "data: \(event)\n\n"
    guard
      case .failed(let error, let partial) = RecordedStreams.assembled(
        String(broken), api: api
      ).end
    else {
      Issue.record("the error was not seen")
      return
    }
    #expect(error.kind == kind)
    #expect(partial.text == "Grüße, ")
  }

  @Test(
    "breaks at an event that is no JSON",
    arguments: [
      "<html>502</html>", #"{"type":"#, "{\"type\":\"\u{1}\"}", String(repeating: "[", count: 5000),
      "1e999", "",
    ])
  func garbage(data: String) {
    for api in ModelAPI.allCases {
      let end = RecordedStreams.assembled("data: \(data)\n\n", api: api).end
      #expect("\(end)".hasPrefix("broken"), "\(end)")
    }
  }

  @Test("breaks at text that is not UTF-8 rather than publish replacement characters")
  func invalidText() {
    var assembler = AnswerAssembler(api: .openai)
    assembler.receive(
      Array(#"data: {"choices":[{"delta":{"content":""#.utf8) + [0xFF, 0xFE]
        + Array("\"}}]}\n\n".utf8))
    #expect("\(assembler.end)".contains("not valid UTF-8"))
  }

  @Test("survives any damage to its events")
  func damage() {
    var random = SplitMix64(seed: 5)
    for api in ModelAPI.allCases {
      let original = Array(RecordedStreams.text(of: api).utf8)
      for _ in 0..<500 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
        var assembler = AnswerAssembler(api: api, bytesMax: 4096)
        assembler.receive(bytes)
        guard case .usage(let usage)? = Optional(assembler.answerSoFar.usage) else { continue }
        #expect(usage.inputTokens >= 0 && usage.outputTokens >= usage.reasoningTokens)
      }
    }
  }
}

@Suite("An answer in one body")
struct WholeAnswerTests {
  static let bodies: [ModelAPI: String] = [
    .anthropic:
      #"{"id":"msg_1","type":"message","model":"claude-x","content":[{"type":"thinking","thinking":"…"},{"type":"text","text":"Hello"},{"type":"tool_use","name":"t","input":{}},{"type":"text","text":" there"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":4}}"#,
    .openai:
      #"{"id":"c","object":"chat.completion","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
    .openaiResponses:
      #"{"id":"r","object":"response","status":"completed","error":null,"model":"gpt-x","output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text","text":"Hello there"}]}],"usage":{"input_tokens":3,"output_tokens":4}}"#,
  ]

  @Test("is read with its usage", arguments: ModelAPI.allCases)
  func complete(api: ModelAPI) throws {
    let body = try #require(Self.bodies[api])
    guard case .complete(let answer) = AnswerReader.end(of: Array(body.utf8), from: api) else {
      Issue.record("no answer")
      return
    }
    #expect(answer.text == "Hello there")
    #expect(answer.usage == .usage(Usage(inputTokens: 3, outputTokens: 4)))
  }

  @Test(
    "is an error, or unreadable, when it is anything else",
    arguments: [
      (#"{"error":{"message":"m","type":"server_error"}}"#, "failed"),
      (#"{"error":"out of memory"}"#, "failed"), ("", "broken"), ("<html></html>", "broken"),
      ("{}", "broken"), ("[]", "broken"), ("null", "broken"), (#""text""#, "broken"),
      (#"{"type":7,"choices":{},"output":3,"content":[1]}"#, "broken"),
      (String(repeating: #"{"a":"#, count: 3000), "broken"),
    ])
  func notAnAnswer(body: String, expected: String) {
    for api in ModelAPI.allCases where !(api == .openaiResponses && body.contains("output")) {
      let end = AnswerReader.end(of: Array(body.utf8), from: api)
      #expect("\(end)".hasPrefix(expected), "\(api): \(end)")
    }
  }

  @Test("is over with Chat's [DONE], not before: the usage comes after the stop reason")
  func done() {
    var assembler = AnswerAssembler(api: .openai)
    assembler.receive(
      Array(
        #"data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#.utf8)
        + [10, 10])
    #expect(!assembler.isOver)
    assembler.receive(
      Array(
        #"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#.utf8) + [10, 10])
    #expect(!assembler.isOver)
    assembler.receive(Array("data: [DONE]\n\n".utf8))
    #expect(assembler.isOver)
    guard case .complete(let answer) = assembler.end else {
      Issue.record("\(assembler.end)")
      return
    }
    #expect(answer.usage.usage?.outputTokens == 2)
  }
}
