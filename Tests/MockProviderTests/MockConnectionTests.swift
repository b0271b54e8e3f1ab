// One connection on an event loop whose time stands still until the test moves it.

import BatchModel
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Providers
import Testing

@testable import MockProvider

/// A connection without a socket.
private struct Wire {
  let desk: MockDesk
  let channel: EmbeddedChannel

  init(_ script: String = "{}") throws {
    let desk = MockDesk(script: try Fixture.script(script))
    self.desk = desk
    channel = EmbeddedChannel()
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline()
    try pipeline.addHandler(MockConnection(desk: desk))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

  func send(_ call: ModelCall, _ extra: String = "") throws {
    let request = try HTTPCall(call)
    try send(
      "POST \(request.path) HTTP/1.1\r\nhost: x\r\n\(extra)"
        + "content-length: \(request.body.count)\r\n\r\n"
        + String(decoding: request.body, as: UTF8.self))
  }

  /// What was said since the last look.
  func said() throws -> String {
    var text = ""
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      text += String(buffer: bytes)
    }
    return text
  }

  func wait(_ milliseconds: Int64) {
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(milliseconds))
  }
}

@Suite("A connection to a mock provider")
struct MockConnectionTests {
  @Test("stays for the next request, also for one that came before the answer")
  func keptAlive() throws {
    let wire = try Wire(#"{"first_ms":10}"#)
    let call = Fixture.call(.openai, streams: false)
    try wire.send(call)
    try wire.send(call)
    #expect(try wire.said().isEmpty)
    wire.wait(10)
    #expect(try wire.said().hasPrefix("HTTP/1.1 200 OK\r\n"))
    wire.wait(10)
    #expect(try wire.said().hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(wire.channel.isActive)
    #expect(wire.desk.log.billed == 2)
    #expect(wire.desk.log.inFlight == 0)
  }

  @Test("goes after the answer when the client says so", arguments: ["1.0", "1.1"])
  func closed(version: String) throws {
    let wire = try Wire()
    let field = version == "1.1" ? "connection: close\r\n" : ""
    try wire.send("GET /v1/models HTTP/\(version)\r\nhost: x\r\n\(field)\r\n")
    #expect(try wire.said().contains("mock-1"))
    #expect(!wire.channel.isActive)
  }

  @Test("says each token when its time has come, not before")
  func slowStream() throws {
    let wire = try Wire(#"{"first_ms":50,"token_ms":20}"#)
    try wire.send(Fixture.call(.openai, max: 3))
    wire.wait(49)
    #expect(try wire.said().isEmpty)
    wire.wait(1)
    let opening = try wire.said()
    #expect(opening.contains("transfer-encoding: chunked") && opening.contains("assistant"))
    #expect(!opening.contains("Echo:"))
    wire.wait(20)
    #expect(try wire.said().contains("Echo:"))
    wire.wait(19)
    #expect(try wire.said().isEmpty)
    wire.wait(21)
    let rest = try wire.said()
    #expect(rest.contains("[DONE]") && rest.hasSuffix("0\r\n\r\n"))
    #expect(wire.desk.log.inFlight == 0)
  }

  @Test("stalls for as long as the script says, then goes without an end")
  func stalled() throws {
    let wire = try Wire(#"{"rules":[{"do":"stall","tokens":1,"hold_s":30}]}"#)
    try wire.send(Fixture.call(.anthropic))
    let opening = try wire.said()
    #expect(opening.contains("Echo:") && !opening.contains("message_stop"))
    wire.wait(29_999)
    #expect(wire.channel.isActive)
    #expect(wire.desk.log.inFlight == 1)
    wire.wait(1)
    #expect(try wire.said().isEmpty)
    #expect(!wire.channel.isActive)
    #expect(wire.desk.log.inFlight == 0)
  }

  @Test("says nothing until a time-out, then breaks off")
  func timedOut() throws {
    let wire = try Wire(#"{"rules":[{"do":"timeout","hold_s":3}]}"#)
    try wire.send(Fixture.call(.openai))
    wire.wait(2_999)
    #expect(try wire.said().isEmpty)
    wire.wait(1)
    #expect(!(try wire.said().contains("data:")))
    #expect(!wire.channel.isActive)
  }

  @Test("gives a reply up when the client hangs up, and books it as over")
  func hungUp() throws {
    let wire = try Wire(#"{"token_ms":1000}"#)
    try wire.send(Fixture.call(.openai))
    wire.wait(1000)
    #expect(wire.desk.log.inFlight == 1)
    try wire.channel.close().wait()
    #expect(wire.desk.log.inFlight == 0)
    wire.wait(60_000)
    #expect(wire.desk.log.inFlight == 0)
  }

  @Test("tells the limits and the wait of a refusal in its headers")
  func refused() throws {
    let wire = try Wire(#"{"limits":{"requests_per_minute":60,"burst_seconds":1}}"#)
    try wire.send(Fixture.call(.anthropic, streams: false))
    #expect(try wire.said().contains("anthropic-ratelimit-requests-remaining: 0"))
    try wire.send(Fixture.call(.anthropic, streams: false))
    let refusal = try wire.said()
    #expect(refusal.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
    #expect(refusal.contains("retry-after: 1\r\n"))
    #expect(wire.channel.isActive)
  }

  @Test("sends no body where HTTP has none: to HEAD, and with a 304")
  func bodiless() throws {
    let wire = try Wire(#"{"rules":[{"do":"status","status":304}]}"#)
    try wire.send("HEAD /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
    let head = try wire.said()
    #expect(head.contains("content-length: ") && Self.isBare(head))
    try wire.send(Fixture.call(.openai))
    let reply = try wire.said()
    #expect(reply.hasPrefix("HTTP/1.1 304 Not Modified\r\n") && Self.isBare(reply))
    #expect(!reply.contains("content-length"))
  }

  /// Whether a response is over with its headers.
  private static func isBare(_ reply: String) -> Bool {
    reply.hasSuffix("\r\n\r\n") && reply.ranges(of: "\r\n\r\n").count == 1
  }

  @Test("lets a client go on that asks before a large body")
  func expectation() throws {
    let wire = try Wire()
    try wire.send(
      "POST /v1/messages HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
    #expect(try wire.said().hasPrefix("HTTP/1.1 100 Continue\r\n"))
    try wire.send("{}")
    #expect(try wire.said().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
  }

  @Test("refuses a body beyond its bound, and drops what still comes of it")
  func tooLarge() throws {
    let wire = try Wire()
    let size = MockDesk.bodyBytesMax + 1
    try wire.send("POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: \(size)\r\n\r\n")
    let piece = String(repeating: "x", count: 1 << 20)
    for _ in 0..<(size >> 20) { try wire.send(piece) }
    #expect(try wire.said().isEmpty)
    try wire.send("x")
    #expect(try wire.said().hasPrefix("HTTP/1.1 413 "))
    #expect(!wire.channel.isActive)
    #expect(wire.desk.log.requests == 0)
  }

  @Test(
    "answers what is no HTTP with a 400, or goes",
    arguments: ["nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n"])
  func noHTTP(text: String) throws {
    let wire = try Wire()
    // The parser's error comes back through the pipe as well.
    try? wire.send(text)
    #expect(try wire.said().hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
    #expect(!wire.channel.isActive)
    #expect(wire.desk.log.requests == 0)
  }
}
