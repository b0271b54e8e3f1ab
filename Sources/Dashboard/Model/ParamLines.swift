// Parameters as lines that a person edits, and what the edited lines change.

package import BatchModel

/// One parameter a line: `name: value`, the value as JSON or as plain text.
package enum ParamLines {
  /// Why lines cannot be taken.
  package struct Problem: Error, Hashable, Sendable {
    package var text: String
  }

  /// A longer text is refused: what it says travels in the ledger.
  package static let bytesMax = 1 << 16

  private static let heading = """
    # The step's parameters, for one retry of this item.
    # One a line, name: value; the value is JSON or plain text.
    # A line that is taken away takes its parameter away. Lines with # are not read.
    """

  /// The text for the editor, in the order of the names.
  package static func text(of params: [String: JSONValue]) -> String {
    let lines = params.filter { isWritable($0.key) }.sorted { $0.key < $1.key }
      .map { "\($0.key): \(written($0.value))" }
    let odd = params.count - lines.count
    let kept = odd > 0 ? ["# \(odd) with a name that cannot stand in a line stay as they are."] : []
    return ([heading] + kept + lines).joined(separator: "\n") + "\n"
  }

  /// The text that was refused, once more, with the reason above it.
  package static func text(again text: String, problem: Problem) -> String {
    "# Nothing was done: \(problem.text).\n" + text
  }

  /// What the lines change: new values, and `null` for what was taken away; empty when nothing is.
  package static func changes(
    _ text: String, from params: [String: JSONValue]
  ) throws(Problem) -> [String: JSONValue] {
    let edited = try read(text)
    var changes = edited.filter { params[$0.key] != $0.value }
    for (name, value) in changes where value == .null && params[name] == nil {
      changes[name] = nil
    }
    for name in params.keys where edited[name] == nil && isWritable(name) { changes[name] = .null }
    return changes
  }

  /// `temperature: 0 → 0.7`, one for each change, in the order of the names.
  package static func sentences(
    _ changes: [String: JSONValue], from params: [String: JSONValue]
  ) -> [String] {
    changes.sorted { $0.key < $1.key }.map { name, value in
      guard value != .null else { return "\(name): taken away" }
      let before = params[name].map { written($0) + " to " } ?? ""
      return "\(name): \(before)\(written(value))"
    }
  }

  private static func read(_ text: String) throws(Problem) -> [String: JSONValue] {
    guard text.utf8.count <= bytesMax else {
      throw Problem(text: "the parameters are longer than 64 kB")
    }
    var params: [String: JSONValue] = [:]
    // A line break of Windows is one character, and not the other one.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = trimmed(line)
      guard !words.isEmpty, !words.hasPrefix("#") else { continue }
      guard let colon = words.firstIndex(of: ":") else {
        throw Problem(text: "line \(index + 1) has no colon: name: value")
      }
      let name = String(trimmed(words[..<colon]))
      let value = trimmed(words[words.index(after: colon)...])
      guard isWritable(name) else {
        throw Problem(text: "line \(index + 1) has no name before its colon")
      }
      guard !value.isEmpty else {
        throw Problem(text: "line \(index + 1): \(name) has no value; \"\" is an empty text")
      }
      guard params[name] == nil else {
        throw Problem(text: "line \(index + 1): \(name) stands there twice")
      }
      // What is no JSON is a text.
      params[name] = (try? JSONValue(parsing: String(value))) ?? .string(String(value))
    }
    return params
  }

  /// A text stands as it is where it is read again as the same text, else as JSON.
  private static func written(_ value: JSONValue) -> String {
    guard case .string(let text) = value, !text.isEmpty, trimmed(text[...]) == text[...],
      !text.unicodeScalars.contains(where: isControl),
      // That it is no JSON is what is wanted.
      (try? JSONValue(parsing: text)) == nil
    else { return value.canonical }
    return text
  }

  private static func isWritable(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        !isControl($0) && !$0.properties.isWhitespace && $0 != ":" && $0 != "#"
      }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
