// The reader of server-sent events: the standard's cases, every cut, and bounds.

import Resilience
import Testing

@testable import Providers

@Suite("The event stream parser")
struct EventStreamParserTests {
  private static func events(_ text: String, cuts: [Int] = []) -> [ServerEvent] {
    var parser = EventStreamParser()
    var events: [ServerEvent] = []
    let bytes = Array(text.utf8)
    var start = 0
    for cut in cuts + [bytes.count] {
      events += parser.receive(Array(bytes[start..<cut]))
      start = cut
    }
    return events
  }

  @Test(
    "reads what the standard says",
    arguments: [
      ("data: one\n\n", ["message=one"]),
      ("data:one\r\rdata: two\r\n\r\n", ["message=one", "message=two"]),
      ("data: a\ndata: b\n\n", ["message=a\nb"]), ("data:\n\n", ["message="]),
      ("data\ndata\n\n", ["message=\n"]), (": comment\n\n", []), ("event: x\n\n", []),
      ("event: x\ndata: y\n\ndata: z\n\n", ["x=y", "message=z"]),
      ("event: x\r\ndata: y\r\ndata: z\r\n\r\n", ["x=y\nz"]),
      ("id: 7\nretry: 10\nfoo: bar\ndata:  two spaces\n\n", ["message= two spaces"]),
      ("\u{FEFF}data: bom\n\n", ["message=bom"]), ("data: never ended\n", []), ("", []),
      ("\n\r\n\n", []),
    ])
  func standard(text: String, expected: [String]) {
    let found = Self.events(text).map { "\($0.name)=\(String(decoding: $0.data, as: UTF8.self))" }
    #expect(found == expected)
  }

  @Test("gives the same events however the bytes are cut")
  func everyCut() {
    let text = "\u{FEFF}: hi\r\nevent: ä\rdata: one\ndata: zwei ü\r\n\r\ndata: 3\n\n\r\rdata: 4\r\r"
    let whole = Self.events(text)
    #expect(whole.count == 3)
    let count = text.utf8.count
    for first in 0...count {
      for second in first...count {
        #expect(Self.events(text, cuts: [first, second]) == whole, "cut at \(first), \(second)")
      }
    }
  }

  @Test("stops for good at a line or an event that is too long")
  func bounds() {
    var byLine = EventStreamParser(bytesMax: 64)
    #expect(byLine.receive(Array(repeating: UInt8(ascii: "x"), count: 65)).isEmpty)
    #expect(byLine.overflow == .line(bytesMax: 64))
    #expect(byLine.receive(Array("\n\ndata: late\n\n".utf8)).isEmpty)
    var byEvent = EventStreamParser(bytesMax: 64)
    for _ in 0..<10 { _ = byEvent.receive(Array("data: 0123456789\n".utf8)) }
    #expect(byEvent.overflow == .event(bytesMax: 64))
  }

  @Test("reads on through random bytes without an end or a crash")
  func garbage() {
    var random = SplitMix64(seed: 3)
    var parser = EventStreamParser(bytesMax: 4096)
    for _ in 0..<2000 {
      let alphabet: [UInt8] = [10, 13, 58, 32, 100, 97, 116, 0xEF, 0xBB, 0xFF, 0]
      let chunk = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      _ = parser.receive(chunk)
    }
    _ = parser.receive(Array("\n\n".utf8))
    #expect(
      parser.receive(Array("data: still here\n\n".utf8)).map(\.data) == [Array("still here".utf8)])
  }
}
