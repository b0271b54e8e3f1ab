// The sources with one value an item: paths, lines, listed texts and mappings.

import BatchModel

/// Files that match.
final class GlobReader: RecordReading {
  private var walk: FileWalk
  private var pending: [FileWalk.Problem] = []
  /// A path that waits for the problems on the way to it.
  private var found: String?
  private let patterns: [String]

  init(patterns: [String], excluding: [String], folder: String) throws(ItemSourceError) {
    self.patterns = patterns
    walk = try FileWalk(
      root: folder, patterns: try Self.compile(patterns), excluding: try Self.compile(excluding))
  }

  func next() throws(ItemSourceError) -> SourceRecord? {
    if let problem = pending.popLast() {
      return .problem(SourceProblem(path: problem.path, message: problem.message))
    }
    if let path = found.take() { return Self.item(path) }
    let path = walk.next()
    let problems = walk.takeProblems()
    guard !problems.isEmpty else { return path.map(Self.item) }
    pending = problems.reversed()
    found = path
    return try next()
  }

  private static func item(_ path: String) -> SourceRecord {
    .item(.object(["path": .string(path)]), (path, nil))
  }

  var emptyPhrase: String { "no file matches \(patterns.joined(separator: " or "))" }
  var sourcePhrase: String { "files match \(patterns.joined(separator: " or "))" }

  private static func compile(_ texts: [String]) throws(ItemSourceError) -> [GlobPattern] {
    var patterns: [GlobPattern] = []
    for text in texts {
      do throws(GlobPattern.Mistake) {
        patterns.append(try GlobPattern(text))
      } catch {
        throw .unreadable(path: text, reason: "the glob \(error.message)")
      }
    }
    return patterns
  }
}

/// A file or a command's output with one item a line.
final class LineReader: RecordReading {
  private var lines: LineStream
  private let name: String
  private let what: String

  init(path: String, folder: String) throws(ItemSourceError) {
    lines = LineStream(try ByteStream(file: SourcePath.resolve(path, in: folder)))
    name = path
    what = "the file \(path)"
  }

  init(commandOutput pieces: @escaping () throws -> [UInt8]?) {
    lines = LineStream(ByteStream(pieces: pieces))
    name = "standard output"
    what = "the command's standard output"
  }

  func next() throws(ItemSourceError) -> SourceRecord? {
    while let line = try lines.next() {
      guard case .text(let bytes) = line else {
        return .problem(
          SourceProblem(path: name, line: lines.number, message: SourceProblem.tooLong))
      }
      guard !bytes.isEmpty else { continue }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return .problem(
          SourceProblem(path: name, line: lines.number, message: SourceProblem.notUTF8))
      }
      return .item(.object(["line": .string(text)]), (name, lines.number))
    }
    return nil
  }

  var emptyPhrase: String { "\(what) has no line that is not empty" }
  var sourcePhrase: String { "\(what) has lines" }
}

/// Items that the definition itself lists.
final class ListReader: RecordReading {
  private let values: [JSONValue]
  private var index = 0

  init(values: [JSONValue]) { self.values = values }

  func next() -> SourceRecord? {
    guard index < values.count else { return nil }
    index += 1
    let value = values[index - 1]
    let payload = value.string.map { JSONValue.object(["line": .string($0)]) } ?? value
    return .item(payload, ("items.list", index))
  }

  /// The text of an item that was listed as a text.
  static func text(of payload: JSONValue) -> String? {
    guard case .object(let members) = payload, members.count == 1 else { return nil }
    return members["line"]?.string
  }

  var emptyPhrase: String { "the list is empty" }
  var sourcePhrase: String { "the list has items" }
}

extension SourceProblem {
  static let tooLong =
    "the line is longer than \(RecordLimits.bytesMax / 1_048_576) MiB and was left out"
  static let notUTF8 = "the line is not valid UTF-8 and was left out"
}
