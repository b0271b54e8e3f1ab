// Ledger events as CloudEvents 1.0 (JSON format, batched content mode).

package import BatchModel
import Resilience

/// Writes batches of events.
///
/// Source: CloudEvents 1.0.2, "JSON Event Format" §4 and "HTTP Protocol Binding" §3.3.
package struct CloudEvents: Sendable {
  package static let contentType = "application/cloudevents-batch+json; charset=utf-8"

  /// Names the store.
  private let identity: String
  private let mask: JSONMask

  /// - Parameter mask: Replaces secrets in a text.
  package init(identity: String, mask: @escaping @Sendable (String) -> String) {
    self.identity = identity
    self.mask = JSONMask(mask)
  }

  /// The JSON array of the events, in their order.
  package func batch(_ events: [OutboxEvent]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    bytes.reserveCapacity(events.reduce(2) { $0 + $1.body.count + 360 })
    for (index, event) in events.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(event, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  /// An event's id: the same however often it is sent, and another one for another content.
  ///
  /// After a loss of power and of the store's file a number may be given a second time; the content's
  /// digest keeps such two events apart.
  package func id(of event: OutboxEvent) -> String {
    "\(identity)-\(event.entry.sequence)-\(Digest(of: event.body).hex.prefix(8))"
  }

  private func append(_ event: OutboxEvent, to bytes: inout [UInt8]) {
    var head = "{\"specversion\":\"1.0\",\"id\":\"\(id(of: event))\""
    head +=
      ",\"source\":\"urn:footplate:\(identity)\",\"type\":\"footplate.\(event.kind.rawValue)\""
    head += ",\"time\":\"\(event.entry.at.rfc3339)\",\"subject\":"
    JSONValue.appendQuoted(subject(of: event), to: &head)
    head += ",\"run\":"
    JSONValue.appendQuoted(event.run.text, to: &head)
    // The sequence extension compares as text.
    let digits = String(event.entry.sequence)
    let zeros = String(repeating: "0", count: max(0, 19 - digits.utf8.count))
    head += ",\"sequence\":\"\(zeros)\(digits)\",\"datacontenttype\":\"application/json\",\"data\":"
    bytes += head.utf8
    bytes += mask.masked(event.body)
    bytes.append(UInt8(ascii: "}"))
  }

  /// The item's key, the path, the provider, or the run.
  ///
  /// A context attribute holds no control characters (§3.1).
  private func subject(of event: OutboxEvent) -> String {
    guard let key = event.subject, !key.isEmpty else { return event.run.text }
    var text = ""
    for scalar in mask.masked(key).unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      text.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return text
  }
}
