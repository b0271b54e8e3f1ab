// Command-line agents as run steps, by real engines: bills, bounds, quotas, and output that is no report.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

/// A batch of one step that starts a fake agent.
private struct AgentRun {
  var batch: TestBatch
  var end: SessionEnd
  var details: [ItemDetail]
  var spent: Money

  var detail: ItemDetail { details[0] }
  var failure: Failure? { detail.attempts.last?.failure }
  var outcomes: [AttemptOutcome?] { detail.attempts.map(\.outcome) }
}

private let billing = "providers: {claude: {api: cli"

/// Runs one item through the step; `script` is the agent.
private func ran(
  _ script: String, step: String, more: String = "budget: {cap: 10}", items: Int = 1
) async throws -> AgentRun {
  let names = (1...items).map { "item-\($0)" }.joined(separator: ", ")
  let batch = try TestBatch(
    """
    version: 1
    name: test
    items: {list: [\(names)]}
    steps:
      - id: migrate
        run: [sh, ../agent.sh]
    \(step.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
    retry: {attempts: 1, long_wait: 1s, on_long_wait: leave}
    parallel: 2
    \(more)
    """, files: [:])
  try batch.write("../agent.sh", script)
  return try await again(batch)
}

private func again(_ batch: TestBatch) async throws -> AgentRun {
  let end = try await batch.run()
  let client = try batch.client()
  let run = try batch.newest().run
  let rows = try client.store.page(ItemQuery(order: .source, limit: 100), of: run).rows
  return AgentRun(
    batch: batch, end: end, details: try rows.compactMap { try client.store.detail(of: $0.id) },
    spent: try client.store.spent(of: run, at: .wallClock).run)
}

private func printing(_ lines: String...) -> String {
  "cat > /dev/null\n" + lines.map { "cat <<'END'\n\($0)\nEND\n" }.joined()
}

private let claudeResult =
  #"{"type":"result","subtype":"success","is_error":false,"num_turns":2,"result":"Done.","#
  + #""session_id":"s","total_cost_usd":0.25,"usage":{"input_tokens":10,"output_tokens":20}}"#

private let claudeStep = """
  usage: claude-json
  max_cost: 2.00
  output: "out/{{key}}.txt"
  """

@Suite("A command-line agent")
struct AgentProcessTests {
  @Test("that prints claude's JSON costs what it says, and its answer is published")
  func claude() async throws {
    let run = try await ran(printing(claudeResult), step: claudeStep)
    #expect(run.detail.row.state == .done)
    #expect(run.batch.text("out/item-1.txt") == "Done.")
    #expect(run.spent == Money(picodollars: 250_000_000_000))
    let receipt = try #require(run.detail.receipts.first)
    #expect(receipt.provider == "claude command")
    #expect(try run.batch.ledgerProblems() == [])
    // Nothing is paid twice.
    #expect(try await again(run.batch).spent == run.spent)
  }

  @Test("that streams shows its tool calls in the log, and its model on the receipt")
  func stream() async throws {
    let run = try await ran(
      printing(
        #"{"type":"system","subtype":"init","session_id":"s","model":"claude-sonnet-4-5"}"#,
        #"{"type":"assistant","message":{"content":[{"type":"tool_use","name":"Bash","input":{"command":"make test"}}]}}"#,
        "npm warn old", claudeResult), step: claudeStep.replacing("-json", with: "-stream-json"))
    #expect(run.detail.receipts.first?.model == "claude-sonnet-4-5")
    let summary = try run.batch.newest()
    let log = try String(
      contentsOfFile: run.batch.layout.log(
        of: try #require(run.detail.attempts.first?.id), in: summary.run), encoding: .utf8)
    #expect(log == "Bash: make test\nnpm warn old\n")
  }

  @Test("that tells tokens of a model without a price is charged its bound, under a cap")
  func codex() async throws {
    let events = [
      #"{"type":"thread.started","thread_id":"t"}"#,
      #"{"type":"item.completed","item":{"type":"agent_message","text":"Finished."}}"#,
      #"{"type":"turn.completed","usage":{"input_tokens":100,"cached_input_tokens":80,"output_tokens":9}}"#,
    ]
    let run = try await ran(
      printing(events.joined(separator: "\n")),
      step: claudeStep.replacing("claude-json", with: "codex-json"))
    #expect(run.batch.text("out/item-1.txt") == "Finished.")
    #expect(run.spent == Money(picodollars: 2_000_000_000_000))
    let rows = try run.batch.client().store.spending(
      of: run.batch.newest().run, by: .model, limit: 5)
    #expect(rows.map(\.outputTokens) == [9])
    #expect(rows.map(\.cacheReadTokens) == [80])
  }

  @Test("of a subscription costs the cap nothing, and shows what it would have cost")
  func subscription() async throws {
    let run = try await ran(
      printing(claudeResult),
      step: "provider: claude\nusage: claude-json\noutput: \"out/{{key}}.txt\"",
      more: "budget: {cap: 0.01}\n\(billing), billing: subscription}}")
    #expect(run.detail.row.state == .done)
    #expect(run.spent == .zero)
    let rows = try run.batch.client().store.spending(
      of: run.batch.newest().run, by: .model, limit: 5)
    #expect(rows.map(\.billing) == [.subscription])
    #expect(rows.map(\.cost) == [Money(picodollars: 250_000_000_000)])
  }

  @Test("that met its quota is no failed try: the provider is held, and the item goes on later")
  func quota() async throws {
    let run = try await ran(
      """
      cat > /dev/null
      if test -e ../over; then echo '\(claudeResult)'; exit 0; fi
      echo '{"type":"result","is_error":true,"result":"You have hit your limit. Try again in 2 hours.","total_cost_usd":0}'
      exit 1
      """,
      step: "provider: claude\n\(claudeStep)", more: "\(billing)}}\nbudget: {cap: 10}", items: 2)
    #expect(run.details.allSatisfy { $0.row.state == .waiting })
    #expect(run.details.flatMap(\.attempts).allSatisfy { $0.outcome == .deferred })
    #expect(run.spent == .zero)
    let held = try run.batch.client().store.providerStates()["claude"]?.heldUntil
    let wait = Instant.wallClock.duration(to: try #require(held))
    #expect(wait > .seconds(7000) && wait < .seconds(7300))
    #expect("\(run.end.end)".contains("longWait"))
  }

  @Test("whose provider is down opens the breaker, and no try of the others is lost")
  func outage() async throws {
    let run = try await ran(
      """
      cat > /dev/null
      echo '{"type":"result","is_error":true,"result":"API Error: 529 overloaded","total_cost_usd":0}'
      exit 1
      """,
      step: "provider: claude\n\(claudeStep)\nretry: {attempts: 3, base: 1ms, cap: 2ms}",
      more: "\(billing), breaker: {failures: 2, open_for: 1h}}}", items: 4)
    #expect(run.details.allSatisfy { $0.row.state == .waiting })
    let ledger = try run.batch.client().store.entries(of: nil, after: 0, limit: 1000)
    #expect(
      ledger.contains { entry in
        guard case .providerMoved(let moved) = entry.change else { return false }
        return moved.to == "breaker-open"
      })
  }

  @Test(
    "that exits 0 and has nothing to show has failed",
    arguments: ["cat > /dev/null", "cat > /dev/null; echo {not json; head -c 300000 /dev/urandom"])
  func hollow(script: String) async throws {
    for step in [claudeStep, "usage: claude-json\nmax_cost: 2.00"] {
      let run = try await ran(script, step: step)
      #expect(run.detail.row.state == .failed)
      #expect(run.failure?.kind == .hollow)
      // Whether it spent anything, nobody knows.
      #expect(run.spent == Money(picodollars: 2_000_000_000_000))
    }
  }

  @Test("that says it failed is believed, whatever its status, and is charged its bill")
  func ownFailure() async throws {
    let report =
      #"{"type":"result","is_error":true,"result":"Prompt is too long","total_cost_usd":0.5}"#
    let run = try await ran(printing(report), step: claudeStep)
    #expect(run.failure?.kind == .agent)
    #expect(run.failure?.message == "Prompt is too long")
    #expect(run.spent == Money(picodollars: 500_000_000_000))
    #expect(run.batch.text("out/item-1.txt") == nil)
  }

  @Test(
    "whose report has no usable bill is charged its bound",
    arguments: [
      #"{"type":"result","is_error":false,"result":"ok"}"#,
      #"{"type":"result","is_error":false,"result":"ok","total_cost_usd":-3}"#,
      #"{"type":"result","is_error":false,"result":"ok","total_cost_usd":"NaN","usage":{"input_tokens":-1}}"#,
    ])
  func noBill(report: String) async throws {
    let run = try await ran(printing(report), step: claudeStep)
    #expect(run.detail.row.state == .done)
    #expect(run.spent == Money(picodollars: 2_000_000_000_000))
  }

  @Test("that bills above its bound stops the run, which says so")
  func aboveBound() async throws {
    let run = try await ran(
      printing(claudeResult.replacing("0.25", with: "7.5")), step: claudeStep, items: 6)
    #expect(run.spent >= Money(picodollars: 7_500_000_000_000))
    #expect(run.details.contains { $0.row.state == .queued })
    #expect(run.end.summary.why.contains("exceeded its bound of $2.00 by $5.50"))
  }

  @Test("that was never started is charged nothing")
  func missing() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a]}
      steps: [{id: migrate, run: [no-such-agent], usage: claude-json, max_cost: 2.00}]
      budget: {cap: 10}
      """, files: [:])
    let run = try await again(batch)
    #expect(run.failure?.kind == .notStarted)
    #expect(run.spent == .zero)
  }

  @Test("has its answer where `answer` says, also when it is printed for people")
  func pointedAnswer() async throws {
    let run = try await ran(
      printing("{\n  \"cost\": 0.5,\n  \"out\": {\"text\": \"hello\"}\n}"),
      step: """
        usage: {cost: /cost}
        answer: /out/text
        max_cost: 1.00
        output: "out/{{key}}.txt"
        """)
    #expect(run.batch.text("out/item-1.txt") == "hello")
    #expect(run.spent == Money(picodollars: 500_000_000_000))
  }

  @Test("with a budget from the command line and no bound is refused before anything starts")
  func unbounded() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a]}
      steps: [{id: migrate, run: "touch ../started", usage: claude-json}]
      """, files: [:])
    await #expect(throws: SessionError.unbounded(steps: ["migrate"])) {
      try await batch.run { $0.budget = Money(picodollars: 1_000_000_000_000) }
    }
    #expect(batch.text("../started") == nil)
  }

  @Test("that talks of quotas in a review sends work back, and nobody waits")
  func review() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a]}
      steps:
        - {id: write, run: [echo, text]}
        - id: review
          run: |
            cat > /dev/null
            echo '{"type":"result","result":"the quota is exceeded: try again in 2 hours, said twice","total_cost_usd":0.1}'
            exit 10
          usage: claude-json
          max_cost: 1.00
          sends_back_to: write
          rounds: 2
      """, files: [:])
    let run = try await again(batch)
    #expect(run.detail.row.state == .failed)
    #expect(run.failure?.kind == .loop || run.failure?.kind == .rounds)
    #expect(run.spent == Money(picodollars: 200_000_000_000))
  }
}
