// From a `keys.yaml` to a key map: a flat map from action to a key or a list of keys, every mistake
// with its place.

package import Dashboard
import Yams

/// A key map that cannot be used: every mistake in it.
package struct KeyMapError: Error, Hashable, Sendable, CustomStringConvertible {
  package var file: String
  package var problems: [KeyMapProblem]
  package var description: String {
    problems.map { "\(file):\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
  }
}

/// Reads key maps.
package enum KeyMapReader {
  /// Reads one; an empty file changes nothing.
  ///
  /// - Throws: `KeyMapError` with every mistake; keep the keys that were there before.
  package static func read(_ yaml: String, file: String) throws(KeyMapError) -> KeyMap {
    let entries: [KeyMapEntry]
    do throws(KeyMapProblems) {
      entries = try self.entries(in: yaml)
    } catch { throw KeyMapError(file: file, problems: error.all) }
    switch KeyMap.reading(entries) {
    case .success(let map): return map
    case .failure(let problems): throw KeyMapError(file: file, problems: problems.all)
    }
  }

  /// A person's `keys.yaml`, which stands beside the folder of themes; the table's own keys when there
  /// is none.
  ///
  /// - Throws: `KeyMapError` with every mistake, or why it cannot be read.
  package static func load(beside folder: ThemeFolder?) throws(KeyMapError) -> KeyMap {
    guard let folder, let slash = folder.path.lastIndex(of: "/") else { return KeyMap() }
    let path = folder.path[..<slash] + "/keys.yaml"
    let file = ThemeFile(path: String(path))
    guard file.identity != nil else { return KeyMap() }
    let text: String
    do throws(ThemeError) { text = try file.text() } catch {
      let problems = error.problems.map {
        KeyMapProblem(line: $0.line, column: $0.column, message: $0.message)
      }
      throw KeyMapError(file: file.path, problems: problems)
    }
    return try read(text, file: file.path)
  }

  private static func entries(in yaml: String) throws(KeyMapProblems) -> [KeyMapEntry] {
    let node: Node?
    do { node = try compose(yaml: yaml) } catch {
      throw KeyMapProblems([unreadable(error)])
    }
    guard let node else { return [] }
    guard let mapping = node.mapping else {
      throw KeyMapProblems([problem(at: node, "expected lines of `action: key`")])
    }
    var entries: [KeyMapEntry] = []
    var problems: [KeyMapProblem] = []
    for (name, value) in mapping {
      guard let keys = keys(value) else {
        problems.append(problem(at: value, "expected a key, or a list of keys: [n, down]"))
        continue
      }
      let place = name.mark
      entries.append(
        KeyMapEntry(
          action: name.string ?? "", keys: keys, line: place?.line ?? 1,
          column: place?.column ?? 1))
    }
    guard problems.isEmpty else { throw KeyMapProblems(problems) }
    return entries
  }

  private static func keys(_ value: Node) -> [String]? {
    // A digit without quotes is a key as well.
    if let key = value.scalar?.string { return [key] }
    guard let list = value.sequence else { return nil }
    let keys = list.compactMap { $0.scalar?.string }
    return keys.count == list.count ? keys : nil
  }

  private static func unreadable(_ error: any Error) -> KeyMapProblem {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      KeyMapProblem(
        line: mark.line, column: mark.column, message: "this is no YAML: \(problem)")
    default: KeyMapProblem(line: 1, column: 1, message: "this is no YAML: \(error)")
    }
  }

  private static func problem(at node: Node, _ message: String) -> KeyMapProblem {
    KeyMapProblem(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message)
  }
}
