// The agent protocol's fixed figures and its lines: one JSON object each, both ways.

import FoundationEssentials

/// What an engine and a long-lived agent say to each other, in newline-delimited JSON.
///
/// The engine writes `command` and `cancel` to the agent's standard input; the agent writes `event`,
/// `heartbeat`, `log` and, once for each command, `result` or `failed` to its standard output.
package enum AgentProtocol {
  /// Told in every command.
  package static let version = 1
  /// The longest line with its newline, in either direction.
  package static let lineBytesMax = 256 * 1024

  /// One line with its newline: members sorted, nothing but the newline at its end.
  ///
  /// - Precondition: `message` encodes without error, which holds for the protocol's own types.
  package static func line(_ message: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(message)) + [10]
    } catch {
      preconditionFailure("the protocol's types always encode: \(error)")
    }
  }

  /// Reads one line without its newline.
  package static func read<Message: Decodable>(
    _ type: Message.Type, from line: some Sequence<UInt8>
  ) throws(BadAgentLine) -> Message {
    do {
      return try JSONDecoder().decode(type, from: Data(line))
    } catch let error as DecodingError {
      throw BadAgentLine(error)
    } catch {
      throw BadAgentLine(reason: "it is no JSON object")
    }
  }
}

/// Why a line is no message of the protocol; `reason` ends a sentence.
package struct BadAgentLine: Error, Hashable, Sendable, CustomStringConvertible {
  package var reason: String
  package init(reason: String) { self.reason = reason }
  package var description: String { reason }

  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      let place = Self.place(context.codingPath)
      reason = "it has no \"\(key.stringValue)\"" + (place.isEmpty ? "" : " in \"\(place)\"")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      let place = Self.place(context.codingPath)
      reason = place.isEmpty ? "it is no JSON object" : "its \"\(place)\" has the wrong type"
    case .dataCorrupted(let context):
      let place = Self.place(context.codingPath)
      reason =
        place.isEmpty
        ? "it is no JSON" : "its \"\(place)\" cannot be: \(context.debugDescription)"
    @unknown default:
      reason = "it is no JSON object"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.map(\.stringValue).joined(separator: ".")
  }
}
