// Coding agents in worktrees, through kill -9 of the engine and home onto the branch.

import Foundation
import Resilience
import Testing

private struct LandRecord: Decodable {
  struct Commit: Decodable {
    let item: String
    let outcome: String
  }
  let branch: String
  let dryRun: Bool
  let landedBefore: Int
  let commits: [Commit]
}

private struct SpendingRecord: Decodable {
  struct Row: Decodable { let costPicodollars: Int }
  let rows: [Row]
  var together: Int { rows.reduce(0) { $0 + $1.costPicodollars } }
}

/// Twelve items, an agent that costs ten cents, and a repository.
private struct AgentBatch {
  static let items = 12
  let folder: BatchFolder

  init() async throws {
    folder = try BatchFolder()
    try folder.write((1...Self.items).map { "i\($0)\n" }.joined(), to: "in.txt")
    try folder.write(
      """
      echo "$FOOTPLATE_ATTEMPT" >> "$COUNT"
      sleep 0.05
      echo "by $1" > "$1.txt"
      echo '{"type":"result","is_error":false,"result":"did it","total_cost_usd":0.1}'

      """, to: "agent.sh")
    try folder.write("/.footplate/\n", to: ".gitignore")
    try folder.define(
      """
      items: {lines: in.txt}
      steps:
        - id: migrate
          run: [sh, agent.sh, "{{line}}"]
          usage: claude-json
          max_cost: 0.20
          workspace: worktree
      parallel: 3
      budget: {cap: 9}
      """)
    try await git("init", "-q", "-b", "main")
    try await git("add", "-A")
    try await git("-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "-qm", "one")
  }

  @discardableResult
  func git(_ words: String...) async throws -> [String] {
    let ended = try await folder.tool("/usr/bin/git", ["-C", folder.path] + words)
    #expect(ended.status == 0, "\(ended)")
    return ended.lines
  }

  func land(_ more: String...) async throws -> LandRecord {
    try await folder.start(["land", "--json"] + more).wait().document()
  }
}

@Suite("Coding agents", .turn) struct CodingAgentTests {
  @Test("in worktrees survive kill -9, are paid once, and land in the order of the items")
  func killed() async throws {
    let batch = try await AgentBatch()
    var random = SplitMix64(seed: 5)
    for count in [2, 5, 9] {
      let engine = try batch.folder.start(["run", "--headless"])
      try await eventually("\(count) agents were started") {
        batch.folder.executions.count >= count || engine.hasEnded
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...120, using: &random)))
      engine.send(SIGKILL)
      _ = try await engine.wait()
    }
    try await batch.folder.run()
    let status = try await batch.folder.status()
    #expect(status.items.done == AgentBatch.items)
    let executions = batch.folder.executions.count
    #expect(executions <= AgentBatch.items + status.unknownAttempts)
    let cost: SpendingRecord = try await batch.folder.footplate("cost", "--json").document()
    let tenCents = 100_000_000_000
    #expect(cost.together >= executions * tenCents)
    #expect(
      cost.together <= AgentBatch.items * tenCents + status.unknownAttempts * 2 * tenCents)
    #expect(try await batch.git("worktree", "list").count == 1)
    #expect(try await batch.git("branch", "--list", "footplate/*") == [])
    let rehearsal = try await batch.land("--dry-run")
    #expect(rehearsal.dryRun)
    #expect(!batch.folder.exists("i1.txt"))
    let landed = try await batch.land()
    #expect(landed.commits.map(\.item) == (1...AgentBatch.items).map { "i\($0)" })
    #expect(landed.commits.allSatisfy { $0.outcome == "landed" })
    #expect(batch.folder.text("i12.txt") == "by i12\n")
    #expect(try await batch.land().landedBefore == AgentBatch.items)
    #expect(try await batch.folder.footplate("ledger", "--verify").status == 0)
    #expect(try await batch.folder.footplate("doctor").status == 0)
  }

  @Test("killed while they land have moved the branch by whole commits, and the rest follows")
  func landingKilled() async throws {
    let batch = try await AgentBatch()
    try await batch.folder.run()
    let landing = try batch.folder.start(["land"])
    try await eventually("some commits have landed") {
      batch.folder.exists("i3.txt") || landing.hasEnded
    }
    landing.send(SIGKILL)
    _ = try await landing.wait()
    let again = try await batch.land()
    #expect(again.commits.allSatisfy { ["landed", "already-there"].contains($0.outcome) })
    let subjects = try await batch.git("log", "--reverse", "--format=%s")
    #expect(subjects == ["one"] + (1...AgentBatch.items).map { #"migrate: "i\#($0)""# })
    #expect(try await batch.git("status", "--porcelain") == [])
  }

  @Test("do not land on a work tree with changes, and the message says what to do")
  func dirty() async throws {
    let batch = try await AgentBatch()
    try await batch.folder.run()
    try batch.folder.write("half done\n", to: "in.txt")
    let refused = try await batch.folder.footplate("land")
    #expect(refused.status == 3)
    #expect("\(refused)".contains("commit or stash them"))
    #expect(!batch.folder.exists("i1.txt"))
  }
}
