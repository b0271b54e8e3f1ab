// The starter for a table's rows, one answer each, gathered in one file.

extension InitTemplate {
  static let rowsText = #"""
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
      # Or ask a model, whose answer must satisfy a JSON Schema; its fields are {{label.json.…}} then:
      # - id: label
      #   llm:
      #     provider: anthropic
      #     model: claude-haiku-4-5
      #     prompt: "What is this text about? {{text}}"
      #     schema: label.schema.json
      #     reask: 1
      #     max_tokens: 200

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
