// What model calls, agents, providers, money and reviews mean when they are right.

import BatchModel
import Providers
import Resilience
import Testing

@testable import BatchDefinition

@Suite("A definition with model calls")
struct ModelDefinitionTests {
  private static let everyKey = """
    name: all
    items: {glob: "*.c"}
    providers:
      claude: {api: cli, billing: subscription, limits: {concurrent: 4}}
      anthropic:
        key: {env: OTHER_KEY}
        limits: {requests_per_minute: 500, input_tokens_per_minute: 400000, output_tokens_per_minute: 80000, concurrent: 16, adaptive: true}
        breaker: {failures: 5, window: 30s, failure_rate: 25%, minimum_calls: 4, slow_call: 20s, slow_call_rate: 0.9,
                  open_for: 15m, retry_after_max: 1h, probes: 2, probe_doublings: 2, probe_timeout: 1m}
        health: {path: "/v1/models?limit=1", every: 1m, timeout: 2s}
      local: {api: openai-responses, base_url: "http://localhost:8000/v1", billing: subscription}
    prices:
      claude-sonnet-4-5: {input: 3.00, output: "15.0", cache_read: 0.30}
    budget: {cap: 40, per_item: 0.50, per_day: 100, on_reached: stop}
    retry: {attempts: 2, long_wait: 0s, on_long_wait: leave}
    parallel: {run: 8, llm: 64}
    stall: 2m
    steps:
      - id: write
        llm: {provider: anthropic, model: claude-sonnet-4-5, system: prompts/system.md, prompt: prompts/write.md, max_tokens: 4000,
              fallback: [claude-haiku-4-5], cache: system, params: {temperature: 0, stop: ["1"], extra: {a: [1.5, ~]}},
              schema: answer.schema.json, reask: 1, stream: false}
        output: "docs/{{stem}}.md"
      - id: review
        agent: {run: [./agent, --serve], params: {level: 3}, heartbeat: 10s}
        prompt: "Judge {{write.text}}"
        workspace: copy
        sends_back_to: write
        rounds: 5
      - id: migrate
        run: [claude, -p, "{{write.json.label}} {{feedback}}"]
        provider: claude
        usage: claude-stream-json
        answer: /result
        max_cost: 2.00
        workspace: {worktree: {setup: "npm ci {{path}}"}}
        prompt: "Do {{path}}"
        sends_back_to: review
        on_loop: {escalate: write}
    """
  private static let files = [
    "prompts/system.md": "You write about {{ext}} files.\n",
    "prompts/write.md": "Write {{path}}.\n",
    "answer.schema.json":
      #"{"type": "object", "properties": {"label": {"type": "string"}}, "additionalProperties": false}"#,
  ]

  @Test("Every key of a model call arrives where it belongs")
  func modelStep() throws {
    let loaded = try load(Self.everyKey, files: Self.files)
    let step = loaded.batch.steps[0]
    let schema = try #require(Self.files["answer.schema.json"])
    #expect(
      step.kind
        == .llm(
          ModelStep(
            provider: "anthropic", models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
            system: Template(source: "You write about {{ext}} files.\n", variables: ["ext"]),
            outputTokensMax: 4000,
            params: [
              "temperature": .integer(0), "stop": .array([.string("1")]),
              "extra": .object(["a": .array([.number(1.5), .null])]),
            ], cache: .system,
            schema: ModelStep.AnswerSchema(
              path: "answer.schema.json", document: try JSONReader.value(of: schema)),
            reasks: 1, streams: false)))
    #expect(step.prompt == Template(source: "Write {{path}}.\n", variables: ["path"]))
    #expect(step.standardInput == .none)
    // What is not streamed is silent to its end.
    #expect(step.stall == nil)
    #expect(loaded.schemas.keys.sorted() == ["answer.schema.json"])
    #expect(
      loaded.readFiles.sorted()
        == ["answer.schema.json", "prompts/system.md", "prompts/write.md"])
  }

  @Test("Every key of an agent and of a coding agent's command arrives where it belongs")
  func processes() throws {
    let batch = try load(Self.everyKey, files: Self.files).batch
    let review = batch.steps[1]
    #expect(
      review.kind
        == .agent(
          AgentStep(
            command: .arguments([
              try Template(parsing: "./agent"), try Template(parsing: "--serve"),
            ]), params: ["level": .integer(3)], heartbeat: .seconds(10))))
    #expect(review.prompt?.variables == ["write.text"])
    // What an agent reads is the protocol.
    #expect(review.standardInput == .none)
    #expect(review.workspace == .copy)
    #expect(review.stall == .seconds(120))
    #expect(review.review == Review(sendsBackTo: "write", rounds: 5))

    let migrate = batch.steps[2]
    #expect(migrate.provider == "claude")
    #expect(migrate.agentOutput == AgentOutput(form: .claudeStreamJSON, answer: "/result"))
    #expect(migrate.costMax == Money(picodollars: 2_000_000_000_000))
    #expect(
      migrate.workspace == .worktree(setup: .shell(try Template(parsing: "npm ci {{path}}"))))
    #expect(migrate.standardInput == .prompt)
    #expect(
      migrate.review == Review(sendsBackTo: "review", rounds: 3, onLoop: .escalate(step: "write")))
  }

  @Test("Every key of providers, budget and waits arrives where it belongs")
  func providers() throws {
    let batch = try load(Self.everyKey, files: Self.files).batch
    #expect(batch.providers.keys.sorted() == ["anthropic", "claude", "local"])
    #expect(
      batch.providers["anthropic"]
        == Provider(
          name: "anthropic", api: .anthropic, keyVariable: "OTHER_KEY",
          limits: Provider.Limits(
            requestsPerMinute: 500, inputTokensPerMinute: 400_000, outputTokensPerMinute: 80_000,
            concurrent: 16, isAdaptive: true),
          breaker: CircuitBreaker.Options(
            consecutiveFailures: 5, window: .seconds(30), failureRate: 0.25, minimumCalls: 4,
            slowCall: .seconds(20), slowCallRate: 0.9, openFor: .seconds(900),
            openForMax: .seconds(900), retryAfterMax: .seconds(3600), halfOpenProbes: 2,
            halfOpenDoublings: 2, probeTimeout: .seconds(60)),
          health: HealthProbe(
            path: "/v1/models?limit=1", every: .seconds(60), timeout: .seconds(2))))
    #expect(
      batch.providers["claude"]
        == Provider(
          name: "claude", api: .cli, billing: .subscription,
          limits: Provider.Limits(concurrent: 4)))
    #expect(
      batch.budget
        == BudgetLimits(
          cap: Money(dollars: "40"), perItem: Money(dollars: "0.5"), perDay: Money(dollars: "100"),
          onReached: .stop))
    #expect(batch.longWait == LongWait(threshold: .zero, reaction: .leave))
    #expect(batch.parallel == Parallel(run: 8, llm: 64))
  }

  @Test("Prices stay the text that was written, and hold over the built-in ones")
  func prices() throws {
    let batch = try load(Self.everyKey, files: Self.files).batch
    #expect(
      batch.prices
        == ["claude-sonnet-4-5": ["input": "3.00", "output": "15.0", "cache_read": "0.30"]])
    let price = try #require(batch.priceTable["claude-sonnet-4-5"].price)
    #expect(price.asOf == nil)
    #expect(price.rates.cacheRead == TokenPrice(dollarsPerMillion: "0.3"))
    #expect(price.rates.cacheWrite == TokenPrice(dollarsPerMillion: "3"))
    #expect(batch.priceTable["claude-haiku-4-5"].price?.asOf != nil)
  }

  @Test("A vendor's well-known name needs no entry, and its usual variable holds its key")
  func wellKnown() throws {
    let batch = try load(
      """
      name: a
      items: {lines: a}
      steps:
        - {id: a, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: x}}
        - {id: b, llm: {provider: openai, model: gpt-4.1, prompt: x}}
      """
    ).batch
    #expect(
      batch.providers == [
        "anthropic": Provider(
          name: "anthropic", api: .anthropic, keyVariable: "ANTHROPIC_API_KEY"),
        "openai": Provider(name: "openai", api: .openai, keyVariable: "OPENAI_API_KEY"),
      ])
    #expect(batch.steps[0].kind.model?.outputTokensMax == 4096)
    #expect(batch.steps[0].kind.model?.streams == true)
  }

  @Test("A vendor's key is never sent to another address, unless the definition says so")
  func otherAddress() throws {
    func variable(_ provider: String) throws -> String? {
      try load(definition(top: "providers: {openai: \(provider)}")).batch
        .providers["openai"]?.keyVariable
    }
    #expect(try variable("{api: anthropic}") == "ANTHROPIC_API_KEY")
    #expect(try variable("{base_url: 'https://proxy.example'}") == nil)
    #expect(
      try variable("{base_url: 'https://proxy.example', key: {env: OPENAI_API_KEY}}")
        == "OPENAI_API_KEY")
  }

  @Test("No message repeats what may be a secret")
  func secrets() {
    for provider in [
      "{api: openai, key: sk-secret}", "{api: openai, key: {sk-secret: ~}}",
      "{api: openai, key: {env: sk-secret}}", "{api: openai, key: {env: sksecret}}",
      "{api: openai, key: {env: [sk-secret]}}", "{api: openai, key: [sk-secret]}",
      "{api: openai, base_url: 'https://user:sk-secret@a.example'}",
      "{api: openai, base_url: 'sk-secret'}", "{api: openai, base_url: [sk-secret]}",
    ] {
      let found = mistakes(definition(top: "providers: {mine: \(provider)}"))
      #expect(!found.isEmpty)
      #expect(!found.joined().contains("secret"), "\(provider)")
    }
    #expect(
      mistakes(definition(top: "providers: {mine: {api: openai, key: sk-secret}}")) == [
        "footplate.yaml:7:38: expected the name of an environment variable, as key: {env: "
          + "ANTHROPIC_API_KEY}; a key itself never stands in the definition"
      ])
  }

  @Test(
    "A subscription asks for no price and refuses no parameter, since its cost is outside the cap")
  func subscription() {
    let text = """
      name: a
      items: {lines: a}
      budget: {cap: 1}
      providers: {mine: {api: openai, base_url: "http://localhost:1", billing: subscription}}
      steps: [{id: a, llm: {provider: mine, model: local, prompt: x, params: {tools: []}}}]
      """
    #expect(mistakes(text) == [])
    #expect(
      mistakes(text.replacing("billing: subscription", with: "billing: metered"))
        .map { $0.split(separator: ";")[0] } == [
          #"footplate.yaml:5:46: the model "local" has no known price"#,
          "footplate.yaml:5:73: params may not set tools here: what such a call costs has no bound",
        ])
  }

  @Test("An own price makes a model known, also one with a mistake of its own")
  func ownPrice() {
    func text(_ prices: String) -> String {
      """
      name: a
      items: {lines: a}
      prices: {mystery: {\(prices)}}
      steps: [{id: a, llm: {provider: openai, model: mystery, prompt: x}}]
      """
    }
    #expect(mistakes(text("input: 1, output: 2")) == [])
    #expect(mistakes(text("input: 1e-7, output: 10000")) == [])
    #expect(mistakes(text("input: one, output: 2")).count == 1)
  }

  @Test("Under a budget a process that spends needs a bound")
  func bounds() throws {
    func found(_ step: String, budget: String = "budget: {per_day: 1}") -> [String] {
      let providers = "providers: {claude: {api: cli}, flat: {api: cli, billing: subscription}}"
      return mistakes(definition(step: step, top: providers + "\n" + budget))
    }
    let bound =
      #"the step "one" spends under a budget, and nothing bounds what an attempt may cost; "#
      + #"expected a "max_cost", or billing: subscription for its provider"#
    #expect(found("provider: claude") == ["footplate.yaml:6:15: " + bound])
    #expect(found("usage: {cost: /c}") == ["footplate.yaml:6:12: " + bound])
    #expect(found("usage: codex-json") == ["footplate.yaml:6:12: " + bound])
    #expect(found("provider: claude\nmax_cost: 0.000001") == [])
    #expect(found("provider: flat\nusage: claude-json") == [])
    #expect(found("usage: {input_tokens: /i}\nanswer: /a") == [])
    #expect(found("provider: claude", budget: "") == [])
    let unbounded = try load(
      definition(step: "provider: claude", top: "providers: {claude: {api: cli}}")
    ).batch
    #expect(unbounded.stepsWithoutBound == ["one"])
    #expect(try load(Self.everyKey, files: Self.files).batch.stepsWithoutBound == [])
  }

  @Test("Every named form of an agent's output is understood, and an answer alone is a pointer")
  func agentOutputs() throws {
    for name in AgentFormat.names {
      #expect(try load(definition(step: "usage: \(name)")).batch.steps[0].agentOutput != nil)
    }
    #expect(
      try load(definition(step: "answer: /a/0")).batch.steps[0].agentOutput
        == AgentOutput(form: .pointers([:]), answer: "/a/0"))
    #expect(
      try load(definition(step: "usage: {cost: /c, error: /e}")).batch.steps[0].agentOutput
        == AgentOutput(form: .pointers(["cost": "/c", "error": "/e"])))
  }

  @Test("A batch's environment is for processes, and an agent's knows no item")
  func environment() throws {
    let llm = try load(
      """
      name: a
      items: {lines: a}
      env: {A: b}
      steps:
        - {id: a, llm: {provider: anthropic, model: claude-haiku-4-5, prompt: x}}
        - {id: b, agent: {run: [a]}}
      """
    ).batch
    #expect(llm.steps[0].environment == [:])
    #expect(llm.steps[1].environment.keys.sorted() == ["A"])
  }

  @Test("One number of attempts is for each kind")
  func parallel() throws {
    #expect(try load(definition(top: "parallel: 3")).batch.parallel == Parallel(run: 3, llm: 3))
    #expect(
      try load(definition(top: "parallel: {run: 3}")).batch.parallel == Parallel(run: 3, llm: 16))
  }

  @Test("Anchors share prices and breakers, and a mistake in one is told once")
  func anchors() throws {
    let text = """
      name: a
      items: {lines: a}
      prices: {x: &p {input: 1, output: 2}, y: *p}
      providers: {one: {api: cli, breaker: &b {failures: 7}}, two: {api: cli, breaker: *b}}
      steps: [{id: a, run: [a]}]
      """
    let batch = try load(text).batch
    #expect(batch.prices["x"] == batch.prices["y"])
    #expect(batch.providers["two"]?.breaker.consecutiveFailures == 7)
    #expect(mistakes(text.replacing("failures: 7", with: "failures: 0")).count == 1)
  }

  @Test("A table's header is compared with the variables of system prompts and setups too")
  func columns() throws {
    let batch = try load(
      """
      name: a
      items: {csv: a.csv}
      steps:
        - {id: a, llm: {provider: anthropic, model: claude-haiku-4-5, system: "{{sytem}}", prompt: "{{titel}}"}}
        - {id: b, run: [x], workspace: {worktree: {setup: [y, "{{foldr}}"]}}}
      """
    ).batch
    #expect(
      batch.problems(withColumns: ["title"]).map { $0.split(separator: ";")[0] }
        == [
          "unknown variable {{sytem}}", "unknown variable {{titel}}", "unknown variable {{foldr}}",
        ])
  }
}

extension Step.Kind {
  fileprivate var model: ModelStep? {
    guard case .llm(let model) = self else { return nil }
    return model
  }
}
