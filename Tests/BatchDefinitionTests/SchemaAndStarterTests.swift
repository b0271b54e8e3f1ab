// The JSON Schema says what the loader says, and every starter loads.

import BatchModel
import Testing

@testable import BatchDefinition

@Suite("The definition's JSON Schema and starters")
struct SchemaAndStarterTests {
  private static func problem(_ yaml: String) throws -> String? {
    let schema = try JSONSchema(parsing: DefinitionSchema.jsonSchema())
    let log = MistakeLog(file: "x")
    let root = try #require(DocumentReader.read(yaml, log: log))
    return schema.problem(with: root.json)
  }

  @Test(
    "Every starter loads without a mistake and fits the schema", arguments: InitTemplate.allCases)
  func starters(starter: InitTemplate) throws {
    #expect(mistakes(starter.text) == [])
    #expect(try Self.problem(starter.text) == nil)
    #expect(starter.text.utf8.last == UInt8(ascii: "\n"))
    #expect(!starter.summary.isEmpty)
  }

  @Test("The schema knows every key of the table with its sentence and default")
  func keys() throws {
    let schema = try JSONReader.value(of: DefinitionSchema.jsonSchema())
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    for keyword in Keywords.batch.keywords {
      let property = try #require(schema["properties"]?[keyword.name])
      #expect(property["description"]?.string == keyword.meaning)
    }
    #expect(schema["properties"]?["enforcement"]?["default"] == .string("strict"))
    let step = schema["$defs"]?["step"]
    for keyword in Keywords.step.keywords {
      #expect(step?["properties"]?[keyword.name]?["description"]?.string == keyword.meaning)
    }
    #expect(step?["required"] == .array([.string("id")]))
    #expect(DefinitionSchema.jsonSchema() == DefinitionSchema.jsonSchema())
  }

  /// Mistakes that one key alone shows; what needs the whole definition, no schema can say.
  @Test(
    "What the loader refuses for one key alone, the schema refuses too",
    arguments: [
      "nmae: x", "version: 2", "events: {}", "parallel: 0", "parallel: many",
      "parallel: {rnu: 2}", "enforcement: strikt", "timeout: 10", "timeout: 10 m", "timeout: 3m1h",
      "retry: {attempts: 0}", "retry: 3", "canary: {}", "canary: {items: 3, max_failed: 120%}",
      "canary: {items: 3, pick: frist}", "env: {FOOTPLATE_ITEM: a}", "env: {1A: a}", "env: [A]",
      "rerun_on: [inputs]", "rerun_on: []", "reads: []", "checks: []", "checks: [{}]",
      "checks: [{nonempty: false}]", "checks: [{nonempty: true, regex: a}]",
      "checks: [{nonemtpy: true}]", "collect: {to: a.csv}", "collect: {to: a.csv, row: {}}",
      "providers: {}", "providers: {a b: {api: cli}}", "providers: {a: {api: cil}}",
      "providers: {a: {api: openai, base_url: 'http://u:p@a'}}",
      "providers: {a: {api: openai, key: A}}", "providers: {a: {api: openai, key: {env: a-b}}}",
      "providers: {a: {api: cli, breaker: {failures: 0}}}",
      "providers: {a: {api: cli, breaker: {failure_rate: 0%}}}",
      "providers: {a: {api: cli, breaker: {failure_rate: 0}}}",
      "providers: {a: {api: cli, limits: {adaptive: 1}}}", "prices: {m: {input: 1}}",
      "prices: {m: {input: -1, output: 1}}", "prices: {m: {input: 10001, output: 1}}",
      "prices: {m: {input: '1 ', output: 1}}", "budget: {cap: -1}", "budget: {cap: NaN}",
      "budget: 3", "retry: {on_long_wait: sleep}",
    ])
  func refused(top: String) throws {
    #expect(mistakes(definition(top: top)) != [])
    #expect(try Self.problem(definition(top: top)) != nil)
  }

  @Test(
    "What the loader accepts, the schema accepts",
    arguments: [
      "version: 1", "parallel: 3", "parallel: {run: 3}", "timeout: 1h30m", "stall: off",
      "timeout: 250ms", "retry: {base: 0s}", "env: {A: 1, B: true, C: x}", "rerun_on: recipe",
      "rerun_on: [input, recipe]", "reads: a", "reads: [a, b]", "checks: [{json-valid: true}]",
      "canary: {items: 1, max_failed: 0.5}", "canary: {items: 1, max_failed: 100%}",
      "canary: {items: 1, max_failed: 2.5%}", "collect: {to: a.csv, row: {a: b}, failed: null}",
      "parallel: {run: 2, llm: 3}", "retry: {long_wait: 1h, on_long_wait: leave}",
      "budget: {cap: 0, per_item: 0.5, per_day: '3.25', on_reached: stop}",
      "prices: {m: {input: 3.00, output: '15', cache_read: 0, cache_write_1h: 6, reasoning: 1}}",
      "providers: {a: {api: openai, base_url: 'https://a.example:8443/v1', key: {env: A_KEY}}}",
      "providers: {anthropic: {breaker: {failure_rate: 0.5, slow_call: off}, health: {}}}",
      "providers: {a: {api: cli, limits: {concurrent: 4, adaptive: true}}}",
    ])
  func accepted(top: String) throws {
    #expect(mistakes(definition(top: top)) == [])
    #expect(try Self.problem(definition(top: top)) == nil)
  }

  @Test("What belongs to another kind of step, the schema refuses as the loader does")
  func misplaced() throws {
    let model = "{provider: anthropic, model: claude-haiku-4-5, prompt: x}"
    func text(_ step: String) -> String {
      "name: a\nitems: {lines: a}\nsteps: [{id: a, \(step)}]"
    }
    for step in [
      "llm: \(model)", "agent: {run: [a]}", "run: [a], stdin: item, usage: codex-json, answer: /a",
      "agent: {run: [a]}, env: {A: b}, prompt: x, workspace: worktree",
      "run: [a], workspace: {worktree: {setup: [b]}}, usage: {cost: /c}",
    ] {
      #expect(mistakes(text(step)) == [], "\(step)")
      #expect(try Self.problem(text(step)) == nil, "\(step)")
    }
    for step in [
      "llm: \(model), stdin: item", "llm: \(model), run: [a]", "llm: \(model), env: {}",
      "agent: {run: [a]}, usage: codex-json", "prompt: x",
      "llm: {provider: anthropic, model: claude-haiku-4-5}", "run: [a], on_loop: no",
      "run: [a], usage: {cots: /c}", "run: [a], answer: a", "run: [a], max_cost: 0",
    ] {
      #expect(mistakes(text(step)) != [], "\(step)")
      #expect(try Self.problem(text(step)) != nil, "\(step)")
    }
  }

  @Test("The reference and the schema have every group of the table, each under a name of its own")
  func groups() throws {
    let schema = try JSONReader.value(of: DefinitionSchema.jsonSchema())
    let titles = [
      "items", "a step", "a check", "retry", "a step's retry", "parallel", "canary", "collect",
      "llm", "agent", "usage", "workspace", "worktree", "on_loop", "a provider", "key", "limits",
      "breaker", "health", "a model's prices", "budget", "events", "a sink's health",
      "a notification",
    ]
    guard case .object(let definitions)? = schema["$defs"] else {
      Issue.record("the schema has no definitions")
      return
    }
    #expect(definitions.count == titles.count)
    let lines = DefinitionReference.markdown.split(separator: "\n")
    #expect(
      Set(lines.filter { $0.hasPrefix("#### ") }.map { String($0.dropFirst(5)) })
        == Set(titles + ["the definition"]))
    #expect(
      lines.contains(
        "| `max_cost` | USD: `40`, `0.50` |  | The process's own bound in USD: what each attempt "
          + "reserves from the budget. Only with `run` or `agent`. |"))
  }
}
