// Agents that stay, by real engines: their bills, the snapshot that they are told of, their worktrees.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

/// An agent in a few lines of shell: it answers every command with what `reply` makes of it.
private func agent(_ reply: String) -> String {
  """
  while IFS= read -r line; do
    field() { printf '%s' "$line" | sed -n 's/.*"'"$1"'":"\\{0,1\\}\\([^",}]*\\).*/\\1/p'; }
    attempt=$(field attempt)
    \(reply)
  done
  """
}

private func ran(
  _ reply: String, step: String = "", more: String = "", files: [String: String] = [:]
) async throws -> (batch: TestBatch, details: [ItemDetail], spent: Money) {
  let batch = try TestBatch(
    """
    version: 1
    name: test
    items: {list: [a, b]}
    steps:
      - id: work
        agent: {run: [sh, agent.sh]}
        output: "out/{{key}}.txt"
        \(step)
    retry: {attempts: 1}
    parallel: 1
    \(more)
    """, files: files.merging(["agent.sh": agent(reply)]) { $1 })
  try await batch.run()
  let client = try batch.client()
  let run = try batch.newest().run
  let rows = try client.store.page(ItemQuery(order: .source, limit: 10), of: run).rows
  return (
    batch, try rows.compactMap { try client.store.detail(of: $0.id) },
    try client.store.spent(of: run, at: .wallClock).run
  )
}

@Suite("An agent that stays")
struct AgentRunTests {
  @Test("is told of the workspace's snapshot, which the ledger names and the next start keeps")
  func snapshot() async throws {
    let reply =
      #"echo '{"type":"result","attempt":'$attempt',"answer":"'$(field snapshot)'"}'"#
    let (batch, details, _) = try await ran(reply, files: ["shared": "text\n"])
    #expect(details.map(\.row.state) == [.done, .done])
    let told = try #require(batch.text("out/a.txt"))
    #expect(told.wholeMatch(of: /snap-[0-9a-f]{12}/) != nil)
    #expect(batch.text("out/b.txt") == told)
    let folder = batch.layout.folder(of: try batch.newest().run)
    let manifest = try String(contentsOfFile: "\(folder)/snapshot.json", encoding: .utf8)
    #expect(manifest.contains("\"id\":\"\(told)\""))
    #expect(manifest.contains("\"path\":\"shared\""))
    // Resumed, the run keeps what it began with.
    try batch.write("shared", "other\n")
    try await batch.run { $0.force = true }
    #expect(batch.text("out/a.txt") == told)
  }

  @Test("tells its bill, which takes the place of what was reserved")
  func bill() async throws {
    let reply =
      #"echo '{"type":"result","attempt":'$attempt',"answer":"ok","usage":[{"model":"m","input_tokens":5,"output_tokens":7,"cost":"0.0125"}]}'"#
    let (batch, details, spent) = try await ran(
      reply, step: "max_cost: 1.00", more: "budget: {cap: 1.20}")
    #expect(details.map(\.row.state) == [.done, .done])
    #expect(spent == Money(picodollars: 25_000_000_000))
    #expect(details.first?.receipts.first?.model == "m")
    #expect(details.first?.receipts.first?.provider == "work command")
    #expect(try batch.ledgerProblems() == [])
  }

  @Test("that says nothing of its bill is charged its bound, and the next does not pass the cap")
  func noBill() async throws {
    let reply = #"echo '{"type":"result","attempt":'$attempt',"answer":"ok"}'"#
    let (_, details, spent) = try await ran(
      reply, step: "max_cost: 1.00", more: "budget: {cap: 1.20}")
    #expect(details.map(\.row.state) == [.done, .queued])
    #expect(spent == Money(picodollars: 1_000_000_000_000))
  }

  @Test("that met its quota holds the provider, and counts no try")
  func quota() async throws {
    let reply =
      #"echo '{"type":"failed","attempt":'$attempt',"message":"usage limit reached, resets in 3 hours","retryable":false}'"#
    let (_, details, _) = try await ran(
      reply, step: "provider: claude",
      more: "providers: {claude: {api: cli, billing: subscription}}")
    #expect(details.map(\.row.state) == [.waiting, .waiting])
    #expect(details.flatMap(\.attempts).map(\.outcome) == [.deferred])
  }

  @Test("works in the worktree that it is told of, and its commit is on the receipt")
  func worktree() async throws {
    let reply = """
      echo "by $(field item)" > "$(field folder)/made"
      echo '{"type":"result","attempt":'$attempt',"answer":"ok"}'
      """
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a, b]}
      steps:
        - {id: work, agent: {run: [sh, agent.sh]}, workspace: worktree}
      parallel: 1
      """, files: ["agent.sh": agent(reply)])
    for words in [
      ["init", "-q", "-b", "main"], ["add", "agent.sh"],
      ["-c", "user.name=t", "-c", "user.email=t@e", "commit", "-q", "-m", "one"],
    ] {
      let git = Process()
      git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      git.arguments = ["git", "-C", batch.root] + words
      try git.run()
      git.waitUntilExit()
    }
    try await batch.run()
    let client = try batch.client()
    let rows = try client.store.page(
      ItemQuery(order: .source, limit: 10), of: batch.newest().run
    ).rows
    let commits = try rows.compactMap { try client.store.detail(of: $0.id)?.receipts.first?.commit }
    #expect(Set(commits).count == 2)
    #expect(batch.text("made") == nil)
  }
}
