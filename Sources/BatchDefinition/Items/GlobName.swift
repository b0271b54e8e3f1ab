// One name's pattern: what stands between two slashes of a glob.

/// Matches a single name, in O(pattern × name) at worst.
struct GlobName: Hashable, Sendable {
  private enum Token: Hashable, Sendable {
    case byte(UInt8)
    /// `?`: one character.
    case any
    /// `*`: any number of bytes.
    case run
    case set([ClosedRange<UInt32>], isNegated: Bool)
  }
  private let tokens: [Token]
  /// Whether only one name matches.
  let isLiteral: Bool
  private let beginsWithDot: Bool
  /// Whether it is `*`.
  var matchesEverything: Bool { tokens == [.run] }

  init(_ bytes: ArraySlice<UInt8>) throws(GlobPattern.Mistake) {
    var tokens: [Token] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch UnicodeScalar(byte) {
      case "*": if tokens.last != .run { tokens.append(.run) }
      case "?": tokens.append(.any)
      case "[": tokens.append(try Self.set(&rest))
      case "\\": tokens.append(.byte(rest.popFirst() ?? byte))
      default: tokens.append(.byte(byte))
      }
    }
    self.tokens = tokens
    beginsWithDot = tokens.first == .byte(UInt8(ascii: "."))
    isLiteral = tokens.allSatisfy {
      guard case .byte = $0 else { return false }
      return true
    }
  }

  private static func set(_ rest: inout ArraySlice<UInt8>) throws(GlobPattern.Mistake) -> Token {
    var isNegated = false
    if let first = rest.first, first == UInt8(ascii: "!") || first == UInt8(ascii: "^") {
      isNegated = true
      rest.removeFirst()
    }
    // A bracket right after the opening one is a member.
    let search = rest.dropFirst()
    guard let close = search.firstIndex(of: UInt8(ascii: "]")) else { throw .unclosed("[") }
    let members = Array(String(decoding: rest[..<close], as: UTF8.self).unicodeScalars).map(\.value)
    rest = rest[(close + 1)...]
    var ranges: [ClosedRange<UInt32>] = []
    var index = 0
    while index < members.count {
      let isRange = index + 2 < members.count && members[index + 1] == 0x2D
      let upper = isRange ? members[index + 2] : members[index]
      if members[index] <= upper { ranges.append(members[index]...upper) }
      index += isRange ? 3 : 1
    }
    return .set(ranges, isNegated: isNegated)
  }

  /// Whether `name` is meant.
  ///
  /// - Parameter hidesDots: Whether a name's leading dot needs a written one.
  func matches(_ name: some Collection<UInt8>, hidesDots: Bool = false) -> Bool {
    if hidesDots, !beginsWithDot, name.first == UInt8(ascii: ".") { return false }
    return name.withContiguousStorageIfAvailable { matchesBytes($0) }
      ?? Array(name).withUnsafeBufferPointer { matchesBytes($0) }
  }

  /// The classic two-pointer walk: after a mismatch the last `*` takes one byte more.
  private func matchesBytes(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    var token = 0
    var index = 0
    var retry: (token: Int, index: Int)?
    while index < name.count {
      if token < tokens.count, tokens[token] == .run {
        retry = (token + 1, index)
        token += 1
      } else if token < tokens.count, let width = width(of: tokens[token], in: name, at: index) {
        token += 1
        index += width
      } else if let last = retry {
        retry = (last.token, last.index + 1)
        token = last.token
        index = last.index + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .run }
  }

  /// How many bytes a token takes here; `nil` if it does not match.
  private func width(
    of token: Token, in name: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> Int? {
    switch token {
    case .byte(let byte): return name[index] == byte ? 1 : nil
    case .run: return nil
    case .any: return Self.character(in: name, at: index).width
    case .set(let ranges, let isNegated):
      let (value, width) = Self.character(in: name, at: index)
      return ranges.contains { $0.contains(value) } != isNegated ? width : nil
    }
  }

  /// The scalar at a place; a byte that is no UTF-8 counts as one character.
  private static func character(
    in name: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (value: UInt32, width: Int) {
    let first = name[index]
    guard first >= 0x80 else { return (UInt32(first), 1) }
    var decoder = UTF8()
    var bytes = name[index...].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return (UInt32(first), 1) }
    return (scalar.value, UTF8.width(scalar))
  }
}
