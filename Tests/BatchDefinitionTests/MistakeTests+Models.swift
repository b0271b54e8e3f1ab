// The mistakes of model calls, agents and reviews, each beside the words that a person reads.

extension MistakeTests {
  /// Keys of `llm` besides the provider and the prompt; they stand in line 5, from column 11 on.
  static let modelTable: [(String, String)] = [
    ("model: claude-haiku-4-5", ""),
    ("model: claude-haiku-4-5-20251001", ""),
    (
      "max_tokens: 9",
      "5:10: llm has no \"model\"; expected a model's name without blanks, at most 200 characters"
    ),
    (
      "model: claude-sonet-4-5",
      #"5:18: the model "claude-sonet-4-5" has no known price; expected one with a price, or its "#
        + #"own under "prices"; did you mean "claude-sonnet-4-5"?"#
    ),
    (
      "model: claude-haiku-4-5, fallback: [mystery-9000]",
      #"5:47: the model "mystery-9000" has no known price; expected one with a price, or its own "#
        + #"under "prices""#
    ),
    (
      "model: claude-haiku-4-5, fallback: claude-haiku-4-5",
      #"5:46: the model "claude-haiku-4-5" is asked already; expected another as fallback"#
    ),
    (
      "model: claude-haiku-4-5, max_tokens: 0",
      #"5:48: expected a whole number from 1 to 1000000 for "max_tokens", found "0""#
    ),
    (
      "model: claude-haiku-4-5, max_tokens: 99999999999999999999",
      #"5:48: expected a whole number from 1 to 1000000 for "max_tokens", found "#
        + #""99999999999999999999""#
    ),
    (
      "model: claude-haiku-4-5, cache: all",
      #"5:43: unknown value "all" of "cache"; expected one of: none, system"#
    ),
    (
      "model: claude-haiku-4-5, cache: system",
      #"5:43: cache is system, but there is no system prompt; expected a "system" key"#
    ),
    (
      "model: claude-haiku-4-5, reask: 1",
      #"5:43: "reask" is only for a step with a "schema"; remove it"#
    ),
    (
      "model: claude-haiku-4-5, stream: yes",
      #"5:44: expected true or false for "stream", found "yes""#
    ),
    (
      "model: claude-haiku-4-5, system: gone.md",
      #"5:44: the system prompt file "gone.md" cannot be read: no such file; expected a text file"#
    ),
    (
      "model: claude-haiku-4-5, schema: gone.json",
      #"5:44: the schema file "gone.json" cannot be read: no such file; expected a text file"#
    ),
    (
      "model: claude-haiku-4-5, schema: bad.json",
      ##"5:44: the schema "bad.json": #: unknown keyword "tpye"; expected one of: type, enum, "##
        + "const, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, "
        + "maxLength, pattern, items, prefixItems, minItems, maxItems, uniqueItems, properties, "
        + "patternProperties, additionalProperties, required, propertyNames, minProperties, "
        + #"maxProperties, anyOf and 7 more; did you mean "type"?"#
    ),
    (
      "model: claude-haiku-4-5, schema: true.json",
      #"5:44: the schema "true.json" is no object; providers expect {"type": …}"#
    ),
    (
      "model: claude-haiku-4-5, temperature: 0",
      #"5:36: unknown key "temperature" of llm; expected one of: provider, model, fallback, "#
        + "system, prompt, max_tokens, cache, params, schema, reask, stream"
    ),
    (
      "model: claude-haiku-4-5, params: [a]",
      #"5:44: expected names and values for "params", found a list"#
    ),
    (
      "model: claude-haiku-4-5, params: {temperature: 0, stream: false, max_tokens: 9}",
      """
      5:61: params may not set stream: it has a key of its own in the llm step
      5:76: params may not set max_tokens: it has a key of its own in the llm step
      """
    ),
    (
      "model: claude-haiku-4-5, params: {tools: [], service_tier: priority}",
      """
      5:45: params may not set tools here: what such a call costs has no bound; expected it to be \
      removed, or a provider with billing: subscription
      5:56: params may not set service_tier here: what such a call costs has no bound; expected it \
      to be removed, or a provider with billing: subscription
      """
    ),
    (
      "model: claude-haiku-4-5, params: {temperature: .5, top_p: .nan, seed: 1e999, a: [-.inf]}",
      """
      5:58: ".5" of "temperature" is no number of JSON; expected one such as 0.5, or quotes around \
      a text
      5:69: ".nan" of "top_p" is no number of JSON; expected one such as 0.5, or quotes around a text
      5:81: "1e999" of "seed" is no number of JSON; expected one such as 0.5, or quotes around a text
      5:92: "-.inf" of "a" is no number of JSON; expected one such as 0.5, or quotes around a text
      """
    ),
    (#"model: claude-haiku-4-5, params: {stop: ["1e999", a.b, 2026-11-21]}"#, ""),
  ]

  /// Whole steps after a first one, `write`; they begin in line 8.
  static let laterStepTable: [(String, String)] = [
    (
      "{id: two, run: [a], llm: {provider: anthropic, model: claude-haiku-4-5, prompt: a}}",
      #"8:25: a step has "run" already; expected exactly one of: run, llm, agent"#
    ),
    ("{id: two}", "8:5: a step needs exactly one of: run, llm, agent"),
    (
      "{id: two, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: a}, stdin: item, "
        + "env: {A: b}, workspace: copy}",
      """
      8:86: "stdin" is only for "run"; remove it
      8:97: "env" is only for "run" and "agent"; remove it
      8:116: "workspace" is only for "run" and "agent"; remove it
      """
    ),
    (
      "{id: two, stall: 1m, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: a, "
        + "stream: false}}",
      #"8:22: "stall" is only for an answer that is streamed; remove it, or stream: false"#
    ),
    (
      "{id: two, llm: {provider: antropic, model: claude-haiku-4-5, prompt: a}}",
      #"8:31: unknown provider "antropic"; expected one of: anthropic, claude, openai; did you "#
        + #"mean "anthropic"?"#
    ),
    (
      "{id: two, llm: {provider: claude, model: claude-haiku-4-5, prompt: a}}",
      #"8:31: the provider "claude" is a command-line one (api: cli), for run steps; expected one "#
        + "with an API"
    ),
    (
      #"{id: two, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: " "}}"#,
      "8:75: the prompt is empty; expected a file or a text"
    ),
    (
      #"{id: two, run: [a, "{{write.json.label}}"]}"#,
      #"8:25: {{write.json.label}}: the step "write" answers in text; expected a "schema" in its "#
        + "llm, or {{write.text}}"
    ),
    (
      #"{id: two, agent: {run: [a, "{{line}}"]}}"#,
      "8:33: unknown variable {{line}}; expected none here"
    ),
    (
      "{id: two, agent: {params: {a: 1}}}",
      #"8:22: agent has no "run"; expected a command: a list of words, or a text for the shell"#
    ),
    (
      "{id: two, agent: {run: [a], heartbeat: off}}",
      #"8:44: expected a duration such as 250ms, 10s, 3m or 1h30m for "heartbeat", found "off""#
    ),
    (
      #"{id: two, agent: {run: [a]}, env: {A: "{{line}}"}}"#,
      "8:44: unknown variable {{line}}; expected none here"
    ),
    ("{id: two, run: [a], sends_back_to: write}", ""),
    (
      "{id: two, run: [a], sends_back_to: wirte}",
      #"8:40: unknown step "wirte"; expected write; did you mean "write"?"#
    ),
    (
      "{id: two, run: [a], sends_back_to: two}",
      #"8:40: the step "two" does not come before this one; expected write"#
    ),
    (
      "{id: two, run: [a], rounds: 2, on_loop: fail}",
      """
      8:25: "rounds" is only for a step with "sends_back_to"; remove it
      8:36: "on_loop" is only for a step with "sends_back_to"; remove it
      """
    ),
    (
      "{id: two, run: [a], sends_back_to: write, rounds: 0}",
      #"8:55: expected a whole number from 1 to 100 for "rounds", found "0""#
    ),
    (
      "{id: two, run: [a], sends_back_to: write, on_loop: fial}",
      #"8:56: unknown value "fial" of "on_loop"; expected fail; did you mean "fail"?"#
    ),
    (
      "{id: two, run: [a], sends_back_to: write, on_loop: {escalate: write}}",
      #"8:67: on_loop escalates to "write", which goes in circles already; expected another step"#
    ),
    (
      "{id: two, run: [a], sends_back_to: write, on_loop: {escalate: boss}}",
      #"8:67: unknown step "boss"; expected write"#
    ),
    (
      "{id: two, run: [a], provider: codex}",
      #"8:35: unknown provider "codex"; expected one of: anthropic, claude, openai"#
    ),
    (
      "{id: two, run: [a], usage: claude-jsno}",
      #"8:32: unknown value "claude-jsno" of "usage"; expected one of: claude-json, "#
        + #"claude-stream-json, codex-json; did you mean "claude-json"?"#
    ),
    (
      "{id: two, run: [a], usage: {}}",
      "8:32: usage names nothing; expected at least one of: cost, input_tokens, output_tokens, "
        + "error, session"
    ),
    (
      "{id: two, run: [a], usage: {cost: total}, answer: result}",
      """
      8:39: expected a JSON pointer such as /result for "cost", found "total"
      8:55: expected a JSON pointer such as /result for "answer", found "result"
      """
    ),
    (
      "{id: two, run: [a], max_cost: 0}",
      #"8:35: expected an amount in USD such as 40 or 0.50, above 0, at most 1000000 for "#
        + #""max_cost", found "0""#
    ),
    (
      "{id: two, run: [a], workspace: {worktree: {}}}",
      #"8:47: worktree has no "setup"; expected a command: a list of words, or a text for the shell"#
    ),
    (
      "{id: two, run: [a], workspace: clone}",
      #"8:36: unknown value "clone" of "workspace"; expected one of: shared, copy, worktree"#
    ),
  ]

  static func modelDefinition(_ keys: String) -> String {
    """
    name: test
    items: {lines: a.txt}
    steps:
      - id: one
        llm: {\(keys), provider: anthropic, prompt: "{{line}}"}
    """
  }

  static func laterStepDefinition(_ step: String) -> String {
    """
    name: test
    items: {lines: a.txt}
    providers: {claude: {api: cli}}
    steps:
      - id: write
        output: out
        llm: {provider: anthropic, model: claude-haiku-4-5, prompt: a}
      - \(step)
    """
  }
}
