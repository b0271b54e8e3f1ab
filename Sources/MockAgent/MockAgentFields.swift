// A script's objects read member by member, so that a slip is told and not passed over.

import BatchModel

/// A reader of an object's members that knows which were never asked for.
struct MockAgentFields {
  private var members: [String: JSONValue]
  private var known: [String] = []
  private let place: String

  init(_ value: JSONValue, at place: String) throws(MockAgentScript.Mistake) {
    guard case .object(let members) = value else {
      throw MockAgentScript.Mistake(message: "\(place) is no object")
    }
    self.members = members
    self.place = place
  }

  mutating func take(_ name: String) -> JSONValue? {
    known.append(name)
    return members.removeValue(forKey: name)
  }

  mutating func text(_ name: String) throws(MockAgentScript.Mistake) -> String? {
    guard let value = take(name) else { return nil }
    guard case .string(let text) = value else { throw wrong(name, "a text") }
    return text
  }

  mutating func flag(_ name: String) throws(MockAgentScript.Mistake) -> Bool? {
    guard let value = take(name) else { return nil }
    guard case .bool(let flag) = value else { throw wrong(name, "true or false") }
    return flag
  }

  mutating func integer(
    _ name: String, in range: ClosedRange<Int64>
  ) throws(MockAgentScript.Mistake) -> Int64? {
    guard let value = take(name) else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      throw wrong(name, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The list at `name`, each element made by `make` with its place.
  mutating func list<Element>(
    _ name: String,
    _ make: (JSONValue, String) throws(MockAgentScript.Mistake) -> Element
  ) throws(MockAgentScript.Mistake) -> [Element]? {
    guard let value = take(name) else { return nil }
    guard case .array(let values) = value else { throw wrong(name, "a list") }
    var elements: [Element] = []
    for (index, value) in values.enumerated() {
      elements.append(try make(value, "\(place).\(name)[\(index)]"))
    }
    return elements
  }

  /// Usage by its members' names in the protocol; absurd counts are for the engine to refuse.
  mutating func usage() throws(MockAgentScript.Mistake) -> AgentUsage {
    let counts = Int64.min...Int64.max
    return AgentUsage(
      model: try text("model"), inputTokens: try integer("input_tokens", in: counts) ?? 0,
      cacheReadTokens: try integer("cache_read_tokens", in: counts) ?? 0,
      cacheWriteTokens: try integer("cache_write_tokens", in: counts) ?? 0,
      outputTokens: try integer("output_tokens", in: counts) ?? 0, cost: try text("cost"))
  }

  /// Throws when a member was never asked for.
  func end() throws(MockAgentScript.Mistake) {
    guard let name = members.keys.sorted().first else { return }
    throw MockAgentScript.Mistake(
      message: "\(place).\(name) is unknown; it may have \(known.joined(separator: ", "))")
  }

  private func wrong(_ name: String, _ expected: String) -> MockAgentScript.Mistake {
    MockAgentScript.Mistake(message: "\(place).\(name): expected \(expected)")
  }
}
