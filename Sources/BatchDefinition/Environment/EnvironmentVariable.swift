// What an operator may set outside of the definition: each variable overrides keys of it, and is
// judged and described by their rows of the keyword table.

import BatchModel

/// An environment variable that overrides keys of the definition.
package struct EnvironmentVariable: Sendable {
  typealias Write = @Sendable (inout Batch, CheckedValue) -> Void

  /// `FOOTPLATE_…`.
  package let name: String
  /// The key, by its path; `*` stands for every provider.
  package let path: String
  let keyword: Keyword
  let write: Write

  /// - Parameter name: Without `FOOTPLATE_`.
  init(_ name: String, _ path: String, _ keyword: Keyword, _ write: @escaping Write) {
    self.name = Self.prefix + name
    self.path = path
    self.keyword = keyword
    self.write = write
  }

  static let prefix = "FOOTPLATE_"

  /// The value of a text; `nil` when it is none of the key's.
  func value(_ text: String) -> CheckedValue? {
    let node = YAMLNode(
      content: .scalar(text, style: .plain), position: Position(line: 1, column: 1))
    // What is wrong is told in the words of an environment, not of a file.
    return Validator(log: MistakeLog(file: name)).value(node, keyword.type, of: name)
  }

  /// `FOOTPLATE_X=value: what was expected`.
  func complaint(_ text: String, _ problem: String? = nil) -> String {
    let shown = text.prefix(40) + (text.count > 40 ? "…" : "")
    return "\(name)=\(shown): \(problem ?? "expected \(keyword.type.expectation)")"
  }
}

/// Why an environment was refused.
package struct EnvironmentErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// Every mistake, at least one, each naming its variable.
  package let messages: [String]
  init(_ messages: [String]) {
    precondition(!messages.isEmpty, "an environment is refused for a reason")
    self.messages = messages
  }
  /// One mistake a line.
  package var description: String { messages.joined(separator: "\n") }
}
