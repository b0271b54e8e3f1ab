// What a definition means when it is right.

import BatchModel
import Resilience
import Testing

@testable import BatchDefinition

@Suite("A definition that is right")
struct DefinitionLoaderTests {
  @Test("The shortest one gets every default")
  func shortest() throws {
    let batch = try load(
      """
      name: demo
      items: {lines: a.txt}
      steps:
        - id: count
          run: wc -c
      """
    ).batch
    let step = try #require(batch.steps.first)
    #expect(batch.name == "demo")
    #expect(batch.items == ItemSource(kind: .lines(path: "a.txt")))
    #expect(step == Step(id: "count", kind: .run(.shell(try Template(parsing: "wc -c")))))
    #expect(batch.parallel == Parallel(run: 4))
    #expect(batch.canary == nil)
    #expect(batch.collect == nil)
  }

  @Test("Every key arrives where it belongs")
  func everyKey() throws {
    let loaded = try load(
      """
      version: 1
      name: all
      items:
        glob: ["src/**/*.swift", "lib/*.c"]
        exclude: src/gen/**
        key: "{{stem}}"
        after: '["{{dir}}"]'
      parallel: {run: 7}
      retry: {attempts: 2, base: 250ms, cap: 1m30s}
      timeout: 10m
      stall: 3m
      env: {LANG: C, KEEP: batch}
      enforcement: warn
      retry_unknown: false
      rerun_on: [recipe, input]
      checks: [{nonempty: true}]
      canary: {items: 3, pick: first, max_failed: 12.5%, then: pause}
      collect: {to: out/rows.csv, order: finished, row: {id: "{{key}}", text: "{{two.json.a.b}}"}, failed: null}
      steps:
        - id: one
          run: [tool, --in, "{{path}}"]
          prompt: prompts/one.md
          output: "docs/{{stem}}.md"
          reads: "conf/*.json"
          env: {KEEP: "{{stem}}"}
          checks:
            - {name: lint, run: './lint.sh {{candidate}}'}
            - {regex: "^# "}
            - {json-valid: true}
            - {json-schema: s.json}
        - id: two
          run: cat {{one.artifact}} {{feedback}}
          stdin: item
          stall: off
          timeout: 1h
          enforcement: off
          retry: {attempts: 1}
          retry_unknown: true
      """,
      files: ["prompts/one.md": "Document {{path}}.\n", "s.json": #"{"type":"object"}"#])
    let batch = loaded.batch
    #expect(
      batch.items.kind
        == .glob(patterns: ["src/**/*.swift", "lib/*.c"], excluding: ["src/gen/**"]))
    #expect(batch.items.key?.variables == ["stem"])
    #expect(batch.items.after?.source == #"["{{dir}}"]"#)
    #expect(batch.parallel.run == 7)
    #expect(batch.canary == Canary(items: 3, pick: .first, maxFailedShare: 0.125, then: .pause))
    #expect(batch.collect?.columns.map(\.name) == ["id", "text"])
    #expect(batch.collect?.order == .finished)
    #expect(batch.collect?.failed == .null)
    #expect(loaded.readFiles == ["prompts/one.md", "s.json"])
    #expect(loaded.digests["s.json"] == Digest(of: #"{"type":"object"}"#))
    #expect(loaded.schemas.keys.sorted() == ["s.json"])

    let one = batch.steps[0]
    #expect(one.prompt == Template(source: "Document {{path}}.\n", variables: ["path"]))
    #expect(one.standardInput == .prompt)
    #expect(one.output?.source == "docs/{{stem}}.md")
    #expect(one.reads.map(\.source) == ["conf/*.json"])
    #expect(one.environment.mapValues(\.source) == ["LANG": "C", "KEEP": "{{stem}}"])
    #expect(one.checks.map(\.name) == ["nonempty", "lint", "regex", "json-valid", "json-schema"])
    #expect(one.timeout == .seconds(600))
    #expect(one.stall == .seconds(180))
    #expect(one.enforcement == .warn)
    #expect(one.repeatsUnknown == false)
    #expect(one.rerunOn == [.input, .recipe])
    #expect(
      one.retry
        == RetryPolicy(attempts: 2, base: .milliseconds(250), cap: .seconds(90)))

    let two = batch.steps[1]
    #expect(two.standardInput == .item)
    #expect(two.stall == nil)
    #expect(two.timeout == .seconds(3600))
    #expect(two.enforcement == .off)
    #expect(two.repeatsUnknown == nil)
    #expect(two.checks == [])
    #expect(two.retry == RetryPolicy(attempts: 1))
  }

  @Test("A prompt is a file by its ending, a block is always the text itself")
  func promptForms() throws {
    func prompt(_ yaml: String, _ files: [String: String] = [:]) throws -> String? {
      try load(definition(step: "prompt: \(yaml)"), files: files).batch.steps[0].prompt?.source
    }
    #expect(try prompt("p.md", ["p.md": "from file"]) == "from file")
    #expect(try prompt("prompts/short", ["prompts/short": "no ending"]) == "no ending")
    #expect(try prompt("Summarise {{line}} into notes.md") == "Summarise {{line}} into notes.md")
    #expect(try prompt("Translate") == "Translate")
    #expect(try prompt("|\n  line one\n  p.md") == "line one\np.md\n")
  }

  @Test("Listed items are texts or mappings, with YAML's own types")
  func list() throws {
    let kind = try load(
      """
      name: l
      items:
        list: [plain, "7", 7, {id: 1, ok: true, ratio: 0.5, none: ~, tags: [a, "1"]}]
      steps: [{id: s, run: [echo, "{{key}}"]}]
      """
    ).batch.items.kind
    #expect(
      kind
        == .list([
          .string("plain"), .string("7"), .string("7"),
          .object([
            "id": .integer(1), "ok": .bool(true), "ratio": .number(0.5), "none": .null,
            "tags": .array([.string("a"), .string("1")]),
          ]),
        ]))
  }

  @Test("Anchors and aliases mean what YAML says")
  func aliases() throws {
    let batch = try load(
      """
      name: a
      items: {lines: a.txt}
      steps:
        - {id: one, run: &command [cat, "{{line}}"]}
        - {id: two, run: *command}
      """
    ).batch
    #expect(batch.steps[0].kind == batch.steps[1].kind)
  }

  @Test("A cap that is not given grows with the base")
  func retryCap() throws {
    let step = try load(definition(step: "retry: {base: 2m}")).batch.steps[0]
    #expect(step.retry == RetryPolicy(attempts: 4, base: .seconds(120), cap: .seconds(120)))
  }

  @Test("Variables of a table's rows are compared with its header")
  func columns() throws {
    let batch = try load(
      """
      name: c
      items: {csv: a.csv, key: "{{id}}"}
      steps:
        - {id: one, run: 'echo {{titel}} {{first.name}} {{key}}', output: "o/{{stem}}"}
        - {id: two, run: [cat, "{{one.text}}", "{{title.part}}"], checks: [{run: [x, "{{candidate}}", "{{bdoy}}"]}]}
      """
    ).batch
    #expect(
      batch.problems(withColumns: ["id", "title", "body", "first.name"])
        .map { $0.split(separator: ";")[0] } == [
          "unknown variable {{titel}}", "unknown variable {{stem}}",
          "{{title.part}} has no parts", "unknown variable {{bdoy}}",
        ])
    let fitting = ["id", "titel", "path", "first.name", "title.part", "bdoy"]
    #expect(batch.problems(withColumns: fitting) == [])
  }
}
