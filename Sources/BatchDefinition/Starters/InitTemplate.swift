// The definitions that `footplate init` writes: each loads as it is and says what it does.

/// A commented definition to start from.
package enum InitTemplate: String, CaseIterable, Sendable {
  case documentation
  case agents
  case rows

  /// What it is for, in one line.
  package var summary: String {
    switch self {
    case .documentation: "a page for every source file, checked before it is published"
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

  private static let documentationText = #"""
    name: document-sources

    # One item for each file. Other sources: lines, jsonl, csv, command, list.
    items:
      glob: "**/*.swift"
      # exclude: ["Tests/**"]

    steps:
      - id: outline
        # A text goes to /bin/sh. Every {{value}} is quoted already: write no quotes around it.
        # Of a path there are {{path}} {{name}} {{stem}} {{dir}} {{ext}} and {{text}}, its content.
        run: |
          echo '#' {{path}}
          echo
          grep -nE '(func|struct|class|enum|protocol|actor|extension) ' {{path}} || true
        # What the command prints is the candidate. It is published here after the checks passed.
        output: "docs/outline/{{dir}}/{{stem}}.md"
        timeout: 1m

    checks:
      - nonempty: true
      - {name: has-a-title, regex: "^# "}

    enforcement: strict      # strict | warn | off
    parallel: 4
    retry: {attempts: 3, base: 1s, cap: 60s}

    # A few items first. If too many of them fail, the run pauses before the rest is started.
    canary: {items: 3, pick: spread, max_failed: 20%}

    """#

  private static let agentsText = #"""
    name: agent-over-files

    items:
      glob: "**/*.swift"

    steps:
      - id: review
        # A list is an argument vector: no shell, no quoting.
        run: [claude, -p]
        # The prompt reaches the command on its standard input. It may also be a file: prompts/x.md
        prompt: |
          Review the file {{path}}. Answer in Markdown: what is wrong, where, and how to mend it.
          {{#feedback}}
          Your last answer was not accepted: {{feedback}}
          {{/feedback}}

          {{text}}
        output: "reviews/{{path}}.md"
        timeout: 20m         # the whole process tree is killed then
        # stall: 3m          # no output for so long = stuck; only for commands that print as they work
        checks:
          - nonempty: true

    parallel: 2
    retry: {attempts: 2, base: 30s, cap: 5m}
    canary: {items: 2, pick: first, max_failed: 0%, then: pause}

    """#

  private static let rowsText = #"""
    name: rows

    # rows.csv has a header line; its columns are variables. This one needs the columns id and text.
    items:
      csv: rows.csv
      # The identity of a row: moved or inserted lines change nobody's identity.
      key: "{{id}}"

    steps:
      - id: measure
        # Replace this by your own command. It prints JSON, so that later places can use its fields.
        run: |
          words=$(printf %s {{text}} | wc -w)
          printf '{"words": %d}\n' "$words"
        checks:
          - json-valid: true

    parallel: 4

    # One file out of many rows: .jsonl or .csv.
    collect:
      to: results.jsonl
      order: source
      row:
        id: "{{id}}"
        words: "{{measure.json.words}}"
      failed: omit

    """#
}
