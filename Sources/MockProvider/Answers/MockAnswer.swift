// What a mock provider answers: an echo and filler of a length that follow from seed and prompt.

import BatchModel
import Resilience

/// An answer in tokens, whose texts joined are the whole.
struct MockAnswer: Hashable {
  enum Stop: Hashable { case end, truncated, refused }
  var tokens: [String]
  var stop = Stop.end
  var text: String { tokens.joined() }

  /// The answer to `request`: the same for the same seed and prompt.
  init(to request: MockRequest, script: MockScript) {
    var random = SplitMix64(seed: script.seed &+ Self.hash(request.prompt))
    if let schema = request.schema {
      tokens = Self.pieces(of: Self.value(of: schema, depth: 0, &random).canonical)
      return
    }
    let wanted = Int64.random(in: script.outputTokens, using: &random)
    let count = Int(min(wanted, request.outputTokensMax ?? wanted))
    let echoed = request.prompt.split(whereSeparator: \.isWhitespace).suffix(8).map(String.init)
    let words = ["Echo:"] + echoed
    tokens = (0..<count).map { index in
      let word = index < words.count ? words[index] : Self.filler(&random)
      return index == 0 ? word : " " + word
    }
  }

  init(saying text: String) { tokens = text.isEmpty ? [] : Self.pieces(of: text) }

  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(4)))
      rest = rest.dropFirst(4)
    }
    return pieces
  }

  private static func filler(_ random: inout SplitMix64) -> String {
    let words = ["the", "rail", "runs", "on", "past", "signal", "and", "water", "tower", "steam"]
    return words[Int.random(in: 0..<words.count, using: &random)]
  }

  /// FNV-1a: Swift's own hash differs from run to run.
  static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  /// The least value that a schema of the usual keywords is content with.
  private static func value(
    of schema: JSONValue, depth: Int, _ random: inout SplitMix64
  ) -> JSONValue {
    guard depth < 32 else { return .null }
    if let constant = schema["const"] { return constant }
    if case .array(let choices)? = schema["enum"], !choices.isEmpty {
      return choices[Int.random(in: 0..<choices.count, using: &random)]
    }
    switch schema["type"]?.string {
    case "object":
      guard case .object(let members)? = schema["properties"] else { return .object([:]) }
      var object: [String: JSONValue] = [:]
      for name in members.keys.sorted() {
        object[name] = members[name].map { value(of: $0, depth: depth + 1, &random) }
      }
      return .object(object)
    case "array":
      guard let element = schema["items"] else { return .array([]) }
      return .array([value(of: element, depth: depth + 1, &random)])
    case "integer": return .integer(Int64.random(in: 0...9, using: &random))
    case "number": return .integer(Int64.random(in: 0...9, using: &random))
    case "boolean": return .bool(Bool.random(using: &random))
    case "null": return .null
    default: return .string(filler(&random))
    }
  }
}
