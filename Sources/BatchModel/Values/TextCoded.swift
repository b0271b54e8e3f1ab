// Values that are one text wherever they are stored or sent.

/// A value that is coded as its description.
package protocol TextCoded: Codable, CustomStringConvertible {
  /// Reads the description; `nil` for anything else.
  init?(_ text: String)
  /// What the text looks like, for an error's message.
  static var form: String { get }
}

extension TextCoded {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected \(Self.form)")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
