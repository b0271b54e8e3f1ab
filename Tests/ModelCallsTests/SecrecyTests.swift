// Keys: they leave in one header and come back in nothing.

import Providers
import Testing

@testable import ModelCalls

@Suite("A key", .timeLimit(.minutes(1)))
struct SecrecyTests {
  /// A key of no known shape: only knowing it can mask it.
  static let odd = "tr0ub4dor&3-of-a-house"

  @Test(
    "stays out of messages, logs and answers when a server sends it back",
    arguments: [
      Reply.whole(
        #"{"error":{"type":"authentication_error","message":"Incorrect key \#(odd)!"}}"#,
        status: "401 No", "x-request-id: req-\(odd)\r\n"),
      Reply.whole("<p>\(odd)</p>", status: "502 \(odd)", type: "text/html; x=\(odd)"),
      Reply.whole(Reply.answer.replacing("Green.", with: "Your key is \(odd).")),
      Reply.whole(Reply.answer.replacing("m-1", with: odd)),
      Reply.whole("", status: "302 There", "location: http://x/?key=\(odd)\r\n"),
      "HTTP/1.1 200 OK\r\n\(odd) broken header\r\n\r\n",
      Reply.streamHead
        + Reply.chunk(#"data: {"error":{"type":"x","message":"\#(odd)"}}"# + "\n\n")
        + Reply.lastChunk,
    ])
  func echoed(reply: String) async throws {
    try await Rig<RawServer>.withRaw(acts: { _ in [.awaitRequest, .say(reply), .close] }) { rig in
      var request = try rig.request()
      request.key = APIKey(Self.odd)
      let end = await rig.caller.call(request)
      #expect(rig.server.requests.first?.contains("Bearer \(Self.odd)") == true)
      #expect(!"\(end)".contains(Self.odd))
      #expect(!"\(request)".contains(Self.odd))
      var dumped = ""
      dump(request, to: &dumped)
      #expect(!dumped.contains(Self.odd))
    }
  }

  @Test("that is a mere word masks no answer")
  func word() {
    let mask = KeyMask(APIKey("ollama"), for: .openai)
    #expect(mask.masked("key ollama refused") == "key *** refused")
    #expect(mask.masked(ModelAnswer(text: "Use ollama")).text == "Use ollama")
    #expect(KeyMask(APIKey("none"), for: .openai).masked("none") == "none")
    let slashed = KeyMask(APIKey("abc/def+ghi="), for: .anthropic)
    #expect(slashed.masked(#"abc\/def+ghi= abc/def+ghi="#) == "*** ***")
    #expect(KeyMask(nil, for: .openai).masked("text") == "text")
    // A mark that combines with the key's last letter hides nothing of it.
    #expect(mask.masked("ollama\u{301} ollollama ollam") == "***\u{301} oll*** ollam")
  }

  @Test("makes no log line that a terminal would obey")
  func hostileLog() async throws {
    let body = "\u{1B}]0;owned\u{7}\r\n\u{202E}txt"
    let reply = Reply.whole(body, status: "500 Oops")
    try await Rig<RawServer>.withRaw(acts: { _ in [.awaitRequest, .say(reply)] }) { rig in
      let end = await rig.caller.call(try rig.request())
      #expect(end.log.count == 3)
      #expect(end.log.last?.contains("owned") == true)
      for line in end.log {
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{202E}" })
      }
    }
  }
}
