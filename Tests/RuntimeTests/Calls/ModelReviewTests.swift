// A model that reviews: what of its answers is a pass, and that its feedback reaches the next round.

import BatchModel
import BatchStore
import Foundation
import MockProvider
import Resilience
import Runtime
import Testing

/// Runs one item through a command and a model's review of it, which answers as told.
private func reviewed(_ answers: [String]) async throws -> (
  TestBatch, ItemDetail
) {
  let rules = answers.map { answer in
    let text = JSONValue.string(answer).canonical
    return #"{"times": 1, "do": "say", "text": \#(text)}"#
  }.joined(separator: ", ")
  let server = MockServer(
    script: try MockScript(try JSONValue(parsing: #"{"rules": [\#(rules)]}"#)))
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run() }
    let port = try await server.waitForPort()
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a]}
      steps:
        - id: write
          run: 'echo "round $FOOTPLATE_ROUND"; cat "${FOOTPLATE_FEEDBACK:-/dev/null}"'
          output: "out/{{key}}.txt"
        - id: review
          llm: {provider: mock, model: mock-1, prompt: "Judge {{write.text}}", max_tokens: 100}
          sends_back_to: write
          rounds: 3
      providers:
        mock: {api: openai, base_url: "http://127.0.0.1:\(port)"}
      prices: {mock-1: {input: 1.00, output: 2.00}}
      retry: {attempts: 1}
      """, files: [:])
    try await batch.run()
    await server.stop()
    group.cancelAll()
    let client = try batch.client()
    let row = try #require(client.store.find("a", in: batch.newest().run, limit: 1).first)
    return (batch, try #require(try client.store.detail(of: row.id)))
  }
}

@Suite("A model's review")
struct ModelReviewTests {
  @Test("passes with PASS; what else it says goes back, and is paid for each time")
  func text() async throws {
    let (batch, detail) = try await reviewed(["mend the title", "**PASS**"])
    #expect(detail.row.state == .done)
    #expect(batch.text("out/a.txt") == "round 2\nmend the title")
    let calls = try batch.client().store.spending(of: batch.newest().run, by: .model, limit: 5)
    #expect(calls.map(\.calls) == [2])
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("says it in JSON too, and what is unclear is no pass")
  func json() async throws {
    let (batch, detail) = try await reviewed([
      #"{"pass": false, "feedback": "shorter"}"#, #"{"pass": true}"#,
    ])
    #expect(detail.row.state == .done)
    #expect(batch.text("out/a.txt") == "round 2\nshorter")
    let (other, unclear) = try await reviewed([#"{"passed": "yes"}"#])
    #expect(unclear.row.state == .failed)
    #expect(unclear.attempts.last?.failure?.message.contains(#"no "pass""#) == true)
    #expect(other.text("out/a.txt") == nil)
  }
}
