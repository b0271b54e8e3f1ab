// The one byte sequence of a JSON value, the same on every machine: what digests are taken of.

extension JSONValue {
  /// The canonical text: no white space, members sorted at every depth by their UTF-16 code units,
  /// the shortest escapes (RFC 8785, but that a number with a fraction is printed as Swift's
  /// shortest round-trip form).
  ///
  /// - Precondition: no number is infinite or not a number; JSON has no such values.
  package var canonical: String {
    var text = ""
    appendCanonical(to: &text)
    return text
  }

  private func appendCanonical(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += Self.canonicalNumber(value)
    case .string(let value): Self.appendQuoted(value, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.appendCanonical(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      let sorted = members.sorted { precedes($0.key, $1.key) }
      for (index, member) in sorted.enumerated() {
        if index > 0 { text += "," }
        Self.appendQuoted(member.key, to: &text)
        text += ":"
        member.value.appendCanonical(to: &text)
      }
      text += "}"
    }
  }

  /// The order of UTF-16, found in UTF-8: the two differ from U+E000 on only, where UTF-16 writes what
  /// lies beyond U+FFFF with smaller units.
  private func precedes(_ left: String, _ right: String) -> Bool {
    for (own, other) in zip(left.utf8, right.utf8) where own != other {
      if max(own, other) < 0xEE { return own < other }
      return left.utf16.lexicographicallyPrecedes(right.utf16)
    }
    return left.utf8.count < right.utf8.count
  }

  private static func canonicalNumber(_ value: Double) -> String {
    precondition(value.isFinite, "JSON has no infinite numbers and no NaN")
    if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return String(Int64(value)) }
    return "\(value)"
  }

  /// Appends `value` as a JSON string literal.
  package static func appendQuoted(_ value: String, to text: inout String) {
    text += "\""
    // What needs no escape, mostly the whole of it, is appended in one piece.
    var rest = value[...]
    while let index = rest.utf8.firstIndex(where: needsEscape) {
      text += rest[..<index]
      appendEscape(of: rest.utf8[index], to: &text)
      rest = rest[rest.utf8.index(after: index)...]
    }
    text += rest
    text += "\""
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func appendEscape(of byte: UInt8, to text: inout String) {
    switch byte {
    case UInt8(ascii: "\""): text += "\\\""
    case UInt8(ascii: "\\"): text += "\\\\"
    case UInt8(ascii: "\n"): text += "\\n"
    case UInt8(ascii: "\r"): text += "\\r"
    case UInt8(ascii: "\t"): text += "\\t"
    case 0x08: text += "\\b"
    case 0x0c: text += "\\f"
    default:
      let hex = String(byte, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
    }
  }
}
