// From text to YAML nodes: syntax errors with their place, every repeated key, and bounds on what a
// small text may expand to.

import Yams

/// Reads one YAML document.
struct DocumentReader {
  /// A definition is written by hand; prompts have files of their own.
  static let bytesMax = 1 << 20
  /// Aliases multiply: 32 of them can make at most 3^(32/3), about 120,000, copies of a node.
  static let aliasesMax = 32
  static let nodesMax = 200_000
  static let depthMax = 64
  /// Repeated keys that are looked for one after the other.
  private static let repeatsMax = 50

  private let log: MistakeLog
  private var visited = 0
  /// The library stops at the first repeated key, so each is read again under a name of the private
  /// use area; this is how its true name is found.
  private var disguises: [Unicode.Scalar: Unicode.Scalar] = [:]

  private init(log: MistakeLog) { self.log = log }

  /// The document's root; `nil` when it cannot be read, and then `log` says why.
  static func read(_ text: String, log: MistakeLog) -> YAMLNode? {
    let start = Position(line: 1, column: 1)
    guard text.utf8.count <= bytesMax else {
      log.note(start, "the definition has \(text.utf8.count) bytes; expected at most \(bytesMax)")
      return nil
    }
    guard aliasCount(in: text) <= aliasesMax else {
      log.note(start, "the definition has too many YAML aliases; expected at most \(aliasesMax)")
      return nil
    }
    var reader = DocumentReader(log: log)
    guard let root = reader.compose(text) else { return nil }
    return reader.convert(root, depth: 0)
  }

  private mutating func compose(_ text: String) -> Node? {
    var text = text
    for _ in 0...Self.repeatsMax {
      do {
        if let root = try Yams.compose(yaml: text, .default, .default, .utf8) { return root }
        log.note(
          Position(line: 1, column: 1), "the definition is empty; expected name, items and steps")
        return nil
      } catch let YamlError.duplicatedKeysInMapping(names, context) {
        let place = Position(line: context.mark.line, column: context.mark.column)
        guard let disguised = disguise(place, in: text) else {
          log.note(place, "the key \(names.sorted().joined(separator: ", ")) is given twice")
          return nil
        }
        text = disguised
      } catch let error as YamlError {
        noteSyntax(error)
        return nil
      } catch {
        log.note(Position(line: 1, column: 1), "the definition cannot be read: \(error)")
        return nil
      }
    }
    log.note(
      Position(line: 1, column: 1), "more than \(Self.repeatsMax) keys are given twice")
    return nil
  }

  /// Replaces the first character of the key at `place`, so that no position moves.
  private mutating func disguise(_ place: Position, in text: String) -> String? {
    guard let stand = Unicode.Scalar(0xE000 + UInt32(disguises.count)),
      let start = text.scalarIndex(of: place)
    else { return nil }
    var index = start
    let scalars = text.unicodeScalars
    if scalars[index] == "\"" || scalars[index] == "'" { index = scalars.index(after: index) }
    guard index < scalars.endIndex, scalars[index].properties.isAlphabetic else { return nil }
    disguises[stand] = scalars[index]
    var changed = scalars
    changed.replaceSubrange(index...index, with: CollectionOfOne(stand))
    return String(changed)
  }

  private func undisguised(_ key: String) -> String {
    guard let first = key.unicodeScalars.first, let true_ = disguises[first] else { return key }
    return String(Character(true_)) + String(key.unicodeScalars.dropFirst())
  }

  private func noteSyntax(_ error: YamlError) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { "\($0.text): " } ?? ""
      log.note(
        Position(line: mark.line, column: mark.column), "not valid YAML: \(during)\(problem)")
    case .reader(let problem, let offset, _, let yaml):
      log.note(yaml.position(ofCharacter: offset ?? 0), "not valid YAML: \(problem)")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded,
      .duplicatedKeysInMapping:
      log.note(Position(line: 1, column: 1), "not valid YAML: \(error)")
    }
  }

  private mutating func convert(_ node: Node, depth: Int) -> YAMLNode? {
    let place = node.mark.map { Position(line: $0.line, column: $0.column) }
    let position = place ?? Position(line: 1, column: 1)
    visited += 1
    guard visited <= Self.nodesMax else {
      if visited == Self.nodesMax + 1 {
        log.note(position, "the definition's aliases expand to more than \(Self.nodesMax) values")
      }
      return nil
    }
    guard depth < Self.depthMax else {
      log.note(position, "nested deeper than \(Self.depthMax)")
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(
        content: .scalar(scalar.string, style: Self.style(scalar.style)), position: position)
    case .sequence(let sequence):
      var elements: [YAMLNode] = []
      for element in sequence {
        guard let converted = convert(element, depth: depth + 1) else { return nil }
        elements.append(converted)
      }
      return YAMLNode(content: .sequence(elements), position: position)
    case .mapping(let mapping): return convert(mapping, at: position, depth: depth)
    case .alias:
      log.note(position, "an alias without its anchor")
      return nil
    }
  }

  private mutating func convert(
    _ mapping: Node.Mapping, at position: Position, depth: Int
  ) -> YAMLNode? {
    var entries: [YAMLNode.Entry] = []
    var firstLines: [String: Int] = [:]
    for (key, value) in mapping {
      let mark = key.mark.map { Position(line: $0.line, column: $0.column) } ?? position
      guard case .scalar(let scalar) = key else {
        log.note(mark, "a key is a list or a mapping; expected a name")
        continue
      }
      guard let converted = convert(value, depth: depth + 1) else { return nil }
      let name = undisguised(scalar.string)
      if let line = firstLines[name] {
        log.note(mark, "the key \"\(name)\" is given twice; the first is in line \(line)")
        continue
      }
      firstLines[name] = mark.line
      entries.append(YAMLNode.Entry(key: name, keyPosition: mark, value: converted))
    }
    return YAMLNode(content: .mapping(entries), position: position)
  }

  private static func style(_ style: Node.Scalar.Style) -> YAMLNode.Style {
    switch style {
    case .any, .plain: .plain
    case .singleQuoted, .doubleQuoted: .quoted
    case .literal, .folded: .block
    }
  }

  /// At least the number of aliases: every `*name` whose `&name` occurs too.
  ///
  /// The library compares whole keys, so this bound has to hold before it reads anything.
  private static func aliasCount(in text: String) -> Int {
    let aliases = names(after: UInt8(ascii: "*"), in: text)
    guard !aliases.isEmpty else { return 0 }
    let anchors = Set(names(after: UInt8(ascii: "&"), in: text))
    return aliases.count { anchors.contains($0) }
  }

  private static func names(after indicator: UInt8, in text: String) -> [Substring] {
    var names: [Substring] = []
    let bytes = text.utf8
    var index = bytes.startIndex
    while let found = bytes[index...].firstIndex(of: indicator) {
      let start = bytes.index(after: found)
      let end = bytes[start...].firstIndex { !isNameByte($0) } ?? bytes.endIndex
      if start < end { names.append(text[start..<end]) }
      index = start
    }
    return names
  }

  /// The characters that libYAML takes into an anchor's name.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "0"..."9", "A"..."Z", "a"..."z", "_", "-": true
    default: false
    }
  }
}

extension String {
  /// Where a place is, if the text has it.
  func scalarIndex(of place: Position) -> String.Index? {
    guard let line = scalarLine(place.line) else { return nil }
    let scalars = unicodeScalars
    return scalars.index(line.lowerBound, offsetBy: place.column - 1, limitedBy: line.upperBound)
  }

  /// A line's range, without its end.
  func scalarLine(_ number: Int) -> Range<String.Index>? {
    let scalars = unicodeScalars
    var start = scalars.startIndex
    for _ in 1..<max(1, number) {
      guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
      start = scalars.index(after: end)
    }
    return start..<(scalars[start...].firstIndex(of: "\n") ?? scalars.endIndex)
  }

  /// The place of the character at a distance from the start.
  func position(ofCharacter offset: Int) -> Position {
    let end = index(startIndex, offsetBy: offset, limitedBy: endIndex) ?? endIndex
    return position(of: end)
  }

  /// The place of an index.
  func position(of end: String.Index) -> Position {
    let before = unicodeScalars[..<end]
    let line = before.count { $0 == "\n" } + 1
    let start = before.lastIndex(of: "\n").map { before.index(after: $0) } ?? before.startIndex
    return Position(line: line, column: before[start...].count + 1)
  }
}
