// A step's process in a workspace of its own: it works there, and nowhere else is anything seen of it.

import BatchModel
import DurableFiles
import Foundation
import Resilience
import Testing

@testable import Executors

@Suite struct AttemptWorkspacesTests {
  let bench: GitBench
  let workspaces: AttemptWorkspaces

  init() async throws {
    bench = try await GitBench()
    workspaces = AttemptWorkspaces(
      worktrees: bench.worktrees, pool: bench.workspace.pool, folder: bench.path,
      runsFolder: bench.runsFolder)
  }

  private var order: StepOrder {
    bench.workspace.step(.shell("cat shared; pwd; echo new > shared"), owes: .candidate)
  }

  private func run(
    in workspace: AttemptWorkspace
  ) async throws -> (report: AttemptReport, words: [String]) {
    var order = order
    order.workspace = workspace.folder
    order.environment = workspace.environment
    let report = await bench.workspace.runRecorded(order)
    let digest = try #require(report.candidate?.digest)
    let text = String(decoding: try bench.workspace.objects.bytes(of: digest), as: UTF8.self)
    return (report, text.split(separator: "\n").map(String.init))
  }

  @Test func `A step in a copy finds the snapshot's files, and changes none of the workspace's`()
    async throws
  {
    try bench.write("old\n", to: "shared")
    try await bench.commit()
    let manifest = try WorkspaceSnapshot.take(
      of: bench.path, at: Instant(milliseconds: 4_000_000_000_000)
    ).manifest
    let workspace = try await workspaces.open(.copy(of: manifest), for: order)
    #expect(try await run(in: workspace).words == ["old", workspace.folder])
    var asking = order
    asking.invocation = .shell("git rev-parse --is-inside-work-tree 2>/dev/null || echo none")
    asking.workspace = workspace.folder
    asking.environment = workspace.environment
    let asked = await bench.workspace.runRecorded(asking)
    let digest = try #require(asked.candidate?.digest)
    #expect(try bench.workspace.objects.bytes(of: digest) == Array("none\n".utf8))
    #expect(try await workspaces.close(workspace, isKept: true) == nil)
    #expect(try bench.workspace.text("\(bench.path)/shared") == "old\n")
    #expect(bench.workspace.stagingNames == [])
  }

  @Test
  func `A step in a worktree leaves a commit when it ends well, and nothing when it does not`()
    async throws
  {
    try bench.write("old\n", to: "shared")
    let base = try await bench.commit()
    for isKept in [true, false] {
      let workspace = try await workspaces.open(.worktree(base: base, setup: nil), for: order)
      #expect(try await run(in: workspace).words == ["old", workspace.folder])
      let commit = try await workspaces.close(workspace, isKept: isKept)
      #expect((commit != nil) == isKept)
      if let commit {
        #expect(try await bench.lines(["show", "\(commit):shared"]) == ["new"])
      }
      #expect(bench.workspace.stagingNames == [])
      #expect(try await bench.lines(["worktree", "list"]).count == 1)
    }
    #expect(try bench.workspace.text("\(bench.path)/shared") == "old\n")
  }

  @Test func `An agent is told of its workspace and starts in the definition's folder`()
    async throws
  {
    try bench.write("old\n", to: "shared")
    let base = try await bench.commit()
    let agents = try AgentBench()
    var order = agents.order(
      #"{"otherwise":[{"do":"write","path":"made","text":"by {{item}}"},{"do":"answer"}]}"#)
    let workspace = try await workspaces.open(.worktree(base: base, setup: nil), for: order.step)
    order.step.workspace = workspace.folder
    let report = await agents.agents.run(order)
    #expect(report.outcome == .succeeded)
    let commit = try #require(try await workspaces.close(workspace, isKept: true))
    #expect(try await bench.lines(["show", "\(commit):made"]) == ["by item-1"])
  }
}
