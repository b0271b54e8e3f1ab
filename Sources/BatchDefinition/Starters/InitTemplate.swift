// The definitions that `footplate init` writes: each loads as it is and says what it does.

/// A commented definition to start from.
package enum InitTemplate: String, CaseIterable, Sendable {
  case documentation
  case agents
  case rows

  /// What it is for, in one line.
  package var summary: String {
    switch self {
    case .documentation:
      "a page by a model for every source file, under a cap, reviewed before it is published"
    case .agents: "a coding agent's answer for every file"
    case .rows: "rows of a table in, one file of results out"
    }
  }

  /// The text of footplate.yaml.
  package var text: String {
    switch self {
    case .documentation: Self.header + Self.documentationText
    case .agents: Self.header + Self.agentsText
    case .rows: Self.header + Self.rowsText
    }
  }

  private static let header = """
    # yaml-language-server: $schema=./footplate.schema.json
    # (Your editor completes and checks this file after `footplate schema > footplate.schema.json`.)
    #
    #   footplate plan       what would run, and why
    #   footplate render X   the exact command for one item
    #   footplate run        start, or go on

    version: 1

    """
}
