// Environment variables over a definition: each has its effect, and its mistakes are told at once.

import BatchModel
import Resilience
import Testing

@testable import BatchDefinition

@Suite("Environment variables over a definition")
struct EnvironmentTests {
  private static let text = """
    name: a
    items: {lines: a}
    providers:
      one: {api: openai, base_url: "http://localhost:1", billing: subscription, health: {}}
      two: {api: cli, billing: subscription}
    events: {sink: "http://localhost:2/events"}
    steps:
      - {id: a, run: [a], retry: {attempts: 9, base: 5s, cap: 10s}}
      - {id: b, llm: {provider: one, model: m, prompt: x}}
    """

  private static func override(_ environment: [String: String]) throws -> Batch {
    try load(text).batch.overridden(by: environment)
  }

  private static func complaints(_ environment: [String: String]) throws -> [String] {
    let batch = try load(text).batch
    do throws(EnvironmentErrors) {
      _ = try batch.overridden(by: environment)
      return []
    } catch {
      return error.messages
    }
  }

  /// A value for every variable, none of them its default.
  private static let everyValue = [
    "PARALLEL": "2", "PARALLEL_RUN": "3", "PARALLEL_LLM": "5", "BUDGET": "40",
    "BUDGET_PER_ITEM": "0.5", "BUDGET_PER_DAY": "7.25", "BUDGET_ON_REACHED": "stop",
    "RETRY_ATTEMPTS": "2", "RETRY_BASE": "2s", "RETRY_CAP": "3s", "LONG_WAIT": "1m",
    "ON_LONG_WAIT": "leave", "BREAKER_FAILURES": "7", "BREAKER_WINDOW": "30s",
    "BREAKER_FAILURE_RATE": "25%", "BREAKER_MINIMUM_CALLS": "4", "BREAKER_SLOW_CALL": "9s",
    "BREAKER_SLOW_CALL_RATE": "0.9", "BREAKER_OPEN_FOR": "5s", "BREAKER_OPEN_FOR_MAX": "50s",
    "BREAKER_RETRY_AFTER_MAX": "1h", "BREAKER_PROBES": "2", "BREAKER_PROBE_DOUBLINGS": "1",
    "BREAKER_PROBE_TIMEOUT": "8s", "LIMITS_REQUESTS_PER_MINUTE": "11",
    "LIMITS_INPUT_TOKENS_PER_MINUTE": "12", "LIMITS_OUTPUT_TOKENS_PER_MINUTE": "13",
    "LIMITS_CONCURRENT": "14", "LIMITS_ADAPTIVE": "true", "HEALTH_PATH": "/up",
    "HEALTH_EVERY": "4s", "HEALTH_TIMEOUT": "3s", "EVENTS_SINK": "https://sink/e",
    "EVENTS_SPOOL": "2MiB", "EVENTS_KEEP": "1h", "EVENTS_TIMEOUT": "7s",
  ]

  @Test("Every variable arrives where it belongs")
  func everyVariable() throws {
    let environment = Dictionary(
      uniqueKeysWithValues: Self.everyValue.map { ("FOOTPLATE_" + $0.key, $0.value) })
    #expect(
      environment.keys.sorted() == EnvironmentTable.variables.map(\.name).sorted())
    let batch = try Self.override(environment)
    #expect(batch.parallel == Parallel(run: 3, llm: 5))
    #expect(
      batch.budget
        == BudgetLimits(
          cap: Money(picodollars: 40_000_000_000_000),
          perItem: Money(picodollars: 500_000_000_000),
          perDay: Money(picodollars: 7_250_000_000_000), onReached: .stop))
    for step in batch.steps {
      #expect(step.retry == RetryPolicy(attempts: 2, base: .seconds(2), cap: .seconds(3)))
    }
    #expect(batch.longWait == LongWait(threshold: .seconds(60), reaction: .leave))
    for provider in batch.providers.values {
      #expect(
        provider.breaker
          == CircuitBreaker.Options(
            consecutiveFailures: 7, window: .seconds(30), failureRate: 0.25, minimumCalls: 4,
            slowCall: .seconds(9), slowCallRate: 0.9, openFor: .seconds(5),
            openForMax: .seconds(50), retryAfterMax: .seconds(3600), halfOpenProbes: 2,
            halfOpenDoublings: 1, probeTimeout: .seconds(8)))
      #expect(
        provider.limits
          == Provider.Limits(
            requestsPerMinute: 11, inputTokensPerMinute: 12, outputTokensPerMinute: 13,
            concurrent: 14, isAdaptive: true))
    }
    let probe = HealthProbe(path: "/up", every: .seconds(4), timeout: .seconds(3))
    #expect(batch.providers["one"]?.health == probe)
    #expect(batch.providers["two"]?.health == nil)
    #expect(
      batch.events
        == EventSink(
          url: "https://sink/e", spoolBytesMax: 2 << 20, keep: .seconds(3600),
          timeout: .seconds(7)))
  }

  @Test("A sink of the environment needs no entry in the definition")
  func sinkAlone() throws {
    let plain = Self.text.replacing("events: {sink: \"http://localhost:2/events\"}\n", with: "")
    let batch = try load(plain).batch
    #expect(batch.events == nil)
    let overridden = try batch.overridden(by: [
      "FOOTPLATE_EVENTS_SINK": "http://s/e", "FOOTPLATE_EVENTS_SPOOL": "9MB",
    ])
    #expect(overridden.events == EventSink(url: "http://s/e", spoolBytesMax: 9_000_000))
  }

  @Test("Each variable alone changes the batch, and none leaves it as it was")
  func alone() throws {
    let batch = try load(Self.text).batch
    #expect(try batch.overridden(by: [:]) == batch)
    for (name, value) in Self.everyValue {
      #expect(try batch.overridden(by: ["FOOTPLATE_" + name: value]) != batch, "\(name)")
      #expect(try batch.overridden(by: ["FOOTPLATE_" + name: ""]) == batch, "\(name)")
    }
  }

  @Test(
    "A value of the wrong kind is refused with what was expected",
    arguments: [
      ("BREAKER_FAILURES", "x", "expected a whole number from 1 to 1000"),
      ("BREAKER_FAILURES", "0", "expected a whole number from 1 to 1000"),
      ("BREAKER_FAILURES", " 3", "expected a whole number from 1 to 1000"),
      ("BREAKER_FAILURES", "99999999999999999999", "expected a whole number from 1 to 1000"),
      ("BREAKER_FAILURE_RATE", "nan", "expected a share such as 20% or 0.2, above 0"),
      ("BREAKER_OPEN_FOR", "60", "expected a duration such as 250ms, 10s, 3m or 1h30m"),
      ("BREAKER_SLOW_CALL", "of", "expected a duration such as 250ms, 10s, 3m or 1h30m, or off"),
      (
        "BUDGET", "-1", "expected an amount in USD such as 40 or 0.50, from 0 to 1000000"
      ),
      ("BUDGET", "NaN", "expected an amount in USD such as 40 or 0.50, from 0 to 1000000"),
      ("BUDGET_ON_REACHED", "wait", "expected one of: pause, stop"),
      ("LIMITS_ADAPTIVE", "1", "expected true or false"),
      ("HEALTH_PATH", "up", "expected a path such as /v1/models"),
      ("PARALLEL", "null", "expected a whole number from 1 to 1024"),
    ])
  func wrongKind(name: String, value: String, expected: String) throws {
    #expect(
      try Self.complaints(["FOOTPLATE_" + name: value])
        == ["FOOTPLATE_\(name)=\(value): \(expected)"])
  }

  @Test("All mistakes are told at once, and a long value is cut")
  func allAtOnce() throws {
    #expect(
      try Self.complaints([
        "FOOTPLATE_PARALLEL": String(repeating: "9", count: 60), "FOOTPLATE_LONG_WAIT": "long",
        "FOOTPLATE_BREAKER_FAILURE": "3", "FOOTPLATE_BUGDET": "3",
      ]) == [
        "FOOTPLATE_PARALLEL=\(String(repeating: "9", count: 40))…: expected a whole number from 1 "
          + "to 1024",
        "FOOTPLATE_LONG_WAIT=long: expected a duration such as 250ms, 10s, 3m or 1h30m",
        "FOOTPLATE_BREAKER_FAILURE: no such variable; did you mean FOOTPLATE_BREAKER_FAILURES?",
        "FOOTPLATE_BUGDET: no such variable; did you mean FOOTPLATE_BUDGET?",
      ])
  }

  @Test("What a step's process is given, and other programs' variables, mean nothing here")
  func others() throws {
    let names = [
      "FOOTPLATE_ITEM", "FOOTPLATE_ITEM_JSON", "FOOTPLATE_STEP", "FOOTPLATE_ATTEMPT",
      "FOOTPLATE_ROUND", "FOOTPLATE_RUN", "FOOTPLATE_IDEMPOTENCY_KEY", "FOOTPLATE_STAGING",
      "FOOTPLATE_OUTPUT", "FOOTPLATE_FEEDBACK", "FOOTPLATE_EPOCH", "FOOTPLATE_WORKSPACE",
      "FOOTPLATE_", "BREAKER_FAILURES", "PATH",
    ]
    let environment = Dictionary(uniqueKeysWithValues: names.map { ($0, "x") })
    #expect(try Self.complaints(environment) == [])
  }

  @Test("A value that does not fit beside the definition's takes it along; two of them must fit")
  func reconciled() throws {
    let shorter = try Self.override(["FOOTPLATE_RETRY_CAP": "2s"])
    #expect(shorter.steps[0].retry == RetryPolicy(attempts: 9, base: .seconds(2), cap: .seconds(2)))
    let longer = try Self.override(["FOOTPLATE_RETRY_BASE": "20s"])
    #expect(
      longer.steps[0].retry == RetryPolicy(attempts: 9, base: .seconds(20), cap: .seconds(20)))
    #expect(
      try Self.complaints(["FOOTPLATE_RETRY_BASE": "2s", "FOOTPLATE_RETRY_CAP": "1s"]) == [
        "FOOTPLATE_RETRY_CAP=1s: shorter than FOOTPLATE_RETRY_BASE; expected at least as long"
      ])

    let open = try Self.override(["FOOTPLATE_BREAKER_OPEN_FOR": "1h"])
    #expect(open.providers["one"]?.breaker.openForMax == .seconds(3600))
    let bounded = try Self.override(["FOOTPLATE_BREAKER_OPEN_FOR_MAX": "1s"])
    #expect(bounded.providers["one"]?.breaker.openFor == .seconds(1))
    #expect(
      try Self.complaints([
        "FOOTPLATE_BREAKER_OPEN_FOR": "2s", "FOOTPLATE_BREAKER_OPEN_FOR_MAX": "1s",
      ]) == [
        "FOOTPLATE_BREAKER_OPEN_FOR_MAX=1s: shorter than FOOTPLATE_BREAKER_OPEN_FOR; expected at "
          + "least as long"
      ])
    #expect(
      try Self.complaints([
        "FOOTPLATE_BREAKER_PROBES": "4", "FOOTPLATE_BREAKER_PROBE_DOUBLINGS": "2",
      ]) == [
        "FOOTPLATE_BREAKER_PROBE_DOUBLINGS=2: probes, doubled so often, are more than 8 at once; "
          + "expected fewer probes or doublings"
      ])
  }

  @Test("A cap from the environment asks for bounds as one of the definition does")
  func bounds() throws {
    let batch = try load(
      definition(step: "provider: claude", top: "providers: {claude: {api: cli}}")
    ).batch
    #expect(
      throws: EnvironmentErrors([
        #"FOOTPLATE_BUDGET=5: the step "one" spends under a budget, and nothing bounds what an "#
          + #"attempt may cost; expected a "max_cost", or billing: subscription for its provider"#
      ])
    ) { try batch.overridden(by: ["FOOTPLATE_BUDGET": "5"]) }
  }

  @Test("Nonsense in every variable is refused by name, and never crashes")
  func nonsense() throws {
    var random = SplitMix64(seed: 11)
    let batch = try load(Self.text).batch
    let pieces = [
      "", "0", "1", "8", "-", ".", "e9", "nan", "inf", "s", "m", "%", "off", "true", "stop", "/",
      "\u{0}",
      "\n", "ä", "99999999999", "0x", " ",
    ]
    var acceptedCount = 0
    for _ in 0..<3000 {
      var chosen: [String: String] = [:]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let variable = try #require(EnvironmentTable.variables.randomElement(using: &random))
        let parts = (0..<Int.random(in: 1...2, using: &random)).map { _ in
          pieces[Int.random(in: 0..<pieces.count, using: &random)]
        }
        let right = Self.everyValue[String(variable.name.dropFirst("FOOTPLATE_".count))]
        chosen[variable.name] = Bool.random(using: &random) ? right : parts.joined()
      }
      do throws(EnvironmentErrors) {
        _ = try batch.overridden(by: chosen)
        acceptedCount += 1
      } catch {
        for message in error.messages {
          #expect(chosen.keys.contains { message.hasPrefix("\($0)=") }, "\(message)")
        }
      }
    }
    #expect(acceptedCount > 100 && acceptedCount < 2900)
  }

  @Test("The documentation has a row for every variable, with its key, its default and its words")
  func documentation() {
    let lines = EnvironmentTable.markdown.split(separator: "\n")
    #expect(lines.count == EnvironmentTable.variables.count + EnvironmentSwitch.all.count + 2)
    #expect(lines.contains { $0.hasPrefix("| `FOOTPLATE_TRACK` |") })
    #expect(
      lines.contains(
        "| `FOOTPLATE_BREAKER_FAILURES` | `providers.*.breaker.failures` | 1 to 1000 | `3` | "
          + "Failures in a row that open it. |"))
    #expect(
      lines.contains(
        "| `FOOTPLATE_BUDGET` | `budget.cap` | USD: `40`, `0.50` |  | The run's hard cap in USD. |")
    )
    #expect(
      lines.contains {
        $0.hasPrefix("| `FOOTPLATE_LONG_WAIT` | `retry.long_wait` | a duration | `10m` |")
      })
    #expect(lines.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
  }
}
