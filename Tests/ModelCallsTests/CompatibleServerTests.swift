// A compatible server that is not ours, installed and started by the test: when it is asked for.

import Foundation
import Glibc
import Providers
import Testing

@testable import ModelCalls

@Suite(
  "A compatible server from PyPI",
  .enabled(
    if: ProcessInfo.processInfo.environment["FOOTPLATE_TEST_COMPATIBLE"] == "1",
    "FOOTPLATE_TEST_COMPATIBLE=1 installs it with pip"),
  .timeLimit(.minutes(5)))
struct CompatibleServerTests {
  @Test("answers calls in both shapes, streamed and whole, and refuses as it is told")
  func bothShapes() async throws {
    let server = try FakeLLM()
    defer { server.stop() }
    let caller = try ModelCaller(Fixture.options())
    let base = try ServerAddress("http://127.0.0.1:\(server.port)/v1")
    try await server.waitUntilReady(caller, base)
    func outcome(_ api: ModelAPI, streams: Bool, prompt: String) async throws -> CallOutcome {
      let request = CallRequest(
        http: try HTTPCall(Fixture.call(api, prompt: prompt, streams: streams)), server: base,
        key: APIKey(Fixture.key), timeout: .seconds(60))
      return try #require(await caller.call(request).outcome)
    }
    for api in [ModelAPI.anthropic, .openai] {
      for streams in [true, false] {
        let answer = try await outcome(api, streams: streams, prompt: "Name a colour")
        #expect(answer.verdict == .answered)
        #expect(answer.answer?.text == "Green, as signals that are clear.")
      }
      // This server's streams are never refused.
      let refusal = try await outcome(api, streams: false, prompt: "What is the limit?")
      #expect(refusal.verdict == .rateLimited(until: nil))
      #expect(refusal.charge == .nothing)
    }
    await caller.shutdown(.waitForCalls)
  }
}

/// The server `fakellm`, in a virtual environment that goes with it.
private final class FakeLLM {
  struct Fault: Error { var message: String }

  let port: Int
  private let folder: URL
  private let process = Process()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "footplate-fakellm-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.run("/usr/bin/env", ["python3", "-m", "venv", "venv"], in: folder)
    try Self.run("venv/bin/pip", ["install", "--quiet", "fakellm==0.3.5"], in: folder)
    let rules = """
      version: 1
      rules:
        - name: colour
          when: {messages_contain: "colour"}
          respond: {content: "Green, as signals that are clear."}
        - name: limit
          when: {messages_contain: "limit"}
          respond: {status: 429, error: "Rate limit exceeded"}
      """
    try Data(rules.utf8).write(to: folder.appendingPathComponent("fakellm.yaml"))
    port = try Self.freePort()
    process.executableURL = folder.appendingPathComponent("venv/bin/fakellm")
    process.arguments = ["serve", "--port", "\(port)"]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Asks until the server answers, for half a minute.
  func waitUntilReady(_ caller: ModelCaller, _ base: ServerAddress) async throws {
    let check = HealthCheck(
      api: .openai, path: "/v1/models", server: base, key: nil, timeout: .seconds(5))
    let start = ContinuousClock.now
    while await !caller.check(check).isHealthy {
      guard ContinuousClock.now - start < .seconds(30), process.isRunning else {
        throw Fault(message: "the server does not start")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  func stop() {
    // It may have inherited a mask without TERM.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    // Nothing depends on the folder any more.
    try? FileManager.default.removeItem(at: folder)
  }

  private static func run(_ program: String, _ arguments: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL =
      program.hasPrefix("/")
      ? URL(fileURLWithPath: program) : folder.appendingPathComponent(program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Fault(message: "\(program) \(arguments.joined(separator: " ")) failed")
    }
  }

  /// One that was free a moment ago.
  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Fault(message: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw Fault(message: "no port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
