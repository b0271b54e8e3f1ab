// What of a failure's message its group's signature masks: the parts that differ from item to item.

package import BatchModel

/// Aligns a message with the signature that was made from it.
package enum VaryingParts {
  /// The message in pieces, in its order; together they are the whole message.
  ///
  /// Where the two do not fit together, the rest is one piece that does not vary.
  package static func split(
    _ message: String, by signature: Signature
  ) -> [(text: String, varies: Bool)] {
    var alignment = Alignment(message: Array(message.unicodeScalars))
    for part in parts(of: signature) {
      guard alignment.take(part) else { break }
    }
    return alignment.pieces
  }

  enum Part: Equatable {
    case literal([Unicode.Scalar])
    case mask(Mask)
  }

  /// The masks by their names; one that this version does not know stands for anything.
  enum Mask: String {
    case n, hex, path, name, other
  }

  /// The signature's message: what stands behind the class and the status.
  private static func parts(of signature: Signature) -> [Part] {
    guard let colon = signature.text.firstRange(of: ": ") else { return [] }
    var parts: [Part] = []
    var literal: [Unicode.Scalar] = []
    var rest = Array(signature.text[colon.upperBound...].unicodeScalars)[...]
    while let first = rest.first {
      if let (mask, end) = mask(at: rest) {
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
        parts.append(.mask(mask))
        rest = rest[end...]
      } else {
        literal.append(first)
        rest = rest.dropFirst()
      }
    }
    return literal.isEmpty ? parts : parts + [.literal(literal)]
  }

  private static func mask(at text: ArraySlice<Unicode.Scalar>) -> (Mask, Int)? {
    guard text.first == "<", let end = text.prefix(12).firstIndex(of: ">") else { return nil }
    let name = text[(text.startIndex + 1)..<end]
    guard !name.isEmpty, name.allSatisfy({ ("a"..."z").contains($0) }) else { return nil }
    return (Mask(rawValue: String(String.UnicodeScalarView(name))) ?? .other, end + 1)
  }
}

/// How far a message has been aligned.
private struct Alignment {
  let message: [Unicode.Scalar]
  private var position = 0
  private var isOpen = false
  private var ranges: [Range<Int>] = []

  init(message: [Unicode.Scalar]) { self.message = message }

  /// False when the message does not go on like this.
  mutating func take(_ part: VaryingParts.Part) -> Bool {
    switch part {
    case .literal(let scalars):
      guard let found = place(of: scalars) else { return false }
      if isOpen { add(position..<found.lowerBound) }
      isOpen = false
      position = found.upperBound
    case .mask(let mask):
      let end = end(of: mask)
      if end > position {
        add(position..<end)
        position = end
        isOpen = false
      } else {
        // It ends where the next literal begins.
        isOpen = true
      }
    }
    return true
  }

  private mutating func add(_ range: Range<Int>) {
    if !range.isEmpty { ranges.append(range) }
  }

  /// The end of what a mask of a known shape covers; `position` for any other.
  private func end(of mask: VaryingParts.Mask) -> Int {
    guard position < message.count else { return position }
    func end(while isPart: (Unicode.Scalar) -> Bool) -> Int {
      message[position...].firstIndex { !isPart($0) } ?? message.count
    }
    switch mask {
    case .n: return end { ("0"..."9").contains($0) || $0 == "." }
    case .hex: return end { $0.properties.isASCIIHexDigit || $0 == "x" || $0 == "-" }
    case .path: return end { !$0.properties.isWhitespace && $0 != ":" }
    case .name:
      let closing: [Unicode.Scalar: Unicode.Scalar] = [
        "'": "'", "\"": "\"", "`": "`", "‘": "’", "“": "”",
      ]
      guard let close = closing[message[position]] else { return position }
      return message[(position + 1)...].firstIndex(of: close).map { $0 + 1 } ?? position
    case .other: return position
    }
  }

  /// The next place of a literal; a blank of it is any white space of the message.
  private func place(of literal: [Unicode.Scalar]) -> Range<Int>? {
    var start = position
    while start <= message.count {
      if let end = match(literal, at: start) { return start..<end }
      start += 1
    }
    return nil
  }

  private func match(_ literal: [Unicode.Scalar], at start: Int) -> Int? {
    var index = start
    for scalar in literal {
      guard index < message.count else { return nil }
      if scalar == " " {
        guard message[index].properties.isWhitespace else { return nil }
        while index < message.count, message[index].properties.isWhitespace { index += 1 }
      } else {
        guard message[index] == scalar else { return nil }
        index += 1
      }
    }
    return index
  }

  var pieces: [(text: String, varies: Bool)] {
    var pieces: [(text: String, varies: Bool)] = []
    var start = 0
    func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(message[range])) }
    let last = isOpen ? [position..<message.count] : []
    for range in ranges + last where range.lowerBound >= start && !range.isEmpty {
      if range.lowerBound > start { pieces.append((text(start..<range.lowerBound), false)) }
      pieces.append((text(range), true))
      start = range.upperBound
    }
    return start < message.count ? pieces + [(text(start..<message.count), false)] : pieces
  }
}
