// A provider's key, apart so that no value which is logged, compared or stored can hold one.

/// A key that shows itself only where a request's headers are written.
package struct APIKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let text: String

  /// Takes the key from its environment variable's value; white space around it is cut off.
  ///
  /// `nil` for an empty value and for one that no header can carry (a line break in it, letters
  /// outside ASCII): such a value is a mistake in the variable, not a key.
  package init?(_ value: String) {
    let key = value.trimmingWhitespace
    guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    text = String(key)
  }

  package var description: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

  /// The header field by which a provider knows its customer.
  ///
  /// It is the only way out of this type: call it while the request is written, and keep nothing.
  package func field(for api: ModelAPI) -> (name: String, value: String) {
    switch api {
    case .anthropic: ("x-api-key", text)
    case .openai, .openaiResponses: ("authorization", "Bearer \(text)")
    }
  }
}
