// What the tests of calls share: a caller, a mock provider, and requests.

import BatchModel
import MockProvider
import Providers
import Testing

@testable import ModelCalls

extension CallEnd {
  var outcome: CallOutcome? {
    guard case .outcome(let outcome) = result else { return nil }
    return outcome
  }
}

enum Fixture {
  static func call(
    _ api: ModelAPI = .openai, prompt: String = "Name a colour", streams: Bool = true
  ) -> ModelCall {
    ModelCall(
      api: api, model: "mock-1", turns: [.init(.user, prompt)], outputTokensMax: 500,
      streams: streams, idempotencyKey: "ik:1")
  }
}

/// A caller and a mock provider that live for one test.
struct Rig: Sendable {
  let caller: ModelCaller
  let server: MockServer
  let port: UInt16

  static func withMock(
    _ script: String = "{}", concurrent: Int = 64,
    _ body: @Sendable (Rig) async throws -> Void
  ) async throws {
    let server = try MockServer(script: try MockScript(try JSONReader.value(of: script)))
    let caller = try ModelCaller(.init(concurrent: concurrent))
    try await withThrowingTaskGroup(of: Void.self) { group in
      // The server ends with an error when it is stopped.
      group.addTask { try? await server.run() }
      let rig = Rig(caller: caller, server: server, port: try await server.waitForPort())
      do {
        try await body(rig)
      } catch {
        Issue.record(error)
      }
      await caller.shutdown(.cancelCalls)
      await server.stop()
      group.cancelAll()
    }
  }

  func request(
    _ api: ModelAPI = .openai, prompt: String = "Name a colour", streams: Bool = true,
    timeout: Duration = .seconds(20), stall: Duration? = nil, base: String = ""
  ) throws -> CallRequest {
    CallRequest(
      http: try HTTPCall(Fixture.call(api, prompt: prompt, streams: streams)),
      server: try ServerAddress("http://127.0.0.1:\(port)\(base)"),
      key: APIKey("sk-test-key-0123456789"),
      timeout: timeout, stall: stall)
  }
}
