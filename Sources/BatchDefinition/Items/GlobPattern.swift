// Glob patterns over bytes: file names are bytes, and a name's case or normal form is not ours.

/// A compiled glob: `*` and `?` within a name, `**` across folders, `[a-z]`, `[!a]`, `{a,b}`, `\`
/// as escape.
///
/// A name's leading dot is matched by a written dot alone.
package struct GlobPattern: Hashable, Sendable {
  /// Why a pattern is refused.
  package enum Mistake: Error, Hashable, Sendable {
    case empty
    case absolute
    case leavesTheFolder
    case unclosed(Character)
    case tooManyAlternatives
    case tooLong

    /// Continues a sentence that begins with the pattern.
    package var message: String {
      switch self {
      case .empty: "is empty; expected a pattern such as Sources/**/*.swift"
      case .absolute: "is absolute; expected one relative to the definition's folder"
      case .leavesTheFolder: "contains \"..\"; expected one below the definition's folder"
      case .unclosed(let bracket):
        "has \"\(bracket)\" without its end; expected \"\(bracket == "[" ? "]" : "}")\", "
          + "or \"\\\(bracket)\" for the character"
      case .tooLong: "is longer than \(GlobPattern.bytesMax) bytes"
      case .tooManyAlternatives:
        "has more than \(GlobPattern.alternativesMax) alternatives; expected fewer braces"
      }
    }
  }

  /// Braces multiply.
  static let alternativesMax = 256
  /// A path is no longer either; it also bounds the recursion over nested braces.
  static let bytesMax = 4096

  package let text: String
  /// The components of every alternative that the braces give.
  let alternatives: [[GlobComponent]]
  /// The alternatives as one name each, for keys that are no paths; `nil` if the pattern has a slash.
  private let wholeNames: [GlobName]?

  /// Compiles a pattern for paths below a folder.
  package init(_ text: String) throws(Mistake) {
    guard !text.hasPrefix("/") else { throw .absolute }
    guard !text.split(separator: "/").contains("..") else { throw .leavesTheFolder }
    try self.init(key: text)
  }

  /// Compiles a pattern for items' keys, which may be any text.
  package init(key text: String) throws(Mistake) {
    guard !text.isEmpty else { throw .empty }
    guard text.utf8.count <= Self.bytesMax else { throw .tooLong }
    self.text = text
    let expanded = try GlobBraces.expand(Array(text.utf8))
    var alternatives: [[GlobComponent]] = []
    for alternative in expanded { alternatives.append(try Self.components(of: alternative)) }
    self.alternatives = alternatives
    guard !text.utf8.contains(UInt8(ascii: "/")) else {
      wholeNames = nil
      return
    }
    var names: [GlobName] = []
    for alternative in expanded { names.append(try GlobName(alternative[...])) }
    wholeNames = names
  }

  /// Whether an item's key is meant.
  ///
  /// A pattern without a slash is compared with the whole key, and `*` then matches slashes too;
  /// one with a slash is compared name by name.
  package func matches(_ key: String) -> Bool {
    let bytes = Array(key.utf8)
    if let wholeNames { return wholeNames.contains { $0.matches(bytes[...]) } }
    return matches(path: bytes, hidesDots: false)
  }

  /// Whether a file's path is meant, as the walk judges it.
  package func matchesPath(_ path: String) -> Bool {
    matches(path: Array(path.utf8), hidesDots: true)
  }

  private func matches(path: [UInt8], hidesDots: Bool) -> Bool {
    let names = path.split(separator: UInt8(ascii: "/"))
    guard let file = names.last else { return false }
    return alternatives.contains { components in
      var states: Set<Int> = GlobComponent.closure(of: [0], in: components)
      for name in names.dropLast() {
        states = GlobComponent.advance(states, over: name, in: components, hidesDots: hidesDots)
        if states.isEmpty { return false }
      }
      return GlobComponent.accepts(states, file: file, in: components, hidesDots: hidesDots)
    }
  }

  private static func components(of bytes: [UInt8]) throws(Mistake) -> [GlobComponent] {
    var components: [GlobComponent] = []
    for part in bytes.split(separator: UInt8(ascii: "/")) {
      if part.elementsEqual(".".utf8) { continue }
      if part.elementsEqual("**".utf8) {
        if components.last != .anyFolders { components.append(.anyFolders) }
      } else {
        components.append(.name(try GlobName(part)))
      }
    }
    // A trailing ** means every file below.
    if components.last == .anyFolders {
      components.append(.name(try GlobName([UInt8(ascii: "*")])))
    }
    guard !components.isEmpty else { throw .empty }
    return components
  }
}

/// One part of a pattern between slashes.
enum GlobComponent: Hashable, Sendable {
  /// `**`: any number of folders, also none.
  case anyFolders
  case name(GlobName)

  /// Whether every file below the folder of these places is meant.
  static func coverEverything(_ states: Set<Int>, in components: [GlobComponent]) -> Bool {
    let last = components.count - 1
    guard last > 0, states.contains(last - 1), components[last - 1] == .anyFolders else {
      return false
    }
    guard case .name(let pattern) = components[last] else { return false }
    return pattern.matchesEverything
  }

  /// The places reachable without reading a name.
  static func closure(of states: Set<Int>, in components: [GlobComponent]) -> Set<Int> {
    var closed = states
    for state in states where components[state] == .anyFolders { closed.insert(state + 1) }
    return closed
  }

  /// The places after entering a folder.
  static func advance(
    _ states: Set<Int>, over name: some Collection<UInt8>, in components: [GlobComponent],
    hidesDots: Bool
  ) -> Set<Int> {
    var next: Set<Int> = []
    for state in states {
      switch components[state] {
      case .anyFolders:
        if !hidesDots || !FileWalk.isHiddenFolder(name) { next.insert(state) }
      case .name(let pattern):
        guard state + 1 < components.count, pattern.matches(name, hidesDots: hidesDots) else {
          continue
        }
        let isNamed = !hidesDots || pattern.isLiteral || !FileWalk.isHiddenFolder(name)
        if isNamed { next.insert(state + 1) }
      }
    }
    return closure(of: next, in: components)
  }

  /// Whether a file in the folder that these places stand for is meant.
  static func accepts(
    _ states: Set<Int>, file: some Collection<UInt8>, in components: [GlobComponent],
    hidesDots: Bool
  ) -> Bool {
    let last = components.count - 1
    guard states.contains(last), case .name(let pattern) = components[last] else { return false }
    return pattern.matches(file, hidesDots: hidesDots)
  }
}

/// Turns `{a,b}` into alternatives.
enum GlobBraces {
  static func expand(_ bytes: [UInt8]) throws(GlobPattern.Mistake) -> [[UInt8]] {
    guard let open = firstUnescaped("{", in: bytes, from: 0) else { return [bytes] }
    let (parts, close) = try split(bytes, from: open)
    let tails = try expand(Array(bytes[(close + 1)...]))
    var expanded: [[UInt8]] = []
    for part in parts {
      for inner in try expand(part) {
        for tail in tails { expanded.append(bytes[..<open] + inner + tail) }
        guard expanded.count <= GlobPattern.alternativesMax else { throw .tooManyAlternatives }
      }
    }
    return expanded
  }

  /// The parts between an opening brace and its end, split at the commas of this depth.
  private static func split(
    _ bytes: [UInt8], from open: Int
  ) throws(GlobPattern.Mistake) -> (parts: [[UInt8]], close: Int) {
    var parts: [[UInt8]] = [[]]
    var depth = 0
    var index = open + 1
    while index < bytes.count {
      let byte = bytes[index]
      switch UnicodeScalar(byte) {
      case "\\" where index + 1 < bytes.count:
        parts[parts.count - 1] += bytes[index...(index + 1)]
        index += 2
        continue
      case ",", "}":
        if depth == 0, byte == UInt8(ascii: "}") { return (parts, index) }
        if depth == 0 {
          parts.append([])
        } else {
          if byte == UInt8(ascii: "}") { depth -= 1 }
          parts[parts.count - 1].append(byte)
        }
      case "{":
        depth += 1
        parts[parts.count - 1].append(byte)
      default: parts[parts.count - 1].append(byte)
      }
      index += 1
    }
    throw .unclosed("{")
  }

  private static func firstUnescaped(
    _ wanted: UnicodeScalar, in bytes: [UInt8], from start: Int
  ) -> Int? {
    var index = start
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      if UnicodeScalar(bytes[index]) == wanted { return index }
      index += 1
    }
    return nil
  }
}
