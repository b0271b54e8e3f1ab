// In which form a command-line agent tells what it did.

/// The form of a command's report on its standard output.
package enum AgentFormat: Hashable, Sendable {
  /// One JSON object at the end: `claude -p --output-format json`.
  case claudeJSON
  /// A JSON object a line: `claude -p --output-format stream-json --verbose`.
  case claudeStreamJSON
  /// A JSON object a line: `codex exec --json`.
  case codexJSON
  /// Pointers into the last JSON object that was printed.
  case pointers(AgentPointers)

  private static let named: [(name: String, format: AgentFormat)] = [
    ("claude-json", .claudeJSON), ("claude-stream-json", .claudeStreamJSON),
    ("codex-json", .codexJSON),
  ]

  /// The names that a definition may give, for its errors.
  package static var names: [String] { named.map(\.name) }

  /// The form by its name in the definition.
  package init?(named name: String) {
    guard let format = Self.named.first(where: { $0.name == name })?.format else { return nil }
    self = format
  }
}

/// Where a report of one's own form keeps what is asked of it; what has no pointer stays unknown.
package struct AgentPointers: Hashable, Sendable {
  /// The cost in USD.
  package var cost: JSONPointer?
  package var inputTokens: JSONPointer?
  package var outputTokens: JSONPointer?
  package var answer: JSONPointer?
  /// `true`, or a text, where the agent failed.
  package var error: JSONPointer?
  package var session: JSONPointer?

  package init(
    cost: JSONPointer? = nil, inputTokens: JSONPointer? = nil, outputTokens: JSONPointer? = nil,
    answer: JSONPointer? = nil, error: JSONPointer? = nil, session: JSONPointer? = nil
  ) {
    self.cost = cost
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.answer = answer
    self.error = error
    self.session = session
  }
}
