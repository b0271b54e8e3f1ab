// Batches of model calls against the program's own mock provider: outages, fallback, caps, crashes.

import Foundation
import Resilience
import Testing

/// A mock provider in a process of its own.
private final class Rehearsal: Sendable {
  let address: String
  private let child: Child

  init(_ batch: BatchFolder, script: String) async throws {
    try batch.write(script, to: "script.yaml")
    let child = try Child(
      BatchFolder.program, ["mock-provider", "--script", "\(batch.path)/script.yaml"],
      environment: batch.environment(), files: batch.countPath + "-provider")
    try await eventually("the mock provider says its address") { child.output.hasSuffix("\n") }
    self.child = child
    address = child.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit { child.send(SIGKILL) }

  /// What it saw.
  func log() async throws -> ProviderLog { try await ProviderLog.read(at: address) }
}

@Suite("Calls of models", .turn) struct CallTests {
  private func batch(
    _ count: Int, script: String, provider: String = "", concurrent: Int = 8, more: String = ""
  ) async throws -> (BatchFolder, Rehearsal) {
    let batch = try BatchFolder()
    let rehearsal = try await Rehearsal(batch, script: script)
    try batch.write((1...count).map { "row-\($0)\n" }.joined(), to: "in.txt")
    try batch.write("Say something about {{line}}.", to: "prompt.md")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: ask
          llm: {provider: mock, model: mock-1, fallback: [mock-2], prompt: prompt.md, max_tokens: 80}
          output: "out/{{line}}.txt"
          timeout: 2s
      providers:
        mock: {api: anthropic, base_url: "\(rehearsal.address)", \(provider)limits: {concurrent: \(concurrent)}}
      prices: {mock-1: {input: 3, output: 15}, mock-2: {input: 1, output: 5}}
      parallel: {run: 2, llm: \(concurrent)}
      \(more)
      """)
    return (batch, rehearsal)
  }

  @Test("answer every item, cost exactly what was billed, and are not paid for again")
  func paidOnce() async throws {
    let (batch, rehearsal) = try await batch(20, script: "first_ms: 1")
    try await batch.run()
    #expect(try await rehearsal.log().billed == 20)
    let cost: CostRecord = try await batch.footplate("cost", "--json").document()
    #expect(cost.rows.map(\.calls) == [20])
    #expect(cost.together > 0)
    try await batch.run()
    #expect(try await rehearsal.log().billed == 20)
    #expect(batch.text("out/row-7.txt").contains("row-7"))
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test("wait out an outage and a rate limit, which fail nothing")
  func outage() async throws {
    let (batch, rehearsal) = try await batch(
      40,
      script: """
        limits: {requests_per_minute: 1200, burst_seconds: 1}
        rules: [{from: 10, to: 16, do: overloaded}]
        """, provider: "breaker: {failures: 3, open_for: 1s}, ")
    try await batch.run()
    #expect(try await batch.status().items.done == 40)
    #expect(try await rehearsal.log().keysBilledTwice == 0)
    let ledger = try await batch.footplate("ledger").output
    #expect(ledger.contains("breaker-open"))
    #expect(ledger.contains("breaker-closed"))
  }

  @Test("ask a provider that failed how it is, for nothing, before a call is risked on it")
  func health() async throws {
    let (batch, rehearsal) = try await batch(
      6, script: "rules: [{do: status, status: 503, before_s: 4}]",
      provider: "breaker: {failures: 2, open_for: 1s}, health: {every: 100ms}, ")
    try await batch.run()
    #expect(try await batch.status().items.done == 6)
    #expect(try await batch.footplate("ledger", "--json").output.contains("mock is not well yet"))
    #expect(try await rehearsal.log().billed == 6)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test("ask the next model when one does not answer in time, and the receipt says so")
  func fallback() async throws {
    let (batch, rehearsal) = try await batch(
      3, script: "rules: [{contains: row-2., model: mock-1, do: timeout, hold_s: 20}]")
    defer { withExtendedLifetime(rehearsal) {} }
    try await batch.run()
    let receipt = try await batch.footplate("show", "row-2", "--json").output
    #expect(receipt.contains("mock-2"))
  }

  @Test("stop at the cap, never a cent above it, and go on when it is raised")
  func cap() async throws {
    let (batch, rehearsal) = try await batch(60, script: "first_ms: 1", more: "budget: {cap: 0.02}")
    defer { withExtendedLifetime(rehearsal) {} }
    let stopped = try await batch.run(exits: 75)
    #expect(stopped.output.contains("the cap of $0.0200 is reached"))
    let cost: CostRecord = try await batch.footplate("cost", "--json").document()
    #expect(cost.together <= 20_000_000_000)
    try await batch.run("--budget", "5")
    #expect(try await batch.status().items.done == 60)
  }

  @Test("never pass the cap by a cent, 64 at once, killed at any moment, in 20 runs")
  func capUnderKills() async throws {
    var random = SplitMix64(seed: 20)
    let calls = BatchSize.of(400, full: 10_000)
    // What three quarters of the calls cost.
    let cap = Int64(calls) * 300_000_000
    for seed in 0..<20 {
      let (batch, rehearsal) = try await batch(
        calls, script: "{seed: \(seed), first_ms: 3, output_tokens_min: 1, output_tokens_max: 80}",
        concurrent: 64, more: "budget: {cap: \(Double(cap) / 1e12)}")
      let count = Int.random(in: 0..<calls * 3 / 10, using: &random)
      let engine = try batch.start(["run", "--headless"])
      try await eventually("\(count) answers are published", within: 120) {
        Files.tree("\(batch.path)/out").count >= count || engine.hasEnded
      }
      engine.send(SIGKILL)
      _ = try await engine.wait()
      try await batch.run(exits: 75, seconds: 300)
      let cost: CostRecord = try await batch.footplate("cost", "--json").document()
      #expect(cost.together <= cap, "seed \(seed)")
      let log = try await rehearsal.log()
      // What the provider itself billed, by the same prices: large answers 15 $, prompts 3 $.
      let billed = log.inputTokens * 3_000_000 + log.outputTokens * 15_000_000
      #expect(billed <= cost.together, "seed \(seed)")
    }
  }

  @Test("pay for no finished call again after kill -9, and charge what was open")
  func killed() async throws {
    let (batch, rehearsal) = try await batch(60, script: "{first_ms: 20, token_ms: 1}")
    for count in [8, 25] {
      let engine = try batch.start(["run", "--headless"])
      try await eventually("\(count) calls are billed") {
        Files.tree("\(batch.path)/out").count >= count || engine.hasEnded
      }
      engine.send(SIGKILL)
      _ = try await engine.wait()
    }
    try await batch.run()
    let log = try await rehearsal.log()
    let status = try await batch.status()
    #expect(status.items.done == 60)
    #expect(log.billed <= 60 + status.unknownAttempts)
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
    #expect(try await batch.footplate("doctor").status == 0)
  }
}

@Suite("Rounds", .turn) struct RoundTests {
  @Test("send work back until the review passes, publish it then, and stop when it goes in circles")
  func rounds() async throws {
    let batch = try BatchFolder()
    try batch.write("one\ntwo\nthree\n", to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps:
        - id: write
          run: 'echo "round $FOOTPLATE_ROUND of" {{line}}; cat "${FOOTPLATE_FEEDBACK:-/dev/null}"'
          output: "out/{{line}}.txt"
        - id: review
          run: |
            test ! -e "$WORK/out/"{{line}}.txt || exit 3
            case {{line}}:$FOOTPLATE_ROUND in
              one:1|two:3) exit 0;;
              two:*) echo "mend line $FOOTPLATE_ROUND"; exit 10;;
              *) echo "not good enough"; exit 10;;
            esac
          sends_back_to: write
          rounds: 4
      env: {WORK: "\(batch.path)"}
      parallel: 2
      """)
    try await batch.run(exits: 1)
    #expect(batch.text("out/one.txt") == "round 1 of one\n")
    #expect(batch.text("out/two.txt") == "round 3 of two\nmend line 2\n")
    #expect(!batch.exists("out/three.txt"))
    let groups: [GroupRecord] = try await batch.footplate("failures", "--json").document()
    #expect(
      groups.map(\.signature) == ["loop: the review said the same twice in a row (rounds <n>, <n>)"]
    )
    #expect(try await batch.footplate("ledger", "--verify").status == 0)
  }

  @Test("an agent that stays is handed one item after another, and its failure is tried again")
  func agent() async throws {
    let batch = try BatchFolder()
    try batch.write(
      """
      rules: [{item: b, try: 1, acts: [{do: fail, text: no luck}]}]
      otherwise: [{do: answer, text: "about {{item}}"}]
      """, to: "script.yaml")
    try batch.define(
      """
      items: {list: [a, b, c]}
      steps:
        - id: work
          agent: {run: ["\(BatchFolder.program)", mock-agent, --script, script.yaml]}
          output: "out/{{key}}.txt"
          retry: {attempts: 2, base: 10ms, cap: 20ms}
      parallel: 1
      """)
    try await batch.run()
    #expect(
      ["a", "b", "c"].map { batch.text("out/\($0).txt") } == ["about a", "about b", "about c"])
  }

  @Test("a mock agent stands in for every agent, in a run of its own")
  func rehearsed() async throws {
    let batch = try BatchFolder()
    try batch.write("otherwise: [{do: answer, text: \"about {{item}}\"}]\n", to: "script.yaml")
    try batch.define(
      """
      items: {list: [a, b, c]}
      steps:
        - id: work
          agent: {run: ["./no-such-agent"]}
          output: "out/{{key}}.txt"
          retry: {attempts: 1}
      """)
    let script = "\(batch.path)/script.yaml"
    let told = try await batch.run("--mock-agent", script, "--verbose")
    #expect(batch.text("out/b.txt") == "about b")
    // --verbose tells what nobody reads one by one, too.
    #expect(told.output.contains("result.recorded b"))
    #expect(try await batch.footplate("run", "--headless", "--mock-agent", script).status == 0)
    // The real agent's run is another one, and fails.
    try await batch.run("--force", exits: 1)
    try batch.define("items: {list: [a]}\nsteps: [{id: t, run: [/bin/true]}]")
    let refused = try await batch.footplate("run", "--headless", "--mock-agent", script)
    #expect(refused.status == 2)
    #expect(refused.complaints.contains("no step of test is an agent"))
  }
}
