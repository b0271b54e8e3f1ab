// A repository of a test's own, with worktrees and landings on it.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

final class GitBench: Sendable {
  let workspace: TestWorkspace
  let git: GitRunner
  let worktrees: Worktrees
  let path: String
  let runsFolder: String
  let run = RunID("run-20250101-000000-00000000")

  /// - Parameter folder: The definition's folder below the repository's root.
  init(folder: String = "", hasIdentity: Bool = true) async throws {
    workspace = try TestWorkspace()
    path = workspace.path
    runsFolder = "\(path)/.footplate/runs"
    let inherited = Self.environment(home: path)
    git = GitRunner(processes: workspace.processes, inherited: inherited)
    worktrees = Worktrees(
      git: git, processes: workspace.processes, pool: workspace.pool,
      environment: StepEnvironment(workspace: path, inherited: inherited),
      folder: folder.isEmpty ? path : "\(path)/\(folder)", runsFolder: runsFolder)
    _ = try await git.run(["init", "--quiet", "-b", "main"], in: path)
    try write("/.footplate/\n", to: ".gitignore")
    if hasIdentity {
      _ = try await git.run(["config", "user.name", "Tess Tester"], in: path)
      _ = try await git.run(["config", "user.email", "tess@example.com"], in: path)
    }
  }

  /// Without a configuration: what git knows of the person who tests must not matter.
  static func environment(home: String) -> [String: String] {
    [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "GIT_DIR": "/nowhere",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
    ]
  }

  func write(_ text: String, to name: String, in folder: String? = nil) throws {
    let url = URL(fileURLWithPath: "\(folder ?? path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Commits everything and returns the commit.
  @discardableResult
  func commit(_ message: String = "a step") async throws -> CommitID {
    _ = try await git.run(["add", "-A"], in: path)
    _ = try await git.run(
      ["commit", "-q", "-m", message], in: path, adding: Worktrees.fallbackIdentity)
    return try await worktrees.base()
  }

  func order(
    _ number: Int64 = 1, key: String = "a", base: CommitID, epoch: Int64 = 1,
    setup: ProcessOrder.Invocation? = nil
  ) -> WorktreeOrder {
    WorktreeOrder(
      run: run,
      item: ClaimedItem(id: ItemID(number), ordinal: number, key: key, payload: .object([:])),
      step: "migrate", attempt: AttemptID(number + 100), epoch: Epoch(epoch), base: base,
      setup: setup)
  }

  func lines(_ arguments: [String]) async throws -> [String] {
    try await git.run(arguments, in: path).text.split(separator: "\n").map(String.init)
  }

  /// A commit that an attempt made by writing one file.
  func attempt(
    _ number: Int64, writing text: String, to name: String, base: CommitID
  ) async throws -> LandingCommit {
    let worktree = try await worktrees.make(order(number, key: name, base: base))
    try write(text, to: name, in: worktree.path)
    let commit = try #require(try await worktrees.commit(worktree))
    try await worktrees.remove(worktree)
    return LandingCommit(item: ItemID(number), key: name, commit: commit)
  }

  var landing: Landing {
    Landing(
      git: git, pool: workspace.pool, folder: path, scratch: "\(path)/.footplate/landing")
  }
}
