// JSON in and out of the tables.

import BatchModel
import Foundation

/// The bodies of events.
enum EventCoding {
  /// The JSON of a change; members are sorted, so equal changes have equal bytes.
  static func body(of change: Change) -> [UInt8] {
    if let bytes = change.fastBytes { return bytes }
    do {
      return Array(try encoder().encode(change))
    } catch {
      preconditionFailure("the model's types always encode: \(error)")
    }
  }

  /// The JSON text of a small value of the model.
  static func text(of value: some Encodable) -> String {
    do {
      return String(decoding: try encoder().encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("the model's types always encode: \(error)")
    }
  }

  private static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

extension Row {
  /// A value from a column of JSON; anything else there means a damaged file.
  func json<Value: Decodable>(_ type: Value.Type, _ column: Int32) throws(StoreError) -> Value {
    let bytes = withText(column) { Data($0) }
    do {
      return try JSONDecoder().decode(type, from: bytes)
    } catch {
      throw damaged("unreadable \(Value.self): \(error)")
    }
  }
}

extension Row {
  /// Any JSON value.
  func jsonValue(_ column: Int32) throws(StoreError) -> JSONValue {
    if let value = withText(column, { JSONValue(plain: $0) }) { return value }
    return try json(JSONValue.self, column)
  }

  /// A list of texts, without the decoder's own cost: a screen asks for one with every look.
  func strings(_ column: Int32) throws(StoreError) -> [String] {
    guard case .array(let values) = try jsonValue(column) else {
      throw damaged("a list of texts is something else")
    }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else {
        throw damaged("a list of texts holds something else")
      }
      texts.append(text)
    }
    return texts
  }
}

extension Connection {
  /// A value from JSON text that the store itself has written.
  func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws(StoreError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
      throw .corrupt(path: path, reason: "unreadable \(Value.self): \(error)")
    }
  }
}
