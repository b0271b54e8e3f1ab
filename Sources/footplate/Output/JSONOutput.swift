// JSON on standard output: one document, or one a line.

import Foundation
import Runtime

extension Console {
  /// One document, with sorted members and snake_case names.
  static func document(_ value: some Encodable) throws {
    let encoder = ReportCoding.encoder()
    encoder.outputFormatting.insert(.prettyPrinted)
    raw(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// One line of NDJSON.
  static func record(_ value: some Encodable) throws {
    raw(String(decoding: try ReportCoding.encoder().encode(value), as: UTF8.self) + "\n")
  }
}
