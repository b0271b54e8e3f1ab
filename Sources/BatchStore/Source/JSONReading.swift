// JSON that the store itself wrote, read quickly: a claim decodes hundreds of payloads, for which
// `Decodable` tries five types a value.

import BatchModel

extension JSONValue {
  /// Reads what `JSONBytes` writes, but for escapes and fractions; `nil` where that is not enough
  /// and the real decoder must look.
  init?(plain bytes: UnsafeBufferPointer<UInt8>) {
    var reader = PlainReader(bytes: bytes)
    guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = value
  }
}

private struct PlainReader {
  let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private static let depthMax = 64

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < Self.depthMax, index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return word("null") ? .null : nil
    default: return integer()
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func word(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    for offset in 0..<count where bytes[index + offset] != word.utf8Start[offset] { return false }
    index += count
    return true
  }

  private mutating func string() -> String? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] != UInt8(ascii: "\\"), bytes[index] >= 0x20 else { return nil }
      index += 1
    }
    let text = String(
      validating: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
    return take(UInt8(ascii: "\"")) ? text : nil
  }

  private mutating func integer() -> JSONValue? {
    let isNegative = take(UInt8(ascii: "-"))
    let start = index
    var value: Int64 = 0
    while index < bytes.count, (48...57).contains(bytes[index]) {
      value = value &* 10 &+ Int64(bytes[index] - 48)
      index += 1
    }
    // 18 digits fit; a leading zero, a fraction or an exponent is for the real decoder.
    guard (1...18).contains(index - start), index - start == 1 || bytes[start] != 48 else {
      return nil
    }
    return .integer(isNegative ? -value : value)
  }

  private mutating func array(depth: Int) -> JSONValue? {
    guard take(UInt8(ascii: "[")) else { return nil }
    var values: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(values) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(values) : nil
  }

  private mutating func object(depth: Int) -> JSONValue? {
    guard take(UInt8(ascii: "{")) else { return nil }
    var members: [String: JSONValue] = [:]
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      guard let name = string(), take(UInt8(ascii: ":")), let value = value(depth: depth + 1)
      else { return nil }
      members[name] = value
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }
}
