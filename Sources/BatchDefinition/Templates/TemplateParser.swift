// Reads a Mustache text into tokens with their places, which the rendering library does not offer.

/// One piece of a template.
struct TemplateToken: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case text(String)
    /// A value; the empty path is `{{.}}`.
    case variable([String])
    case open([String], isInverted: Bool)
    case close([String])
    case comment
  }
  var kind: Kind
  /// Where it begins and ends, in UTF-8 bytes of the source.
  var range: Range<Int>
}

/// Splits a template into tokens.
///
/// Understood are values (`{{a.b}}`, and as the same `{{{a.b}}}` and `{{&a.b}}`, since nothing is
/// escaped), sections, inverted sections and comments.
enum TemplateParser {
  /// Deeper sections are refused: rendering recurses.
  private static let depthMax = 32

  /// The tokens of `source`, in order, without empty texts.
  static func parse(_ source: String) throws(TemplateError) -> [TemplateToken] {
    let bytes = Array(source.utf8)
    var tokens: [TemplateToken] = []
    var position = 0
    while let start = firstPair(of: UInt8(ascii: "{"), in: bytes, from: position) {
      appendText(bytes[position..<start], to: &tokens)
      let tag = try readTag(bytes, at: start)
      tokens.append(tag)
      position = tag.range.upperBound
    }
    appendText(bytes[position...], to: &tokens)
    try requireBalance(tokens)
    return tokens
  }

  private static func appendText(_ bytes: ArraySlice<UInt8>, to tokens: inout [TemplateToken]) {
    guard !bytes.isEmpty else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    tokens.append(TemplateToken(kind: .text(text), range: bytes.startIndex..<bytes.endIndex))
  }

  private static func readTag(
    _ bytes: [UInt8], at start: Int
  ) throws(TemplateError) -> TemplateToken {
    let first = start + 2 < bytes.count ? bytes[start + 2] : 0
    let isTriple = first == UInt8(ascii: "{")
    let contentStart = start + (isTriple ? 3 : 2)
    guard let end = firstPair(of: UInt8(ascii: "}"), in: bytes, from: contentStart) else {
      throw .syntax(problem: "\"{{\" is never closed; expected \"}}\" after it", offset: start)
    }
    var close = end + 2
    if isTriple {
      guard close < bytes.count, bytes[close] == UInt8(ascii: "}") else {
        throw .syntax(problem: "\"{{{\" is closed by \"}}\"; expected \"}}}\"", offset: start)
      }
      close += 1
    }
    let content = bytes[contentStart..<end]
    let kind = try kind(of: content, isTriple: isTriple, offset: start)
    return TemplateToken(kind: kind, range: start..<close)
  }

  private static func kind(
    of content: ArraySlice<UInt8>, isTriple: Bool, offset: Int
  ) throws(TemplateError) -> TemplateToken.Kind {
    guard !isTriple, let sigil = content.first else {
      return .variable(try path(content, offset: offset))
    }
    let rest = content.dropFirst()
    switch UnicodeScalar(sigil) {
    case "#": return .open(try path(rest, offset: offset), isInverted: false)
    case "^": return .open(try path(rest, offset: offset), isInverted: true)
    case "/": return .close(try path(rest, offset: offset))
    case "&": return .variable(try path(rest, offset: offset))
    case "!": return .comment
    case ">", "<", "$", "=", "%":
      let tag = String(UnicodeScalar(sigil))
      throw .syntax(
        problem: "a \"{{\(tag)\" tag is not supported; expected a value {{name}}, "
          + "a section {{#name}}…{{/name}} or a comment {{! … }}",
        offset: offset)
    default: return .variable(try path(content, offset: offset))
    }
  }

  /// The parts of a dotted name; empty for `.`.
  private static func path(
    _ bytes: ArraySlice<UInt8>, offset: Int
  ) throws(TemplateError) -> [String] {
    let text = String(decoding: bytes, as: UTF8.self)
    let name = text.trimmingWhitespace
    if name == "." { return [] }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isValid = parts.allSatisfy { part in
      !part.isEmpty && !part.contains { $0.isNewline || $0 == "{" || $0 == "}" }
    }
    guard isValid else {
      throw .syntax(
        problem: "\"\(name.prefix(40))\" is no variable name; expected a name such as path or a.b",
        offset: offset)
    }
    return parts
  }

  private static func requireBalance(_ tokens: [TemplateToken]) throws(TemplateError) {
    var open: [(path: [String], offset: Int)] = []
    for token in tokens {
      let offset = token.range.lowerBound
      switch token.kind {
      case .open(let path, _):
        guard open.count < depthMax else {
          throw .syntax(problem: "sections are nested deeper than \(depthMax)", offset: offset)
        }
        open.append((path, offset))
      case .close(let path):
        guard let last = open.popLast() else {
          throw .syntax(
            problem: "{{/\(path.dotted)}} closes a section that was never opened", offset: offset)
        }
        guard last.path == path else {
          throw .syntax(
            problem: "{{/\(path.dotted)}} closes a section; expected {{/\(last.path.dotted)}}",
            offset: offset)
        }
      case .variable(let path) where path.isEmpty && open.isEmpty:
        throw .syntax(problem: "{{.}} stands outside of every section", offset: offset)
      case .text, .variable, .comment: break
      }
    }
    if let last = open.last {
      throw .syntax(
        problem: "{{#\(last.path.dotted)}} is never closed; expected {{/\(last.path.dotted)}}",
        offset: last.offset)
    }
  }

  /// Where two equal bytes in a row begin.
  private static func firstPair(of byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == byte, bytes[index + 1] == byte { return index }
      index += 1
    }
    return nil
  }
}

extension [String] {
  /// The name as it is written in a template.
  var dotted: String { isEmpty ? "." : joined(separator: ".") }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmingWhitespace: String {
    let tail = drop { $0.isWhitespace }
    guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(tail[...last])
  }
}
