// The mock provider on its socket: real bytes, chunked streams, cuts, and silence.

import BatchModel
import Foundation
import Glibc
import Providers
import Resilience
import Testing

@testable import MockProvider

/// One HTTP/1.1 exchange on a plain socket: reads until the server closes.
enum PlainClient {
  struct Fault: Error {}

  static func exchange(_ request: HTTPCall, port: UInt16) async throws -> [UInt8] {
    var head = "\(request.method) \(request.path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
    for field in request.headers.fields { head += "\(field.name): \(field.value)\r\n" }
    head += "content-length: \(request.body.count)\r\n\r\n"
    let bytes = Array(head.utf8) + request.body
    return try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try send(bytes, port: port) }) }.start()
    }
  }

  private static func send(_ bytes: [UInt8], port: UInt16) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Fault() }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0, Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw Fault()
    }
    var reply: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count >= 0 else { throw Fault() }
      guard count > 0 else { return reply }
      reply += buffer[..<count]
    }
  }
}

@Suite("A mock provider's server")
struct MockServerTests {
  /// Runs `body` against a server on a free port, and stops it.
  private static func withServer(
    _ script: String, _ body: @Sendable (MockServer, UInt16) async throws -> Void
  ) async throws {
    let server = MockServer(script: try Fixture.script(script))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      let port = try await server.waitForPort()
      try await body(server, port)
      await server.stop()
      try await group.waitForAll()
    }
  }

  private static func parts(_ reply: [UInt8]) -> (head: String, body: String) {
    let text = String(decoding: reply, as: UTF8.self)
    guard let gap = text.firstRange(of: "\r\n\r\n") else { return (text, "") }
    return (String(text[..<gap.lowerBound]), String(text[gap.upperBound...]))
  }

  @Test("answers a call with the bytes that its machine planned", .timeLimit(.minutes(1)))
  func answers() async throws {
    try await Self.withServer("{}") { server, port in
      let call = Fixture.call(.openaiResponses, streams: false)
      let reply = try await PlainClient.exchange(try HTTPCall(call), port: port)
      let (head, body) = Self.parts(reply)
      #expect(head.hasPrefix("HTTP/1.1 200 OK"))
      guard
        case .complete(let answer) = AnswerReader.end(of: Array(body.utf8), from: .openaiResponses)
      else {
        Issue.record("\(body)")
        return
      }
      #expect(answer.text.hasPrefix("Echo: Name a colour"))
      #expect(server.log.billed == 1)
    }
  }

  @Test("streams token by token, and cuts where the script says", .timeLimit(.minutes(1)))
  func streams() async throws {
    let script = #"{"token_ms":1,"rules":[{"do":"cut","tokens":2,"contains":"cut"}]}"#
    try await Self.withServer(script) { server, port in
      let whole = try await PlainClient.exchange(
        try HTTPCall(Fixture.call(.anthropic)), port: port)
      let (head, body) = Self.parts(whole)
      #expect(head.lowercased().contains("transfer-encoding: chunked"))
      #expect(body.contains("message_stop"))
      #expect(body.hasSuffix("0\r\n\r\n"))
      let cut = try await PlainClient.exchange(
        try HTTPCall(Fixture.call(.anthropic, prompt: "cut this")), port: port)
      #expect(Self.parts(cut).body.contains("Echo:"))
      #expect(!Self.parts(cut).body.contains("message_stop"))
      #expect(!Self.parts(cut).body.hasSuffix("0\r\n\r\n"))
      #expect(server.log.billed == 2)
    }
  }

  @Test("serves many at once and loses none", .timeLimit(.minutes(1)))
  func many() async throws {
    try await Self.withServer(#"{"first_ms":5}"#) { server, port in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<64 {
          let request = try HTTPCall(Fixture.call(.openai, key: "ik:\(index)"))
          group.addTask {
            let reply = try await PlainClient.exchange(request, port: port)
            return Self.parts(reply).body.contains("[DONE]")
          }
        }
        for try await isDone in group { #expect(isDone) }
      }
      #expect(server.log.billed == 64)
      #expect(server.log.duplicates == 0)
      #expect(server.log.inFlight == 0)
      #expect(server.log.inFlightMax > 1)
    }
  }

  @Test("cuts off what is under way when it is stopped, and ends", .timeLimit(.minutes(1)))
  func stopped() async throws {
    try await Self.withServer(#"{"rules":[{"do":"stall","tokens":1,"hold_s":600}]}"#) {
      server, port in
      async let reply = PlainClient.exchange(try HTTPCall(Fixture.call(.openai)), port: port)
      while server.log.inFlight == 0 { await Task.yield() }
      await server.stop()
      let cut = try await reply
      #expect(!Self.parts(cut).body.contains("[DONE]"))
    }
  }

  @Test("ends when its task is cancelled, and gives its port back", .timeLimit(.minutes(1)))
  func cancelled() async throws {
    let server = MockServer(script: MockScript())
    let running = Task { try await server.run() }
    let port = try await server.waitForPort()
    running.cancel()
    try await running.value
    let next = MockServer(script: MockScript(), port: port)
    async let serving: Void = next.run()
    #expect(try await next.waitForPort() == port)
    await next.stop()
    try await serving
  }

  @Test("says which port it cannot have", .timeLimit(.minutes(1)))
  func portTaken() async throws {
    try await Self.withServer("{}") { _, port in
      let second = MockServer(script: MockScript(), port: port)
      let waiting = Task { try await second.waitForPort() }
      let ends = await #expect(throws: MockServer.Mistake.self) { try await second.run() }
      #expect(ends?.message.hasPrefix("127.0.0.1:\(port) cannot be listened at (") == true)
      await #expect(throws: MockServer.Mistake.self) { _ = try await waiting.value }
      await #expect(throws: MockServer.Mistake.self) { _ = try await second.waitForPort() }
    }
  }

  @Test("that is stopped before it runs never listens", .timeLimit(.minutes(1)))
  func stoppedBefore() async throws {
    let server = MockServer(script: MockScript())
    await server.stop()
    try await server.run()
    await #expect(throws: MockServer.Mistake(message: "the server was stopped")) {
      _ = try await server.waitForPort()
    }
  }
}
