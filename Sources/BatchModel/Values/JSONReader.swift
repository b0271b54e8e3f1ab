// A strict JSON reader over bytes: row sources have a million documents and a streamed answer a
// hundred events, and Foundation's decoder manages about a tenth of this one's rate.

/// Reads one JSON document (RFC 8259).
///
/// Of repeated members the last one counts.
package struct JSONReader {
  /// What is wrong, and where.
  package struct Mistake: Error, Hashable, Sendable {
    package var message: String
    /// In bytes from the document's start.
    package var offset: Int
  }

  /// Deeper nesting is refused: reading recurses.
  private static let depthMax = 256

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  /// The document in `text`.
  package static func value(of text: String) throws(Mistake) -> JSONValue {
    try value(of: Array(text.utf8)[...])
  }

  /// The document in `bytes`, with white space around it allowed.
  package static func value(of bytes: ArraySlice<UInt8>) throws(Mistake) -> JSONValue {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, Mistake> in
      var reader = JSONReader(bytes: buffer)
      do throws(Mistake) {
        return .success(try reader.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private mutating func document() throws(Mistake) -> JSONValue {
    let value = try value(depth: 0)
    skipWhitespace()
    guard index == bytes.count else { throw mistake("text after the document's end") }
    return value
  }

  private mutating func value(depth: Int) throws(Mistake) -> JSONValue {
    guard depth < Self.depthMax else {
      throw mistake("nested deeper than \(Self.depthMax)")
    }
    skipWhitespace()
    guard let byte = peek else { throw mistake("the document ends too early") }
    switch UnicodeScalar(byte) {
    case "{": return try object(depth: depth)
    case "[": return try array(depth: depth)
    case "\"": return .string(try string())
    case "t": return try literal("true", .bool(true))
    case "f": return try literal("false", .bool(false))
    case "n": return try literal("null", .null)
    case "-", "0"..."9": return try number()
    default: throw mistake("expected a JSON value")
    }
  }

  private mutating func object(depth: Int) throws(Mistake) -> JSONValue {
    index += 1
    var members: [String: JSONValue] = [:]
    skipWhitespace()
    if take("}") { return .object(members) }
    while true {
      skipWhitespace()
      guard peek == UInt8(ascii: "\"") else { throw mistake("expected a member's name in quotes") }
      let name = try string()
      skipWhitespace()
      guard take(":") else { throw mistake("expected \":\" after a member's name") }
      members[name] = try value(depth: depth + 1)
      skipWhitespace()
      if take("}") { return .object(members) }
      guard take(",") else { throw mistake("expected \",\" or \"}\" after a member") }
    }
  }

  private mutating func array(depth: Int) throws(Mistake) -> JSONValue {
    index += 1
    var elements: [JSONValue] = []
    skipWhitespace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipWhitespace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw mistake("expected \",\" or \"]\" after an element") }
    }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(Mistake) -> JSONValue {
    let count = word.utf8CodeUnitCount
    let matches =
      index + count <= bytes.count
      && (0..<count).allSatisfy { bytes[index + $0] == word.utf8Start[$0] }
    guard matches else { throw mistake("expected a JSON value") }
    index += count
    return value
  }

  private mutating func number() throws(Mistake) -> JSONValue {
    let start = index
    var isInteger = true
    _ = take("-")
    if !take("0") {
      guard skipDigits() else { throw mistake("expected a digit") }
    }
    if take(".") {
      isInteger = false
      guard skipDigits() else { throw mistake("expected a digit after the decimal point") }
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      guard skipDigits() else { throw mistake("expected a digit in the exponent") }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw mistake("the number \(text.prefix(40)) is too large")
    }
    return .number(value)
  }

  private mutating func string() throws(Mistake) -> String {
    index += 1
    let start = index
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        let text = try utf8(start..<index)
        index += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
      guard byte >= 0x20 else { throw mistake("a control character in a string") }
      index += 1
    }
    throw mistake("a string is never closed")
  }

  private mutating func escapedString(from start: Int) throws(Mistake) -> String {
    var text = try utf8(start..<index)
    var runStart = index
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        text += try utf8(runStart..<index)
        index += 1
        return text
      }
      if byte == UInt8(ascii: "\\") {
        text += try utf8(runStart..<index)
        text.unicodeScalars.append(try escape())
        runStart = index
        continue
      }
      guard byte >= 0x20 else { throw mistake("a control character in a string") }
      index += 1
    }
    throw mistake("a string is never closed")
  }

  private mutating func escape() throws(Mistake) -> Unicode.Scalar {
    index += 1
    guard let byte = peek else { throw mistake("a string is never closed") }
    index += 1
    switch UnicodeScalar(byte) {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "\"", "\\", "/": return UnicodeScalar(byte)
    case "u": return try unicodeEscape()
    default: throw mistake("an unknown escape in a string")
    }
  }

  /// A lone half of a surrogate pair becomes U+FFFD, as text cannot hold it.
  private mutating func unicodeEscape() throws(Mistake) -> Unicode.Scalar {
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let isPair =
      first < 0xDC00 && index + 1 < bytes.count && bytes[index] == UInt8(ascii: "\\")
      && bytes[index + 1] == UInt8(ascii: "u")
    guard isPair else { return "\u{FFFD}" }
    let afterFirst = index
    index += 2
    let second = try fourHexDigits()
    guard (0xDC00...0xDFFF).contains(second) else {
      index = afterFirst
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func fourHexDigits() throws(Mistake) -> UInt32 {
    guard index + 4 <= bytes.count else { throw mistake("a string is never closed") }
    let digits = String(decoding: bytes[index..<(index + 4)], as: UTF8.self)
    let isHex = digits.utf8.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
    guard isHex, let value = UInt32(digits, radix: 16) else {
      throw mistake("expected four hexadecimal digits after \\u")
    }
    index += 4
    return value
  }

  private func utf8(_ range: Range<Int>) throws(Mistake) -> String {
    let run = UnsafeBufferPointer(rebasing: bytes[range])
    // Nearly all text is ASCII, which needs no validation; that takes as long as the rest of reading.
    if run.allSatisfy({ $0 < 0x80 }) { return String(decoding: run, as: UTF8.self) }
    guard let text = String(validating: run, as: UTF8.self) else {
      throw Mistake(message: "the text is not valid UTF-8", offset: range.lowerBound)
    }
    return text
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ character: UnicodeScalar) -> Bool {
    guard let byte = peek, UnicodeScalar(byte) == character else { return false }
    index += 1
    return true
  }

  private mutating func skipDigits() -> Bool {
    let start = index
    while let byte = peek, (48...57).contains(byte) { index += 1 }
    return index > start
  }

  private mutating func skipWhitespace() {
    while let byte = peek, byte == 32 || byte == 9 || byte == 10 || byte == 13 { index += 1 }
  }

  private func mistake(_ message: String) -> Mistake { Mistake(message: message, offset: index) }
}
