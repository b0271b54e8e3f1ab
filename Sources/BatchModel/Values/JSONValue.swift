// JSON as a value, with the canonical encoding that keys are computed from.

import FoundationEssentials

/// Any JSON value.
///
/// Integers that fit 64 bits stay exact.
package enum JSONValue: Hashable, Sendable, Codable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {  // not a Bool: try the next form
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {  // not an integer: the next form
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {  // not a number: the next form
      self = .number(value)
    } else if let value = try? container.decode(String.self) {  // not a string: the next form
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {  // not an array: an object
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// Parses one JSON document.
  package init(parsing text: String) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  /// The member of an object; `nil` for a missing member and for anything that is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  /// The text of a string; `nil` for anything else.
  package var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }
}
