// The keyword table: steps and checks.

import Providers

extension Keywords {
  static let step = KeywordGroup(
    "a step", exactlyOne: ["run", "llm", "agent"],
    [
      Keyword(
        "id", .name(stepName), required: true,
        "The step's name, by which later steps refer to it: {{id.text}}."),
      Keyword(
        "run", .command,
        "What to start: a list is an argument vector, a text goes to /bin/sh, every value quoted."
      ),
      Keyword("llm", .group(llm), "A call of a model's API."),
      Keyword(
        "agent", .group(agent), "A process that stays, and is handed one attempt after the other."),
      Keyword(
        "prompt", .template, onlyWith: ["run", "agent"],
        "A file (.md, .txt) or the text itself; rendered for the item, and part of the key."),
      Keyword(
        "stdin", .oneOf(["prompt", "item", "none"]), onlyWith: ["run"],
        "What the process reads: the prompt (the default if there is one), the item's JSON, nothing."
      ),
      Keyword(
        "output", .template,
        "Where the candidate is published after its checks, relative to the definition's folder."),
      Keyword(
        "checks", .list(.group(check), thing: "a check"), "Conditions on this step's candidate."),
    ] + spendingKeywords + reviewKeywords + inherited(byStep: true))

  /// What holds for a process that calls a provider by itself.
  private static let spendingKeywords = [
    Keyword(
      "provider", .name(providerName), onlyWith: ["run", "agent"],
      "The provider that the process calls by itself: its limits and breaker hold here too."),
    Keyword(
      "usage", .either(.oneOf(AgentFormat.names), agentUsage), onlyWith: ["run"],
      "In which form the standard output tells what was used."),
    Keyword(
      "answer", .pointer, onlyWith: ["run"],
      "Where the candidate stands in the JSON that the process prints."),
    Keyword(
      "max_cost", .money(isZeroAllowed: false), onlyWith: ["run", "agent"],
      "The process's own bound in USD: what each attempt reserves from the budget."),
    Keyword(
      "workspace", .either(.oneOf(["shared", "copy", "worktree"]), workspace),
      onlyWith: ["run", "agent"],
      "Where the process works: in the folder, in a copy of its own, or in a git worktree of its own."
    ),
  ]

  private static let reviewKeywords = [
    Keyword(
      "sends_back_to", .name(stepName),
      "An earlier step that does the work again when this one exits with 10 and feedback, or when "
        + "a model's answer is not PASS."),
    Keyword(
      "rounds", .integer(1...100), standard: .integer(3),
      "Passes in all, the first one included; only with sends_back_to."),
    Keyword(
      "on_loop", .either(.oneOf(["fail"]), onLoop), standard: .text("fail"),
      "What follows when the rounds go in circles; only with sends_back_to."),
  ]

  static let check = KeywordGroup(
    "a check", exactlyOne: ["nonempty", "changed", "run", "regex", "json-schema", "json-valid"],
    [
      Keyword("name", .name(displayName), "What messages call it; by default its kind."),
      Keyword("nonempty", .yes, "The candidate has more than white space."),
      Keyword(
        "changed", .yes,
        "The attempt changed something: its worktree, or what stands at the step's output."),
      Keyword(
        "run", .command,
        "The command exits 0; {{candidate}} is the candidate's path. A step with a worktree has it "
          + "run in one of what the attempt left."),
      Keyword("regex", .regex, "The pattern is found in the candidate's text."),
      Keyword("json-schema", .path, "The candidate is JSON and valid against this schema file."),
      Keyword("json-valid", .yes, "The candidate is one JSON document."),
    ])

  static let stepName = NameRule(
    pattern: "[A-Za-z_][A-Za-z0-9_-]*", lengthMax: 64,
    expected: "letters, digits, _ and -, beginning with a letter or _, at most 64 characters")
}
