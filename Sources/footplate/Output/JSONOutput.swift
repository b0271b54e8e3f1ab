// JSON on standard output: one document, or one a line.

import Foundation
import Runtime

extension Console {
  /// One document, with sorted members and snake_case names.
  static func document(_ value: some Encodable) throws {
    let encoder = ReportCoding.encoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    raw(harmless(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n")
  }

  /// One line of NDJSON.
  static func record(_ value: some Encodable) throws {
    raw(harmless(String(decoding: try ReportCoding.encoder().encode(value), as: UTF8.self)) + "\n")
  }

  /// JSON need not escape C1 controls and DEL (RFC 8259, 7), but a terminal obeys them.
  private static func harmless(_ json: String) -> String {
    guard json.unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) }) else {
      return json
    }
    var text = ""
    for scalar in json.unicodeScalars {
      if (0x7F...0x9F).contains(scalar.value) {
        text += "\\u00" + String(scalar.value, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
