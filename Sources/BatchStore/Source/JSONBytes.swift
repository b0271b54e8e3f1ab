// Canonical JSON written into bytes: a million payloads are compared and enqueued by it, for which
// building strings is too slow. The text is that of `JSONValue.canonical`.

import BatchModel

/// A writer of canonical JSON that remembers the order of the members it saw last: the rows of a
/// source nearly always have the same ones.
struct JSONBytes {
  /// A member's name, and the text with which it begins.
  private struct Member {
    var name: String
    var text: [UInt8]
  }

  private var lastMembers: [Member] = []

  /// Appends the canonical JSON of `value`.
  mutating func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += String(value).utf8
    case .number: bytes += value.canonical.utf8
    case .string(let value): Self.append(value, to: &bytes)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        append(value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members): append(members, to: &bytes)
    }
  }

  /// Appends `text` as a JSON string.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        bytes += utf8
      } else {
        var quoted = ""
        JSONValue.appendQuoted(String(decoding: utf8, as: UTF8.self), to: &quoted)
        bytes += quoted.utf8.dropFirst().dropLast()
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ members: [String: JSONValue], to bytes: inout [UInt8]) {
    if members.count == lastMembers.count, appendInLastOrder(members, to: &bytes) { return }
    lastMembers = members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
      .map { name in
        var text: [UInt8] = []
        Self.append(name, to: &text)
        return Member(name: name, text: text + [UInt8(ascii: ":")])
      }
    // An object inside this one has an order of its own, so this one's is kept aside.
    let order = lastMembers
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in order.enumerated() {
      guard let value = members[member.name] else { continue }
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += member.text
      append(value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    lastMembers = order
  }

  /// Appends an object of the members that came last; leaves `bytes` alone when it has others.
  private mutating func appendInLastOrder(
    _ members: [String: JSONValue], to bytes: inout [UInt8]
  ) -> Bool {
    let start = bytes.count
    let order = lastMembers
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in order.enumerated() {
      guard let value = members[member.name] else {
        bytes.removeSubrange(start...)
        return false
      }
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += member.text
      if case .string(let text) = value {
        Self.append(text, to: &bytes)
      } else {
        append(value, to: &bytes)
        lastMembers = order
      }
    }
    bytes.append(UInt8(ascii: "}"))
    return true
  }
}
