// The keyword table: the definition's top level, its item sources, and what concerns a whole batch.

/// Every key of footplate.yaml.
package enum Keywords {
  /// The document itself.
  package static let batch = KeywordGroup(
    "the definition",
    later: ["store", "usage", "workspace"],
    [
      Keyword(
        "version", .integer(1...1), standard: .integer(1),
        "The version of this format."),
      Keyword(
        "name", .name(displayName), required: true,
        "What the batch is called on screen and in reports."),
      Keyword(
        "items", .group(items), required: true,
        "Where the items come from: exactly one source."),
      Keyword(
        "steps", .list(.group(step), thing: "a step"), required: true,
        "What every item passes through, in this order."),
      Keyword(
        "checks", .list(.group(check), thing: "a check"),
        "Conditions on the candidate of every step that has an output; they stand before its own."),
      Keyword(
        "parallel", .either(.integer(1...1024), parallel),
        "How many attempts run at the same time; one number is for each kind."),
      Keyword(
        "canary", .group(canary),
        "Tries some items alone before the rest of the batch starts."),
      Keyword(
        "collect", .group(collect), "Gathers a row of every item in one file."),
      Keyword(
        "providers", .map(.group(provider), key: providerName, isEmptyAllowed: false),
        "Where answers come from, by name; anthropic and openai need no entry."),
      Keyword(
        "prices", .map(.group(modelPrices), key: modelName, isEmptyAllowed: false),
        "Prices by model, over the built-in ones."),
      Keyword("budget", .group(budget), "What may be spent."),
      Keyword("events", .group(events), "Where the run's events are delivered, as CloudEvents."),
      Keyword(
        "notify", .list(.group(notify), thing: "a notification"),
        "Commands that are started when something happens that a person wants to know."),
    ] + inherited(byStep: false))

  /// Keys that a batch sets for all steps and a step may set for itself.
  ///
  /// A step's own have no defaults: without them the batch's count.
  static func inherited(byStep: Bool) -> [Keyword] {
    [
      Keyword(
        "enforcement", .oneOf(["strict", "warn", "off"]),
        standard: byStep ? nil : .text("strict"),
        "What a failed check does: keep the candidate back, publish with a warning, or nothing."),
      Keyword(
        "retry", .group(byStep ? stepRetry : retry),
        "How often and after what pause a failed attempt is repeated."),
      Keyword(
        "retry_unknown", .flag, standard: byStep ? nil : .flag(true),
        "Whether an attempt that was broken off (its engine died or was stopped over it, its reply "
          + "was lost) runs again; false fails its item, since it may have done its work."),
      Keyword(
        "timeout", .duration(isZeroAllowed: false, orOff: true),
        "The longest time an attempt may take; then its whole process tree is killed."),
      Keyword(
        "stall", .duration(isZeroAllowed: false, orOff: true),
        "No output for so long counts as stuck; off for a command that is silent to its end."
      ),
      Keyword(
        "env", .map(.template, key: environmentName, isEmptyAllowed: true),
        onlyWith: byStep ? ["run", "agent"] : [],
        "Environment variables for the process; part of the idempotency key."),
      Keyword(
        "reads", .oneOrMore(.template, thing: "a glob"),
        "Globs of files that a step reads besides its item; a change of one reruns the item."),
      Keyword(
        "rerun_on", .oneOrMore(.oneOf(["input", "recipe"]), thing: "a half of the key"),
        standard: byStep ? nil : .text("input"),
        "Which changes run a finished step again: of its input, of its recipe, or of both."),
    ]
  }

  static let items = KeywordGroup(
    "items", exactlyOne: ["glob", "jsonl", "csv", "lines", "command", "list"],
    [
      Keyword(
        "glob", .oneOrMore(.path, thing: "a glob"),
        "Files of the workspace, sorted by path; ** crosses folders."),
      Keyword(
        "exclude", .oneOrMore(.path, thing: "a glob"), onlyWith: ["glob"],
        "Files that the glob would find and that are no items."),
      Keyword("jsonl", .path, "A file with one JSON object a line; its fields are variables."),
      Keyword(
        "csv", .path, "A file with a header line and a row an item; its columns are variables."),
      Keyword("lines", .path, "A text file with one item a line: {{line}}."),
      Keyword(
        "command", .command, "A command that prints one item a line: {{line}}."),
      Keyword(
        "list", .list(.listedItem, thing: "an item"),
        "The items themselves: texts ({{line}}) or mappings (their fields)."),
      Keyword(
        "key", .template,
        "The item's identity; without it the path, the line, or the row's canonical JSON."),
      Keyword(
        "after", .template,
        "Renders to a JSON array or one key a line: items that must be done first."),
    ])

  static let parallel = KeywordGroup(
    "parallel",
    [
      Keyword("run", .integer(1...1024), standard: .integer(4), "Processes at the same time."),
      Keyword(
        "llm", .integer(1...1024), standard: .integer(16), "Calls of models at the same time."),
    ])

  static let retry = KeywordGroup(
    "retry",
    stepRetry.keywords + [
      Keyword(
        "long_wait", .duration(isZeroAllowed: true, orOff: false), standard: .text("10m"),
        "A wait that a provider asks for and that is longer is saved, then met as on_long_wait says."
      ),
      Keyword(
        "on_long_wait", .oneOf(["stay", "leave"]),
        "Sleeps until it is over (the default when detached), or leaves, to be resumed (in front)."),
    ])

  /// What a step may say for itself.
  static let stepRetry = KeywordGroup(
    "a step's retry",
    [
      Keyword(
        "attempts", .integer(1...1000), standard: .integer(4),
        "Tries in all, the first one included."),
      Keyword(
        "base", .duration(isZeroAllowed: true, orOff: false), standard: .text("1s"),
        "The shortest pause."),
      Keyword(
        "cap", .duration(isZeroAllowed: true, orOff: false), standard: .text("60s"),
        "The longest pause."),
    ])

  static let canary = KeywordGroup(
    "canary",
    [
      Keyword("items", .integer(1...1_000_000), required: true, "How many items are tried first."),
      Keyword(
        "pick", .oneOf(["first", "spread", "random"]), standard: .text("spread"),
        "Which ones: the first, evenly spread over the source, or drawn at random."),
      Keyword(
        "max_failed", .share(isZeroAllowed: true), standard: .text("20%"),
        "The largest share of failed ones with which the run goes on."),
      Keyword(
        "then", .oneOf(["continue", "pause"]), standard: .text("continue"),
        "What follows a canary that passed."),
    ])

  static let collect = KeywordGroup(
    "collect",
    [
      Keyword("to", .path, required: true, "The file: .jsonl or .csv by its ending."),
      Keyword(
        "order", .oneOf(["source", "finished"]), standard: .text("source"),
        "Rows in the order of the source, or as items finish."),
      Keyword(
        "row", .map(.template, key: columnName, isEmptyAllowed: false), required: true,
        "Column names and their values."),
      Keyword(
        "failed", .oneOf(["omit", "null"]), standard: .text("omit"),
        "Leaves out the row of a failed item, or writes it with nulls."),
    ])

  static let displayName = NameRule(
    pattern: "[^\\u0000-\\u001f\\u007f]*[^\\u0000-\\u0020\\u007f][^\\u0000-\\u001f\\u007f]*",
    lengthMax: 100, expected: "one line of at most 100 characters")
  static let environmentName = NameRule(
    pattern: "(?!FOOTPLATE_)[A-Za-z_][A-Za-z0-9_]*", lengthMax: 200,
    expected: "letters, digits and _, not beginning with a digit or with FOOTPLATE_")
  static let columnName = NameRule(
    pattern: "[^\\u0000-\\u001f\\u007f]+", lengthMax: 200, expected: "a column name in one line")
}
