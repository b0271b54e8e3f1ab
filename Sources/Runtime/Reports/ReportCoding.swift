// How every report becomes JSON: one encoder, so that schemas and outputs agree on names.

package import Foundation

package enum ReportCoding {
  /// Sorted members with snake_case names.
  package static func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
