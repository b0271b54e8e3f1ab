// The keyword table: what a step asks of a model or of an agent, and what tells of its cost.

extension Keywords {
  static let llm = KeywordGroup(
    "llm",
    [
      Keyword(
        "provider", .name(providerName), required: true,
        "An entry of providers, or one of: anthropic, openai."),
      Keyword("model", .name(modelName), required: true, "The model that is asked first."),
      Keyword(
        "fallback", .oneOrMore(.name(modelName), thing: "a model"),
        "The models that are asked, in this order, when the one before timed out."),
      Keyword(
        "system", .template, "The system prompt: a file (.md, .txt) or the text itself."),
      Keyword(
        "prompt", .template, required: true,
        "A file (.md, .txt) or the text itself; rendered for the item, and part of the key."),
      Keyword(
        "max_tokens", .integer(1...1_000_000), standard: .integer(4096),
        "The longest answer; always sent, since it bounds what a call can cost."),
      Keyword(
        "cache", .oneOf(["none", "system"]), standard: .text("none"),
        "What the provider is asked to keep in its prompt cache."),
      Keyword(
        "params", .json,
        "Whatever else the provider understands, such as temperature; merged into the request."),
      Keyword(
        "schema", .path,
        "A JSON Schema file that the answer must satisfy; then later steps may use {{id.json.field}}."
      ),
      Keyword(
        "reask", .integer(0...10), standard: .integer(0),
        "How often an answer that does not satisfy the schema is asked for again."),
      Keyword(
        "stream", .flag, standard: .flag(true),
        "Reads the answer as it is written: tokens are counted live, and a stall is noticed."),
    ])

  static let agent = KeywordGroup(
    "agent",
    [
      Keyword(
        "run", .command, required: true,
        "What to start, once for each slot, so without variables of an item."),
      Keyword("params", .json, "Whatever else the agent is told with every command."),
      Keyword(
        "heartbeat", .duration(isZeroAllowed: false, orOff: false), standard: .text("30s"),
        "An agent that says nothing for so long is stuck, killed and started again."),
    ])

  /// Where a report of one's own form keeps its members; `Providers.AgentPointers` reads by it.
  static let agentUsage = KeywordGroup(
    "usage",
    [
      Keyword("cost", .pointer, "The cost in USD."),
      Keyword("input_tokens", .pointer, "The tokens that were read."),
      Keyword("output_tokens", .pointer, "The tokens that were written."),
      Keyword("error", .pointer, "True, or a text, where the process failed."),
      Keyword("session", .pointer, "The name by which the process can go on."),
    ])

  static let workspace = KeywordGroup(
    "workspace",
    [
      Keyword(
        "worktree", .group(worktree), required: true,
        "A git worktree of its own, whose commit is the artifact.")
    ])

  static let worktree = KeywordGroup(
    "worktree",
    [Keyword("setup", .command, required: true, "Runs in the new worktree before the step does.")])

  static let onLoop = KeywordGroup(
    "on_loop",
    [
      Keyword(
        "escalate", .name(stepName), required: true,
        "An earlier step to which the work goes once, before it fails.")
    ])

  static let modelName = NameRule(
    pattern: "[^\\s\\u0000-\\u001f\\u007f]+", lengthMax: 200,
    expected: "a model's name without blanks, at most 200 characters")
}
