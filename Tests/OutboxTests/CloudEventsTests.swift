// Events as CloudEvents: the specification's demands, ids, order, and secrets.

import BatchModel
import Outbox
import Resilience
import Testing

@Suite("CloudEvents")
struct CloudEventsTests {
  private static func event(
    _ sequence: Int64, key: String? = "a.txt",
    body: String = #"{"item":1,"note":"","type":"item.moved"}"#
  ) -> OutboxEvent {
    OutboxEvent(
      entry: OutboxEntry(
        sequence: sequence, at: Instant(milliseconds: 1_771_035_247_381), rank: .high,
        sizeBytes: body.utf8.count),
      run: RunID("run-20260214-021407-00c0ffee"), kind: .itemMoved, subject: key,
      body: Array(body.utf8))
  }

  private static func parsed(
    _ events: [OutboxEvent], mask: @escaping @Sendable (String) -> String = { $0 }
  ) throws -> [JSONValue] {
    let bytes = CloudEvents(identity: "0123456789abcdef", mask: mask).batch(events)
    guard case .array(let elements) = try JSONReader.value(of: bytes[...]) else { return [] }
    return elements
  }

  @Test("have every attribute that the specification requires, and ours")
  func attributes() throws {
    let event = try #require(try Self.parsed([Self.event(42)]).first)
    #expect(event["specversion"]?.string == "1.0")
    #expect(event["type"]?.string == "footplate.item.moved")
    #expect(event["source"]?.string == "urn:footplate:0123456789abcdef")
    #expect(event["subject"]?.string == "a.txt")
    #expect(event["time"]?.string == "2026-02-14T02:14:07.381Z")
    #expect(event["run"]?.string == "run-20260214-021407-00c0ffee")
    #expect(event["sequence"]?.string == "0000000000000000042")
    #expect(event["datacontenttype"]?.string == "application/json")
    #expect(event["data"]?["item"] == .integer(1))
    #expect(event["id"]?.string?.hasPrefix("0123456789abcdef-42-") == true)
  }

  @Test("keep an event's id however often it is sent, and give another content another one")
  func ids() {
    let events = CloudEvents(identity: "x") { $0 }
    #expect(events.id(of: Self.event(1)) == events.id(of: Self.event(1)))
    #expect(events.id(of: Self.event(1)) != events.id(of: Self.event(2)))
    #expect(
      events.id(of: Self.event(1)) != events.id(of: Self.event(1, body: #"{"type":"item.moved"}"#)))
  }

  @Test("are a batch in the ledger's order; an empty one is an empty array")
  func order() throws {
    let ids = try Self.parsed([3, 4, 9].map { Self.event($0) }).map { $0["sequence"]?.string?.last }
    #expect(ids == ["3", "4", "9"])
    #expect(try Self.parsed([]).isEmpty)
  }

  @Test("carry no secret, stay JSON, and leave numbers that look like one alone")
  func secrets() throws {
    let body =
      #"{"cost":123456,"item":1,"note":"key 123456 and pass\"word!\u0041","type":"item.moved"}"#
    let mask: @Sendable (String) -> String = {
      $0.replacing("123456", with: "***").replacing("pass\"word!A", with: "***")
    }
    let event = try #require(
      try Self.parsed([Self.event(1, key: "dir/123456", body: body)], mask: mask).first)
    #expect(event["data"]?["note"]?.string == "key *** and ***")
    let escaped = #"{"note":"pass\"word!\u0041","type":"item.moved"}"#
    let other = try #require(try Self.parsed([Self.event(2, body: escaped)], mask: mask).first)
    #expect(other["data"]?["note"]?.string == "***")
    #expect(event["data"]?["cost"] == .integer(123_456))
    #expect(event["subject"]?.string == "dir/***")
  }

  @Test("have subjects without control characters, and the run's name where there is no item")
  func subjects() throws {
    let events = try Self.parsed([Self.event(1, key: "a\u{1B}[2J\u{85}b"), Self.event(2, key: nil)])
    #expect(events.first?["subject"]?.string == "a\u{FFFD}[2J\u{FFFD}b")
    #expect(events.last?["subject"]?.string == "run-20260214-021407-00c0ffee")
  }
}
