// Canonical JSON of any encodable value: the bridge between Swift types and digests.

import FoundationEssentials

/// Encodes values canonically.
package enum CanonicalCoding {
  /// The JSON text of `value`, with sorted members; it decodes to the same value again.
  ///
  /// Not by way of `JSONValue`: a `Duration` is encoded as a pair of 64-bit integers, of which the
  /// second has no sign and would come back as a rounded number.
  /// Sets must not occur in `value` unless their encoding is ordered.
  ///
  /// - Precondition: `value` encodes without error, which holds for the model's own types.
  package static func text(of value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      preconditionFailure("the model's types always encode: \(error)")
    }
  }
}
