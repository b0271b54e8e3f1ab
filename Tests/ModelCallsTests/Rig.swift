// What the tests of calls share: a caller, a mock provider, and requests.

import BatchModel
import MockProvider
import NIOSSL
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
  static let key = "sk-test-key-0123456789"

  /// A busy machine must not look like a network that does not answer.
  static func options(
    concurrent: Int = 8, _ environment: [String: String] = [:]
  ) -> ModelCaller.Options {
    var options = ModelCaller.Options(concurrent: concurrent, environment: environment)
    options.connectTimeout = .seconds(600)
    return options
  }

  static func call(
    _ api: ModelAPI = .openai, prompt: String = "Name a colour", streams: Bool = true
  ) -> ModelCall {
    ModelCall(
      api: api, model: "mock-1", turns: [.init(.user, prompt)], outputTokensMax: 500,
      streams: streams, idempotencyKey: "ik:1")
  }
}

/// A caller and a server that live for one test.
struct Rig<Server: Sendable>: Sendable {
  let caller: ModelCaller
  let server: Server
  let base: String

  func request(
    _ api: ModelAPI = .openai, prompt: String = "Name a colour", streams: Bool = true,
    timeout: Duration = .seconds(60), stall: Duration? = nil
  ) throws -> CallRequest {
    CallRequest(
      http: try HTTPCall(Fixture.call(api, prompt: prompt, streams: streams)),
      server: try ServerAddress(base), key: APIKey(Fixture.key), timeout: timeout, stall: stall)
  }

  /// The outcome of one call; a test fails that is cancelled.
  func outcome(
    _ api: ModelAPI = .openai, streams: Bool = true, timeout: Duration = .seconds(60),
    stall: Duration? = nil
  ) async throws -> CallOutcome {
    try #require(
      await caller.call(
        try request(api, streams: streams, timeout: timeout, stall: stall)
      ).outcome)
  }
}

extension Rig where Server == MockServer {
  static func withMock(
    _ script: String = "{}", concurrent: Int = 64, path: String = "",
    _ body: @Sendable (Rig<MockServer>) async throws -> Void
  ) async throws {
    let server = MockServer(script: try MockScript(try JSONReader.value(of: script)))
    let caller = try ModelCaller(Fixture.options(concurrent: concurrent))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      let port = try await server.waitForPort()
      do {
        try await body(
          Rig(caller: caller, server: server, base: "http://127.0.0.1:\(port)\(path)"))
      } catch {
        Issue.record(error)
      }
      await caller.shutdown(.cancelCalls)
      await server.stop()
      try await group.waitForAll()
    }
  }
}

extension Rig where Server == RawServer {
  static func withRaw(
    scheme: String = "http", tls: NIOSSLContext? = nil, clock: CallClock = .system,
    options: ModelCaller.Options = Fixture.options(), proceedAfter: Int = .max,
    acts: @escaping @Sendable (Int) -> [Act],
    _ body: @Sendable (Rig<RawServer>) async throws -> Void
  ) async throws {
    let server = try await RawServer(tls: tls, proceedAfter: proceedAfter, acts: acts)
    let caller = try ModelCaller(options, clock: clock)
    do {
      try await body(
        Rig(caller: caller, server: server, base: "\(scheme)://127.0.0.1:\(server.port)"))
    } catch {
      Issue.record(error)
    }
    await caller.shutdown(.cancelCalls)
    await server.stop()
  }
}
