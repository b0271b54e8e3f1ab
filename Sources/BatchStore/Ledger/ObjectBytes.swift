// A JSON object written member by member into bytes, for the bodies that are written thousands of
// times a second.

import BatchModel

/// Writes one JSON object; the caller gives the members in the order of their names.
struct ObjectBytes {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  mutating func member(_ name: StaticString, _ value: Int64) {
    begin(name)
    bytes += String(value).utf8
  }

  mutating func member(_ name: StaticString, _ value: Bool) {
    begin(name)
    bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
  }

  mutating func member(_ name: StaticString, _ value: Int) { member(name, Int64(value)) }

  mutating func member(_ name: StaticString, _ value: String) {
    begin(name)
    JSONBytes.append(value, to: &bytes)
  }

  mutating func member(_ name: StaticString, _ value: Digest, prefix: StaticString = "sha256:") {
    begin(name)
    bytes.append(UInt8(ascii: "\""))
    bytes += UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
    bytes += value.hex.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a member whose value is an object.
  mutating func member(_ name: StaticString, _ write: (inout ObjectBytes) -> Void) {
    begin(name)
    object(write)
  }

  /// Writes a member whose value is an array of objects.
  mutating func member<Element>(
    _ name: StaticString, _ elements: [Element], _ write: (inout ObjectBytes, Element) -> Void
  ) {
    begin(name)
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      object { write(&$0, element) }
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func member(_ name: StaticString, _ texts: [String]) {
    begin(name)
    bytes.append(UInt8(ascii: "["))
    for (index, text) in texts.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONBytes.append(text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func finish() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private mutating func object(_ write: (inout ObjectBytes) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    write(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func begin(_ name: StaticString) {
    if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    bytes += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    bytes += [UInt8(ascii: "\""), UInt8(ascii: ":")]
  }
}
