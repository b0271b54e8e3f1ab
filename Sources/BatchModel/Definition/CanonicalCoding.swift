// Canonical JSON of any encodable value: the bridge between Swift types and digests.

import Foundation

/// Encodes values canonically.
package enum CanonicalCoding {
  /// The canonical JSON text of `value`.
  ///
  /// Durations are encoded by Foundation as integers; sets must
  /// not occur in `value` unless their encoding is ordered.
  ///
  /// - Precondition: `value` encodes without error, which holds for the model's own types.
  package static func text(of value: some Encodable) -> String {
    do {
      let data = try JSONEncoder().encode(value)
      return try JSONDecoder().decode(JSONValue.self, from: data).canonical
    } catch {
      preconditionFailure("the model's types always encode: \(error)")
    }
  }
}
