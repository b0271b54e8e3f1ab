// llm steps against the mock provider, by real engines: bills, re-asks, failures, keys and logs.

import BatchModel
import BatchStore
import Foundation
import Glibc
import MockProvider
import Resilience
import Runtime
import Testing

/// One item, one llm step, and what became of them.
private struct Called {
  var detail: ItemDetail
  var spent: Money
  var provider: MockLog
  var batch: TestBatch

  var failure: Failure? { detail.attempts.last?.failure }

  /// Input for a dollar, output for two dollars a million tokens.
  static func bill(_ log: MockLog) -> Money {
    Money(picodollars: log.inputTokens * 1_000_000 + log.outputTokens * 2_000_000)
  }
}

private let key = "sk-test-0123456789abcdefghij"
private let keyVariable = "FOOTPLATE_CALL_TESTS_KEY"

/// Runs a batch of one item against a mock provider with the script.
private func called(
  _ script: String = "{}", step: String = "", timeout: String = "20s"
) async throws -> Called {
  setenv(keyVariable, key, 1)
  let server = MockServer(script: try MockScript(try JSONValue(parsing: script)))
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run() }
    let port = try await server.waitForPort()
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {glob: "in/*.txt"}
      steps:
        - id: ask
          llm: {provider: mock, model: mock-1, prompt: "Colour of {{stem}}", max_tokens: 100\(step)}
          output: "out/{{stem}}.txt"
          timeout: \(timeout)
      providers:
        mock: {api: openai, base_url: "http://127.0.0.1:\(port)", key: {env: \(keyVariable)}}
      prices: {mock-1: {input: 1.00, output: 2.00}}
      budget: {cap: 1}
      retry: {attempts: 1}
      """,
      files: [
        "in/a.txt": "one",
        "answer.json": #"{"type": "object", "required": ["colour"]}"#,
      ])
    try await batch.run()
    await server.stop()
    try await group.waitForAll()
    let client = try batch.client()
    let run = try batch.newest().run
    let row = try #require(try client.store.find("in/a.txt", in: run, limit: 1).first)
    return Called(
      detail: try #require(try client.store.detail(of: row.id)),
      spent: try client.store.spent(of: run, at: .wallClock).run, provider: server.log,
      batch: batch)
  }
}

@Suite("An llm step")
struct CallServiceTests {
  @Test("publishes its answer, and is charged what the provider billed, to the last digit")
  func answer() async throws {
    let call = try await called()
    #expect(call.detail.row.state == .done)
    #expect(call.batch.text("out/a.txt")?.isEmpty == false)
    #expect(call.provider.billed == 1)
    #expect(call.spent == Called.bill(call.provider))
    #expect(try call.batch.ledgerProblems() == [])
  }

  @Test("is charged its worst case when the reply is lost: more than the bill, within the bound")
  func lostReply() async throws {
    let call = try await called(#"{"rules": [{"do": "timeout"}]}"#, timeout: "1s")
    #expect(call.detail.row.state == .failed)
    let entries = try call.batch.client().store.entries(of: nil, after: 0, limit: 100)
    let reserved = entries.compactMap { entry -> Money? in
      guard case .attemptStarted(let start) = entry.change else { return nil }
      return start.reservation?.worstCase
    }
    #expect(reserved.count == 1)
    #expect(call.spent == reserved.first)
    #expect(call.spent > .zero)
  }

  @Test("that was refused before any work costs nothing")
  func overloaded() async throws {
    let call = try await called(#"{"rules": [{"do": "overloaded"}]}"#)
    #expect(call.failure?.kind == .provider)
    #expect(call.spent == .zero)
  }

  @Test(
    "fails with a class of its own when the answer is none",
    arguments: [
      ("refusal", Failure.Class.refusal), ("truncated", .truncated), ("empty", .hollow),
      ("cut", .broken),
    ])
  func noAnswer(action: String, kind: Failure.Class) async throws {
    let call = try await called(#"{"rules": [{"do": "\#(action)"}]}"#)
    #expect(call.detail.row.state == .failed)
    #expect(call.failure?.kind == kind)
    #expect(call.batch.text("out/a.txt") == nil)
  }

  @Test("asks again for an answer that does not satisfy its schema, and pays for both")
  func reasked() async throws {
    let call = try await called(
      #"""
      {"rules": [{"do": "say", "text": "red", "times": 1},
                 {"do": "say", "text": "{\"colour\": \"red\"}"}]}
      """#, step: ", schema: answer.json, reask: 1")
    #expect(call.detail.row.state == .done)
    #expect(call.provider.requests == 2)
    #expect(call.provider.keysBilledTwice == 0)
    #expect(call.spent == Called.bill(call.provider))
    #expect(call.batch.text("out/a.txt") == #"{"colour": "red"}"#)
  }

  @Test("fails when no answer satisfies its schema, and says what is wrong")
  func schemaFailure() async throws {
    let call = try await called(
      #"{"rules": [{"do": "say", "text": "red"}]}"#, step: ", schema: answer.json, reask: 1")
    #expect(call.detail.row.state == .failed)
    #expect(call.failure?.kind == .check)
    #expect(call.failure?.message.contains("does not satisfy the schema") == true)
    #expect(call.provider.requests == 2)
  }

  @Test("leaves a log that only its owner may read, and no key anywhere in the workspace")
  func secrets() async throws {
    let call = try await called(#"{"rules": [{"do": "say", "text": "my key is \#(key)"}]}"#)
    let attempt = try #require(call.detail.attempts.last?.id)
    let run = try call.batch.newest().run
    let log = call.batch.layout.logs(of: run) + "/\(attempt.number).log"
    #expect(call.batch.mode(log) == 0o600)
    let text = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) }
    #expect(text?.isEmpty == false)
    #expect(text?.contains(key) == false)
    let state = try #require(FileManager.default.enumerator(atPath: call.batch.layout.state))
    // Answers are the user's own: what a model says is sealed as it said it.
    for case let name as String in state where !name.hasPrefix("objects") {
      let path = "\(call.batch.layout.state)/\(name)"
      guard let content = FileManager.default.contents(atPath: path) else { continue }
      #expect(content.range(of: Data(key.utf8)) == nil, "\(name)")
    }
  }

  @Test("is not begun without its key: the variable is named, and what to do")
  func missingKey() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {glob: "in/*.txt"}
      steps:
        - id: ask
          llm: {provider: mock, model: mock-1, prompt: "{{stem}}"}
      providers:
        mock: {api: openai, base_url: "http://127.0.0.1:9", key: {env: FOOTPLATE_NO_SUCH_KEY}}
      prices: {mock-1: {input: 1.00, output: 2.00}}
      """)
    let error = await #expect(throws: (any Error).self) { try await batch.run() }
    #expect("\(error as Any)".contains("FOOTPLATE_NO_SUCH_KEY holds no key"))
  }
}
