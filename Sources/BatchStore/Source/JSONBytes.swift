// Canonical JSON written into bytes: a million payloads are compared and enqueued by it, for which
// building strings is too slow. The text is that of `JSONValue.canonical`.

import BatchModel

/// A writer of canonical JSON that remembers the order of the members it saw last: the rows of a
/// source nearly always have the same ones.
struct JSONBytes {
  private var lastOrder: [String] = []

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
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for name in order(of: members) {
      guard let value = members[name] else { continue }
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      Self.append(name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      append(value, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func order(of members: [String: JSONValue]) -> [String] {
    if lastOrder.count == members.count, lastOrder.allSatisfy({ members[$0] != nil }) {
      return lastOrder
    }
    lastOrder = members.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
    return lastOrder
  }
}
