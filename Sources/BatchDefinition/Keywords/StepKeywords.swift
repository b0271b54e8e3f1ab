// The keyword table: steps and checks.

extension Keywords {
  static let step = KeywordGroup(
    "a step",
    later: [
      "llm", "agent", "provider", "usage", "answer", "max_cost", "workspace", "sends_back_to",
      "rounds",
    ],
    [
      Keyword(
        "id", .name(stepName), required: true,
        "The step's name, by which later steps refer to it: {{id.text}}."),
      Keyword(
        "run", .command, required: true,
        "What to start: a list is an argument vector, a text goes to /bin/sh, every value quoted."
      ),
      Keyword(
        "prompt", .template,
        "A file (.md, .txt) or the text itself; rendered for the item, and part of the key."),
      Keyword(
        "stdin", .oneOf(["prompt", "item", "none"]),
        "What the process reads: the prompt (the default if there is one), the item's JSON, nothing."
      ),
      Keyword(
        "output", .template,
        "Where the candidate is published after its checks, relative to the definition's folder."),
      Keyword(
        "checks", .list(.group(check), thing: "a check"), "Conditions on this step's candidate."),
    ] + inherited(standardEnforcement: nil))

  static let check = KeywordGroup(
    "a check", exactlyOne: ["nonempty", "run", "regex", "json-schema", "json-valid"],
    later: ["changed"],
    [
      Keyword("name", .name(displayName), "What messages call it; by default its kind."),
      Keyword("nonempty", .yes, "The candidate has more than white space."),
      Keyword("run", .command, "The command exits 0; {{candidate}} is the candidate's path."),
      Keyword("regex", .regex, "The pattern is found in the candidate's text."),
      Keyword("json-schema", .path, "The candidate is JSON and valid against this schema file."),
      Keyword("json-valid", .yes, "The candidate is one JSON document."),
    ])

  static let stepName = NameRule(
    pattern: "[A-Za-z_][A-Za-z0-9_-]*", lengthMax: 64,
    expected: "letters, digits, _ and -, beginning with a letter or _, at most 64 characters")
}
