// JSON on standard output: one document, or one a line.

import Foundation

extension Console {
  /// One document, with sorted members and snake_case names.
  static func document(_ value: some Encodable) throws {
    let encoder = encoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    raw(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// One line of NDJSON.
  static func record(_ value: some Encodable) throws {
    let encoder = encoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    raw(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  private static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }
}
