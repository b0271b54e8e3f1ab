// What networks and servers do to calls: each fault ends in an outcome with the right charge.

import Foundation
import NIOCore
import NIOPosix
import Providers
import Testing

@testable import ModelCalls

@Suite("A call that goes wrong", .timeLimit(.minutes(1)))
struct FaultTests {
  typealias Raw = Rig<RawServer>

  /// A reply to the whole request, and what must become of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var acts: [Act]
    var streams = true
    var code: String
    var verdict: Verdict
    var charge: Charge = .worstCase
    var text: String?

    init(
      _ name: String, _ acts: [Act], streams: Bool = true, code: String, verdict: Verdict,
      charge: Charge = .worstCase, text: String? = nil
    ) {
      testDescription = name
      self.acts = [.awaitRequest] + acts
      self.streams = streams
      self.code = code
      self.verdict = verdict
      self.charge = charge
      self.text = text
    }
  }

  static let retry = Verdict.retry(countsForBreaker: true, notBefore: nil)
  static let begun = Act.say(Reply.streamHead + Reply.chunk(Reply.piece("Gre")))
  static let usage = Charge.usage(Usage(inputTokens: 3, outputTokens: 2))

  static let cases = [
    Case("closes without a word", [.close], code: "reply-lost", verdict: .unknownOutcome),
    Case("resets the connection", [.reset], code: "reply-lost", verdict: .unknownOutcome),
    Case(
      "speaks another protocol", [.say("SSH-2.0-OpenSSH_9.2\r\n"), .close], code: "not-http",
      verdict: .unknownOutcome),
    Case(
      "answers with endless headers",
      [.say("HTTP/1.1 200 OK\r\n"), .flood("x-more: and more\r\n")],
      code: "not-http", verdict: .unknownOutcome),
    Case(
      "has garbage in a header's name", [.say("HTTP/1.1 200 OK\r\n\u{1}\u{2}: x\r\n\r\n")],
      code: "not-http", verdict: .unknownOutcome),
    Case(
      "switches to another protocol",
      [.say("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\nhello"), .close],
      code: "unexpected-status", verdict: retry),
    Case(
      "announces less than nothing", [.say("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n")],
      code: "not-http", verdict: .unknownOutcome),
    Case(
      "announces more than there is room",
      [.say("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n")],
      code: "not-http", verdict: .unknownOutcome),
    Case(
      "cuts a whole answer in half",
      [.say("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"id\":"), .close], streams: false,
      code: "reply-lost", verdict: .unknownOutcome),
    Case(
      "cuts a stream in half", [begun, .pause, .close], code: "broken-answer", verdict: .broken,
      text: "Gre"),
    Case(
      "resets in the middle of a stream", [begun, .pause, .reset], code: "broken-answer",
      verdict: .broken, text: "Gre"),
    Case(
      "ends a stream properly, but early", [begun, .say(Reply.lastChunk)], code: "broken-answer",
      verdict: .broken, text: "Gre"),
    Case(
      "ends a stream before its first event", [.say(Reply.streamHead + Reply.lastChunk)],
      code: "unreadable", verdict: retry),
    Case(
      "writes garbage where a chunk begins", [begun, .pause, .say("zz\r\nnonsense")],
      code: "broken-answer", verdict: .broken, text: "Gre"),
    Case(
      "streams what is no event", [.say(Reply.streamHead + Reply.chunk("data: {\"a\n\n"))],
      code: "unreadable", verdict: retry),
    Case(
      "sends a web page with a 200",
      [.say(Reply.whole("<html>Sign in</html>", type: "text/html"))], code: "unreadable",
      verdict: retry),
    Case(
      "sends an error with a 200",
      [.say(Reply.whole(#"{"error":{"type":"server_error","message":"Oops"}}"#))],
      streams: false, code: "server-error", verdict: retry),
    Case(
      "breaks off a refusal's body",
      [
        .say("HTTP/1.1 429 Too Many\r\ncontent-length: 900\r\n\r\n{\"error\":"), .close,
      ], code: "rate-limited", verdict: .rateLimited(until: nil), charge: .nothing),
    Case(
      "redirects", [.say(Reply.whole("", status: "307 There", "location: http://x.test/\r\n"))],
      code: "redirected", verdict: .stop(.redirected), charge: .nothing),
    Case(
      "floods", [.say("HTTP/1.1 200 OK\r\n\r\n"), .flood(String(repeating: " ", count: 9999))],
      streams: false, code: "body-too-large", verdict: .unknownOutcome),
    Case(
      "floods a stream",
      [begun, .flood(Reply.chunk(": " + String(repeating: " ", count: 9999) + "\n"))],
      code: "broken-answer", verdict: .broken, text: "Gre"),
  ]

  @Test("is classified when the server", arguments: cases)
  func classified(_ item: Case) async throws {
    var options = Fixture.options()
    options.bodyBytesMax = 1 << 20
    try await Raw.withRaw(options: options, acts: { _ in item.acts }) { rig in
      let request = try rig.request(streams: item.streams)
      // What follows a pause comes after the first piece was read.
      let end = await rig.caller.call(request) { _ in rig.server.proceed() }
      let outcome = try #require(end.outcome)
      #expect(outcome.code == item.code)
      #expect(outcome.verdict == item.verdict)
      #expect(outcome.charge == item.charge)
      #expect(!outcome.message.isEmpty)
      if let text = item.text { #expect(outcome.answer?.text == text) }
      // Nothing is ever sent twice, nor elsewhere.
      #expect(rig.server.requests.count == 1)
    }
  }

  static let harmless = [
    Case(
      "answers in HTTP/1.0 and closes",
      [.say("HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n\(Reply.answer)"), .close],
      streams: false, code: "", verdict: .answered, charge: usage),
    Case(
      "says more than its answer", [.say(Reply.whole(Reply.answer) + "and garbage\r\n")],
      streams: false, code: "", verdict: .answered, charge: usage),
    Case(
      "answers a stream's request with a whole", [.say(Reply.whole(Reply.answer))], code: "",
      verdict: .answered, charge: usage),
    Case(
      "streams unasked",
      [
        .say(
          Reply.streamHead + Reply.chunk(Reply.piece("Green.") + Reply.stop + Reply.usage)
            + Reply.lastChunk)
      ], streams: false, code: "", verdict: .answered, charge: usage),
    Case(
      "streams under another content type",
      [
        .say(
          Reply.whole(
            Reply.piece("Green.") + Reply.stop + Reply.usage + Reply.done, type: "text/plain"))
      ], code: "", verdict: .answered, charge: usage),
    Case(
      "says that it goes on, and then answers",
      [
        .say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nx: y\r\n\r\n"),
        .say(Reply.whole(Reply.answer)),
      ], streams: false, code: "", verdict: .answered, charge: usage),
    Case(
      "streams until it closes",
      [
        .say("HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + Reply.piece("Green.")),
        .say(Reply.stop + Reply.usage + Reply.done), .close,
      ], code: "", verdict: .answered, charge: usage),
    Case(
      "loses the connection after a whole stream",
      [
        .say(
          Reply.streamHead
            + Reply.chunk(Reply.piece("Green.") + Reply.stop + Reply.usage + Reply.done)), .close,
      ], code: "", verdict: .answered, charge: usage),
  ]

  @Test("is an answer all the same when the server", arguments: harmless)
  func answered(_ item: Case) async throws {
    try await Raw.withRaw(acts: { _ in item.acts }) { rig in
      let outcome = try await rig.outcome(streams: item.streams)
      #expect(outcome.verdict == .answered)
      #expect(outcome.answer?.text == "Green.")
      #expect(outcome.charge == item.charge)
    }
  }

  @Test("costs nothing when nobody listens, and says so at once")
  func refused() async throws {
    let server = try await RawServer { _ in [] }
    let port = server.port
    await server.stop()
    // Trying until the connect time-out would outlast the test.
    let caller = try ModelCaller(Fixture.options())
    let request = CallRequest(
      http: try HTTPCall(Fixture.call()), server: try ServerAddress("http://127.0.0.1:\(port)"),
      key: nil, timeout: .seconds(600))
    let end = await caller.call(request)
    #expect(end.outcome?.code == "connection-refused")
    #expect(end.outcome?.charge == .nothing)
    await caller.shutdown(.waitForCalls)
  }

  @Test("costs nothing when the host has no address")
  func unknownHost() async throws {
    let caller = try ModelCaller(Fixture.options())
    let request = CallRequest(
      http: try HTTPCall(Fixture.call()), server: try ServerAddress("https://no-host.invalid/v1"),
      key: nil, timeout: .seconds(30))
    let outcome = try #require(await caller.call(request).outcome)
    #expect(outcome.code == "name-not-resolved")
    #expect(outcome.charge == .nothing)
    #expect(outcome.message.contains("no-host.invalid"))
    await caller.shutdown(.waitForCalls)
  }

  @Test("is charged also when its body goes in pieces of megabytes")
  func largeBody() async throws {
    try await Raw.withRaw(acts: { _ in [.awaitRequest, .close] }) { rig in
      var request = try rig.request()
      let prompt = String(repeating: "colour ", count: 1 << 20)
      request.http = try HTTPCall(Fixture.call(prompt: prompt))
      let outcome = try #require(await rig.caller.call(request).outcome)
      #expect(outcome.charge == .worstCase)
      #expect(rig.server.requests.first?.hasSuffix("}") == true)
    }
  }

  @Test("does not unpack a bomb")
  func bomb() async throws {
    // 256 KiB of zeros.
    let packed = try #require(
      Data(base64Encoded: Self.bomb256KiB).map { [UInt8]($0) })
    let head =
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
      + "content-length: \(packed.count)\r\n\r\n"
    var options = Fixture.options()
    options.bodyBytesMax = 1 << 16
    try await Raw.withRaw(
      options: options, acts: { _ in [.awaitRequest, .say(head), .bytes(packed)] }
    ) { rig in
      let outcome = try await rig.outcome(streams: false)
      #expect(outcome.code == "body-too-large")
      #expect(outcome.charge == .worstCase)
    }
  }
}

extension FaultTests {
  static let bomb256KiB =
    "H4sIAAAAAAACA+3BMQEAAADCoPVP7W0HoAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA3gAi6g7iAAAEAA=="
}
