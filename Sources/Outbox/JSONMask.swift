// Secrets replaced inside JSON without breaking it: only the texts of values are touched.

import BatchModel

/// Masks JSON documents.
struct JSONMask: Sendable {
  private let mask: @Sendable (String) -> String

  init(_ mask: @escaping @Sendable (String) -> String) { self.mask = mask }

  func masked(_ text: String) -> String { mask(text) }

  /// The document with its texts masked.
  ///
  /// A secret that is written with escapes is found in the text that they stand for. A document that
  /// cannot be read is masked as one text: rather broken than told.
  func masked(_ document: [UInt8]) -> [UInt8] {
    let text = String(decoding: document, as: UTF8.self)
    let isEscaped = document.contains(UInt8(ascii: "\\"))
    // Nearly nothing holds a secret: then the document goes as it is.
    let whole = mask(text)
    if whole == text, !isEscaped { return document }
    guard let value = try? JSONReader.value(of: document[...]) else {  // not JSON: masked above
      return Array(whole.utf8)
    }
    let safe = masked(value)
    return safe == value ? document : Array(safe.canonical.utf8)
  }

  private func masked(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): .string(mask(text))
    case .array(let values): .array(values.map(masked))
    case .object(let members): .object(members.mapValues(masked))
    case .null, .bool, .integer, .number: value
    }
  }
}
