// The JSON Schema of a type, found out by watching it decode itself: so the two cannot drift apart.

import BatchModel
import Foundation

/// A type whose form cannot be found out this way.
struct UnknownForm: Error, CustomStringConvertible {
  var type: String
  var description: String { "\(type) does not say what its JSON form is" }
}

/// Finds schemas.
enum SchemaProbe {
  static func schema<Value: Decodable>(of type: Value.Type) throws -> JSONValue {
    try look(at: type).schema
  }

  /// The schema, and some value of the type for whoever asked for one.
  fileprivate static func look<Value: Decodable>(
    at type: Value.Type
  ) throws -> (schema: JSONValue, sample: Value) {
    if let described = type as? any SchemaDescribing.Type,
      let sample = described.sample as? Value
    {
      return (try described.schema, sample)
    }
    if let listed = type as? any CaseIterable.Type,
      let found: (JSONValue, Value) = cases(of: listed)
    {
      return found
    }
    let recording = Recording()
    let sample = try Value(from: ProbeDecoder(recording: recording))
    guard let schema = recording.schema else { throw UnknownForm(type: "\(type)") }
    return (schema, sample)
  }

  /// The words of an enumeration.
  private static func cases<Cases: CaseIterable, Value>(
    of type: Cases.Type
  ) -> (JSONValue, Value)? {
    let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    guard words.count == type.allCases.count, let first = type.allCases.first as? Value else {
      return nil
    }
    return (.object(["enum": .array(words.map(JSONValue.string))]), first)
  }
}

/// What one type asked for while it decoded itself.
private final class Recording {
  private var properties: [String: JSONValue] = [:]
  private var required: Set<String> = []
  private var isKeyed = false
  private var single: JSONValue?

  func openKeyed() { isKeyed = true }

  func note(_ key: any CodingKey, _ schema: JSONValue, isRequired: Bool) throws {
    let name = try Self.name(of: key)
    properties[name] = schema
    if isRequired { required.insert(name) }
  }

  func note(_ schema: JSONValue) { single = schema }

  var schema: JSONValue? {
    guard isKeyed else { return single }
    return .object([
      "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(properties),
      "required": .array(required.sorted().map(JSONValue.string)),
    ])
  }

  /// The name that the encoder of all reports gives the key.
  private static func name(of key: any CodingKey) throws -> String {
    let data = try ReportCoding.encoder().encode(OneKey(key: key))
    guard case .object(let members) = try JSONDecoder().decode(JSONValue.self, from: data),
      let name = members.keys.first
    else { return key.stringValue }
    return name
  }
}

/// An object with one member, to see how an encoder writes its name.
private struct OneKey: Encodable {
  struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
  var key: any CodingKey
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(0, forKey: Name(stringValue: key.stringValue))
  }
}

private struct ProbeDecoder: Decoder {
  let recording: Recording
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    recording.openKeyed()
    return KeyedDecodingContainer(KeyedProbe<Key>(recording: recording))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    throw UnknownForm(type: "a list of mixed values")
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    SingleProbe(recording: recording)
  }
}

private struct KeyedProbe<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recording: Recording
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let found = try SchemaProbe.look(at: type)
    try recording.note(key, found.schema, isRequired: true)
    return found.sample
  }

  /// A member that is left out when there is nothing to say.
  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try recording.note(key, try SchemaProbe.look(at: type).schema, isRequired: false)
    return nil
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    throw UnknownForm(type: "the nested \(key.stringValue)")
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw UnknownForm(type: "the nested \(key.stringValue)")
  }

  func superDecoder() throws -> any Decoder { throw UnknownForm(type: "a superclass") }
  func superDecoder(forKey key: Key) throws -> any Decoder {
    throw UnknownForm(type: "a superclass")
  }
}

private struct SingleProbe: SingleValueDecodingContainer {
  let recording: Recording
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let found = try SchemaProbe.look(at: type)
    recording.note(found.schema)
    return found.sample
  }
}
