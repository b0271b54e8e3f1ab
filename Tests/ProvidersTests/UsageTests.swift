// Usage in every form that providers send, and in forms that cannot be.

import BatchModel
import Testing

@testable import Providers

@Suite("Usage")
struct UsageTests {
  private static func value(_ text: String) throws -> JSONValue { try JSONReader.value(of: text) }

  @Test(
    "of Anthropic counts each input token once",
    arguments: [
      (#"{"input_tokens":5,"output_tokens":7}"#, Usage(inputTokens: 5, outputTokens: 7)),
      (
        #"{"input_tokens":5,"cache_creation_input_tokens":30,"cache_read_input_tokens":9,"output_tokens":7,"output_tokens_details":{"thinking_tokens":3},"server_tool_use":{"web_search_requests":2,"web_fetch_requests":0},"service_tier":"priority"}"#,
        Usage(
          inputTokens: 5, cacheReadTokens: 9, cacheWriteTokens: 30, outputTokens: 7,
          reasoningTokens: 3, toolCalls: ["web_search": 2], serviceTier: "priority")
      ),
      (
        #"{"input_tokens":0,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":1}"#,
        Usage(cacheWriteTokens: 10, hourCacheWriteTokens: 20, outputTokens: 1)
      ),
      (
        #"{"input_tokens":1.0,"cache_read_input_tokens":null,"output_tokens":2}"#,
        Usage(inputTokens: 1, outputTokens: 2)
      ),
    ])
  func anthropic(text: String, expected: Usage) throws {
    #expect(UsageReading(anthropic: try Self.value(text)) == .usage(expected))
  }

  @Test(
    "of OpenAI takes the cached tokens out of the input",
    arguments: [
      (
        #"{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":60},"completion_tokens_details":{"reasoning_tokens":8}}"#,
        Usage(inputTokens: 40, cacheReadTokens: 60, outputTokens: 20, reasoningTokens: 8)
      ),
      (
        #"{"input_tokens":100,"output_tokens":20,"input_tokens_details":{"cached_tokens":60,"cache_write_tokens":30},"output_tokens_details":{"reasoning_tokens":8}}"#,
        Usage(
          inputTokens: 10, cacheReadTokens: 60, cacheWriteTokens: 30, outputTokens: 20,
          reasoningTokens: 8)
      ),
      (#"{"prompt_tokens":3,"completion_tokens":0}"#, Usage(inputTokens: 3)),
    ])
  func openai(text: String, expected: Usage) throws {
    #expect(UsageReading(openai: try Self.value(text)) == .usage(expected))
  }

  @Test("of Gemini adds the thoughts to the output")
  func gemini() throws {
    let text =
      #"{"promptTokenCount":50,"cachedContentTokenCount":20,"candidatesTokenCount":10,"thoughtsTokenCount":30,"totalTokenCount":90}"#
    #expect(
      UsageReading(gemini: try Self.value(text))
        == .usage(
          Usage(inputTokens: 30, cacheReadTokens: 20, outputTokens: 40, reasoningTokens: 30)))
  }

  @Test(
    "that cannot be is refused, never guessed",
    arguments: [
      #"{"input_tokens":-1,"output_tokens":1}"#, #"{"input_tokens":1e30,"output_tokens":1}"#,
      #"{"input_tokens":9223372036854775807,"output_tokens":1}"#,
      #"{"input_tokens":"12","output_tokens":1}"#, #"{"input_tokens":1.5,"output_tokens":1}"#,
      #"{"input_tokens":1,"output_tokens":[1]}"#,
      #"{"input_tokens":1,"output_tokens":1,"output_tokens_details":{"thinking_tokens":2,"reasoning_tokens":2}}"#,
    ])
  func absurd(text: String) throws {
    for reading in [
      UsageReading(anthropic: try Self.value(text)), UsageReading(openai: try Self.value(text)),
    ] {
      guard case .absurd(let reason) = reading else {
        Issue.record("\(text) was read as \(reading)")
        continue
      }
      #expect(!reason.isEmpty)
    }
  }

  @Test("with more cached tokens than input is refused")
  func cachedBeyondInput() throws {
    let text = #"{"input_tokens":10,"output_tokens":1,"input_tokens_details":{"cached_tokens":11}}"#
    #expect(
      UsageReading(openai: try Self.value(text)) == .absurd("more cached tokens than input_tokens"))
  }

  @Test("is missing when nothing says it", arguments: ["null", "{}", "[]", "3"])
  func missing(text: String) throws {
    #expect(UsageReading(anthropic: try Self.value(text)) == .missing)
    #expect(UsageReading(openai: try Self.value(text)) == .missing)
    #expect(UsageReading(gemini: nil) == .missing)
  }
}
