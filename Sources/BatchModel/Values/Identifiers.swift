// The names of things: small value types, so that an item's number is never taken for an attempt's.

/// One execution of a batch: `run-YYYYMMDD-HHMMSS-<8 hex>`.
package struct RunID: Hashable, Sendable, Codable, CustomStringConvertible {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var description: String { text }
  package init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// An item's row in the store: unique over all runs of a store, never reused.
package struct ItemID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
  package let number: Int64
  package init(_ number: Int64) { self.number = number }
  package var description: String { String(number) }
  package static func < (left: ItemID, right: ItemID) -> Bool { left.number < right.number }
  package init(from decoder: any Decoder) throws {
    number = try decoder.singleValueContainer().decode(Int64.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}

/// One try of one step: unique over all runs of a store, never reused.
package struct AttemptID: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
  package let number: Int64
  package init(_ number: Int64) { self.number = number }
  package var description: String { String(number) }
  package static func < (left: AttemptID, right: AttemptID) -> Bool { left.number < right.number }
  package init(from decoder: any Decoder) throws {
    number = try decoder.singleValueContainer().decode(Int64.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}

/// An engine's number in a store: each start of an engine takes the next one, so a late answer of a
/// dead engine is recognised.
package struct Epoch: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
  package let number: Int64
  package init(_ number: Int64) { self.number = number }
  package var description: String { String(number) }
  package static func < (left: Epoch, right: Epoch) -> Bool { left.number < right.number }
  package init(from decoder: any Decoder) throws {
    number = try decoder.singleValueContainer().decode(Int64.self)
  }
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(number)
  }
}
