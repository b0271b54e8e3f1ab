// Calls a second at 64 at once: ours, judged and timed, beside a bare client that only reads the bytes.
//
// The mock provider runs in a process of its own, so that what is measured is the client's side.

import AsyncHTTPClient
import BatchModel
import Foundation
import MockProvider
import ModelCalls
import NIOCore
import NIOHTTP1
import Providers

let concurrent = 64
let calls = 4_000

func serve() async throws {
  let server = MockServer(script: MockScript())
  async let running: Void = server.run()
  print(try await server.waitForPort())
  fflush(nil)
  try await running
}

func call(_ index: Int, streams: Bool) throws -> HTTPCall {
  try HTTPCall(
    ModelCall(
      api: .openai, model: "mock-1", turns: [.init(.user, "Name a colour")], outputTokensMax: 60,
      streams: streams, idempotencyKey: "ik:\(index)"))
}

/// Calls a second of `body`, by 64 workers that take turns.
func rate(_ body: @escaping @Sendable (Int) async throws -> Bool) async throws -> Double {
  let start = ContinuousClock.now
  let failures = try await withThrowingTaskGroup(of: Int.self) { group in
    for worker in 0..<concurrent {
      group.addTask {
        var failures = 0
        for index in stride(from: worker, to: calls, by: concurrent)
        where try await !body(index) { failures += 1 }
        return failures
      }
    }
    return try await group.reduce(0, +)
  }
  guard failures == 0 else { throw Failed(count: failures) }
  return Double(calls) / ((ContinuousClock.now - start) / .seconds(1))
}

struct Failed: Error { var count: Int }

func ours(_ base: String, streams: Bool) async throws -> Double {
  let caller = try ModelCaller(.init(concurrent: concurrent))
  let server = try ServerAddress(base)
  let rate = try await rate { index in
    let request = CallRequest(
      http: try call(index, streams: streams), server: server, key: nil, timeout: .seconds(60),
      stall: .seconds(30))
    guard case .outcome(let outcome) = await caller.call(request).result else { return false }
    return outcome.verdict == .answered
  }
  await caller.shutdown(.waitForCalls)
  return rate
}

func bare(_ base: String, streams: Bool) async throws -> Double {
  var configuration = HTTPClient.Configuration()
  configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrent
  let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  let rate = try await rate { index in
    let call = try call(index, streams: streams)
    var request = HTTPClientRequest(url: call.url(base: base))
    request.method = .POST
    for field in call.headers.fields { request.headers.add(name: field.name, value: field.value) }
    request.body = .bytes(ByteBuffer(bytes: call.body))
    let response = try await client.execute(request, timeout: .seconds(60))
    var count = 0
    for try await chunk in response.body { count += chunk.readableBytes }
    return response.status == .ok && count > 0
  }
  try await client.shutdown()
  return rate
}

func measure() async throws {
  let server = Process()
  server.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  server.arguments = ["serve"]
  let output = Pipe()
  server.standardOutput = output
  try server.run()
  defer { kill(server.processIdentifier, SIGKILL) }
  let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
  let base = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
  print("| 64 at once | ours, calls/s | bare client, calls/s | ratio |\n|---|---|---|---|")
  for streams in [false, true] {
    // Turn about, so that a busy moment meets both.
    var pairs: [(ours: Double, bare: Double)] = []
    for _ in 0..<3 {
      pairs.append(
        (try await ours(base, streams: streams), try await bare(base, streams: streams)))
    }
    let own = pairs.map(\.ours).sorted()[1]
    let other = pairs.map(\.bare).sorted()[1]
    let ratio = String(format: "%.2f", own / other)
    print("| \(streams ? "streams" : "whole answers") | \(Int(own)) | \(Int(other)) | \(ratio) |")
  }
}

if CommandLine.arguments.contains("serve") { try await serve() } else { try await measure() }
