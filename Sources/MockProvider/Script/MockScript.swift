// The script by which a mock provider behaves, as it is written in JSON or YAML: limits, pace, and
// what goes wrong when.

package import BatchModel

/// How a mock provider behaves.
package struct MockScript: Hashable, Sendable {
  /// Tokens or requests for a minute; `nil` is no limit.
  package struct Limits: Hashable, Sendable {
    package var requests: Int64?
    package var inputTokens: Int64?
    package var outputTokens: Int64?
    /// Input and `max_tokens` together, as OpenAI counts.
    package var tokens: Int64?
    /// How many seconds' worth may be taken at once.
    package var burstSeconds: Int64 = 60
    package init() {}
  }

  package var seed: UInt64 = 1
  /// Before the first byte of an answer.
  package var firstPause: Duration = .zero
  /// Before each further token of a stream.
  package var tokenPause: Duration = .zero
  /// The bounds of an answer's length; `max_tokens` goes before them.
  package var outputTokens: ClosedRange<Int64> = 20...60
  package var limits = Limits()
  package var models = ["mock-1", "mock-2"]
  /// The first rule that matches a request decides.
  package var rules: [MockRule] = []

  package init() {}

  /// What is wrong with a script.
  package struct Mistake: Error, Hashable, Sendable {
    package var message: String
  }

  /// Reads a script, whose members all may be missing.
  ///
  /// - Throws: the first member that is unknown or cannot be, with what was expected.
  package init(_ value: JSONValue) throws(Mistake) {
    var fields = try MockFields(value, at: "script")
    seed = UInt64(try fields.integer("seed", in: 0...Int64.max) ?? 1)
    firstPause = .milliseconds(try fields.integer("first_ms", in: 0...3_600_000) ?? 0)
    tokenPause = .milliseconds(try fields.integer("token_ms", in: 0...60_000) ?? 0)
    let least = try fields.integer("output_tokens_min", in: 1...1_000_000) ?? 20
    let most = try fields.integer("output_tokens_max", in: 1...1_000_000) ?? max(60, least)
    guard least <= most else {
      throw Mistake(message: "output_tokens_min is above output_tokens_max")
    }
    outputTokens = least...most
    if let names = try fields.texts("models") { models = names }
    if let value = fields.take("limits") { limits = try Limits(value) }
    if let value = fields.take("rules") {
      guard case .array(let values) = value else { throw Mistake(message: "rules is no list") }
      for (index, value) in values.enumerated() {
        rules.append(try MockRule(value, at: "rules[\(index)]"))
      }
    }
    try fields.end()
  }
}

extension MockScript.Limits {
  init(_ value: JSONValue) throws(MockScript.Mistake) {
    var fields = try MockFields(value, at: "limits")
    let range: ClosedRange<Int64> = 1...1_000_000_000_000
    requests = try fields.integer("requests_per_minute", in: range)
    inputTokens = try fields.integer("input_tokens_per_minute", in: range)
    outputTokens = try fields.integer("output_tokens_per_minute", in: range)
    tokens = try fields.integer("tokens_per_minute", in: range)
    burstSeconds = try fields.integer("burst_seconds", in: 1...3600) ?? 60
    try fields.end()
  }
}

/// A reader of an object's members that knows which were never asked for.
struct MockFields {
  private var members: [String: JSONValue]
  private var known: [String] = []
  private let place: String

  init(_ value: JSONValue, at place: String) throws(MockScript.Mistake) {
    guard case .object(let members) = value else {
      throw MockScript.Mistake(message: "\(place) is no object")
    }
    self.members = members
    self.place = place
  }

  mutating func take(_ name: String) -> JSONValue? {
    known.append(name)
    return members.removeValue(forKey: name)
  }

  mutating func integer(
    _ name: String, in range: ClosedRange<Int64>
  ) throws(MockScript.Mistake) -> Int64? {
    guard let value = take(name) else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      throw MockScript.Mistake(
        message: "\(place).\(name): expected \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func text(_ name: String) throws(MockScript.Mistake) -> String? {
    guard let value = take(name) else { return nil }
    guard let text = value.string else {
      throw MockScript.Mistake(message: "\(place).\(name): expected a text")
    }
    return text
  }

  mutating func texts(_ name: String) throws(MockScript.Mistake) -> [String]? {
    guard let value = take(name) else { return nil }
    guard case .array(let values) = value, values.allSatisfy({ $0.string != nil }) else {
      throw MockScript.Mistake(message: "\(place).\(name): expected a list of texts")
    }
    return values.compactMap(\.string)
  }

  func end() throws(MockScript.Mistake) {
    guard let name = members.keys.min() else { return }
    throw MockScript.Mistake(
      message: "\(place).\(name) is unknown; known are \(known.joined(separator: ", "))")
  }
}
