// A source's items, in order, a chunk at a time: the way from the definition to the queue.

package import BatchModel

/// Enumerates a source.
///
/// *Shape*: `nextChunk` until it gives an empty one. Items come in the order of the source; a file
/// source in the order of its paths' bytes.
/// *Cost*: constant memory whatever the source's size (a listed source is in memory already).
/// *Concurrency*: for one task at a time.
package final class ItemEnumerator {
  /// Starts a command and gives its standard output piece by piece, `nil` at its end.
  ///
  /// It throws when the command cannot be started or ends with a status other than 0.
  package typealias RunCommand = (_ arguments: [String]) throws -> () throws -> [UInt8]?

  private let maker: ItemMaker
  private var reader: any RecordReading
  /// Entries that are no items: the first hundred.
  package private(set) var problems: [SourceProblem] = []
  /// How many entries are no items.
  package private(set) var problemCount = 0
  /// How many items came so far.
  package private(set) var itemCount = 0

  /// - Parameters:
  ///   - folder: The definition's folder, to which the source's paths are relative.
  ///   - runCommand: Called at once for a source of kind `command`, and never for another.
  /// - Throws: An `ItemSourceError` for a source that cannot be opened.
  package init(
    _ source: ItemSource, folder: String, renderer: TemplateRenderer, runCommand: RunCommand
  ) throws(ItemSourceError) {
    maker = ItemMaker(source: source, renderer: renderer)
    reader = try Self.reader(of: source, folder: folder, renderer, runCommand)
  }

  /// At most `count` items, in order; none at the end.
  ///
  /// - Throws: `empty` or `nothingUsable` if the whole source has no item.
  package func nextChunk(of count: Int) throws(ItemSourceError) -> [SourceItem] {
    precondition(count >= 1, "a chunk has at least one item")
    var items: [SourceItem] = []
    items.reserveCapacity(min(count, 10_000))
    while items.count < count, let record = try reader.next() {
      switch record {
      case .problem(let problem): note(problem)
      case .item(let payload, let place):
        do throws(ItemMaker.Refusal) {
          items.append(try maker.item(payload))
        } catch {
          note(SourceProblem(path: place.path, line: place.line, message: error.message))
        }
      }
    }
    itemCount += items.count
    if items.isEmpty, itemCount == 0 { throw nothing }
    return items
  }

  /// Calls `body` with every chunk.
  package func forEachChunk(
    of count: Int, _ body: ([SourceItem]) throws -> Void
  ) throws {
    while true {
      let items = try nextChunk(of: count)
      guard !items.isEmpty else { return }
      try body(items)
    }
  }

  private func note(_ problem: SourceProblem) {
    problemCount += 1
    if problems.count < RecordLimits.problemsMax { problems.append(problem) }
  }

  private var nothing: ItemSourceError {
    guard let first = problems.first else { return .empty(source: reader.emptyPhrase) }
    return .nothingUsable(source: reader.sourcePhrase, first: first, count: problemCount)
  }

  private static func reader(
    of source: ItemSource, folder: String, _ renderer: TemplateRenderer, _ runCommand: RunCommand
  ) throws(ItemSourceError) -> any RecordReading {
    switch source.kind {
    case .glob(let patterns, let excluding):
      return try GlobReader(patterns: patterns, excluding: excluding, folder: folder)
    case .lines(let path): return try LineReader(path: path, folder: folder)
    case .jsonl(let path): return try RowReader(path: path, folder: folder)
    case .csv(let path): return try CSVRowReader(path: path, folder: folder)
    case .list(let values): return ListReader(values: values)
    case .command(let command):
      do {
        let nothing = TemplateValues(payload: .object([:])) { _ in "" }
        let pieces = try runCommand(try renderer.arguments(of: command, with: nothing))
        return LineReader(commandOutput: pieces)
      } catch {
        throw .commandFailed(reason: "\(error)")
      }
    }
  }
}

/// One entry of a source.
enum SourceRecord {
  case item(JSONValue, (path: String, line: Int?))
  case problem(SourceProblem)
}

/// A kind of source, entry by entry.
protocol RecordReading {
  /// The next entry; `nil` at the end.
  func next() throws(ItemSourceError) -> SourceRecord?
  /// "the file items.txt has no line".
  var emptyPhrase: String { get }
  /// "the file items.txt has lines".
  var sourcePhrase: String { get }
}

/// Resolves a source's path.
enum SourcePath {
  static func resolve(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }
}
