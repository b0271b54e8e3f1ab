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
/// As long as real ones: what comes back is searched for it.
let key = APIKey("sk-benchmark-0123456789-0123456789-0123456789")

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

/// What a client made of the calls.
struct Speed {
  var callsPerSecond: Double
  /// Of this process, the server's not counted: steadier than the rate on a busy machine.
  var microsecondsOfProcessor: Double
}

func processorTime() -> Double {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return [usage.ru_utime, usage.ru_stime].reduce(0) {
    $0 + Double($1.tv_sec) * 1e6 + Double($1.tv_usec)
  }
}

/// The speed of `body`, called by 64 workers that take turns.
func speed(_ body: @escaping @Sendable (Int) async throws -> Bool) async throws -> Speed {
  let start = ContinuousClock.now
  let processorStart = processorTime()
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
  return Speed(
    callsPerSecond: Double(calls) / ((ContinuousClock.now - start) / .seconds(1)),
    microsecondsOfProcessor: (processorTime() - processorStart) / Double(calls))
}

struct Failed: Error { var count: Int }

func ours(_ base: String, streams: Bool) async throws -> Speed {
  let caller = try ModelCaller(.init(concurrent: concurrent))
  let server = try ServerAddress(base)
  let speed = try await speed { index in
    let request = CallRequest(
      http: try call(index, streams: streams), server: server, key: key, timeout: .seconds(60),
      stall: .seconds(30))
    guard case .outcome(let outcome) = await caller.call(request).result else { return false }
    return outcome.verdict == .answered
  }
  await caller.shutdown(.waitForCalls)
  return speed
}

func bare(_ base: String, streams: Bool) async throws -> Speed {
  var configuration = HTTPClient.Configuration()
  configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrent
  let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  let speed = try await speed { index in
    let call = try call(index, streams: streams)
    var request = HTTPClientRequest(url: call.url(base: base))
    request.method = .POST
    for field in call.headers(with: key).fields {
      request.headers.add(name: field.name, value: field.value)
    }
    request.body = .bytes(ByteBuffer(bytes: call.body))
    let response = try await client.execute(request, timeout: .seconds(60))
    var count = 0
    for try await chunk in response.body { count += chunk.readableBytes }
    return response.status == .ok && count > 0
  }
  try await client.shutdown()
  return speed
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
  print(
    """
    | 64 at once | ours, calls/s | bare client, calls/s | ratio | ours, µs CPU a call | bare | ratio |
    |---|---|---|---|---|---|---|
    """)
  for streams in [false, true] {
    // Turn about, so that a busy moment meets both.
    var pairs: [(ours: Speed, bare: Speed)] = []
    for _ in 0..<5 {
      pairs.append(
        (try await ours(base, streams: streams), try await bare(base, streams: streams)))
    }
    let rates = medians(of: pairs, \.callsPerSecond)
    let times = medians(of: pairs, \.microsecondsOfProcessor)
    print("| \(streams ? "streams" : "whole answers") | \(columns(rates)) | \(columns(times)) |")
  }
}

func medians(
  of pairs: [(ours: Speed, bare: Speed)], _ value: (Speed) -> Double
) -> (ours: Double, bare: Double) {
  let middle = pairs.count / 2
  return (
    pairs.map { value($0.ours) }.sorted()[middle], pairs.map { value($0.bare) }.sorted()[middle]
  )
}

func columns(_ medians: (ours: Double, bare: Double)) -> String {
  let ratio = String(format: "%.2f", medians.ours / medians.bare)
  return "\(Int(medians.ours)) | \(Int(medians.bare)) | \(ratio)"
}

if CommandLine.arguments.contains("serve") { try await serve() } else { try await measure() }
