// Header fields as they came, read without regard to case.

/// The header fields of a request or a response, in order.
package struct HTTPHeaders: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String

    /// Without regard to case; a name is ASCII (RFC 9110, section 5.1).
    func isNamed(_ other: String) -> Bool {
      let (own, wanted) = (name.utf8, other.utf8)
      return own.count == wanted.count && zip(own, wanted).allSatisfy { $0.folded == $1.folded }
    }
  }

  /// Of repeated names all are kept.
  package private(set) var fields: [Field] = []

  package init(_ fields: [(name: String, value: String)] = []) {
    self.fields = fields.map { Field(name: $0.name, value: $0.value) }
  }

  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value under `name`, without white space around it; `nil` when it is missing or empty.
  package subscript(name: String) -> String? {
    guard let field = fields.first(where: { $0.isNamed(name) }) else { return nil }
    let value = field.value.trimmingWhitespace
    return value.isEmpty ? nil : String(value)
  }

  /// Whether the body is a stream of events; compatible servers answer a streaming call with a whole
  /// body when they cannot stream.
  package var isEventStream: Bool {
    self["content-type"]?.lowercased().hasPrefix("text/event-stream") ?? false
  }

  /// Whether the body is a page for people: a gateway's, or of a network that wants a sign-in.
  var isWebPage: Bool { self["content-type"]?.lowercased().contains("html") ?? false }

  /// Appends one more field.
  package mutating func add(_ name: String, _ value: String) {
    fields.append(Field(name: name, value: value))
  }
}

extension UInt8 {
  /// The lower-case form of an ASCII letter; anything else as it is.
  fileprivate var folded: UInt8 { 0x41...0x5A ~= self ? self | 0x20 : self }
}

extension StringProtocol {
  /// The text without white space at either end.
  var trimmingWhitespace: SubSequence {
    // Nearly every value is bare already, and characters are slow.
    if let first = unicodeScalars.first, let last = unicodeScalars.last,
      0x21...0x7E ~= first.value, 0x21...0x7E ~= last.value
    {
      return self[...]
    }
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return self[endIndex...] }
    return self[first...last]
  }
}
