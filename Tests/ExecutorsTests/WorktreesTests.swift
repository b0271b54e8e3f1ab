// Worktrees of attempts: their commits are pinned and whole, and nothing of them is left over.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

@Suite struct WorktreesTests {
  @Test func `What an attempt changed is one commit on the base, pinned before it is told`()
    async throws
  {
    let bench = try await GitBench()
    try bench.write("1", to: "sub/a")
    try bench.write("gone", to: "b")
    let base = try await bench.commit()
    let worktree = try await bench.worktrees.make(bench.order(base: base))
    // The agent commits on its own, deletes, adds, and leaves a rest uncommitted.
    try bench.write("2", to: "sub/a", in: worktree.path)
    _ = try await bench.git.run(
      ["commit", "-qam", "mine"], in: worktree.path, adding: Worktrees.fallbackIdentity)
    try FileManager.default.removeItem(atPath: "\(worktree.path)/b")
    try bench.write("new", to: "c", in: worktree.path)
    let commit = try #require(try await bench.worktrees.commit(worktree))
    #expect(try await bench.lines(["rev-parse", "refs/footplate/\(bench.run)/1"]) == [commit.text])
    #expect(try await bench.lines(["rev-parse", "\(commit)^"]) == [base.text])
    #expect(
      try await bench.lines(["diff", "--name-status", base.text, commit.text])
        == ["D\tb", "A\tc", "M\tsub/a"])
    try await bench.worktrees.remove(worktree)
    #expect(
      try await bench.lines(["worktree", "list", "--porcelain"]).count { $0.hasPrefix("w") } == 1)
    #expect(try await bench.lines(["branch", "--list"]) == ["* main"])
    #expect(try await bench.lines(["cat-file", "-t", commit.text]) == ["commit"])
    #expect(try await bench.lines(["status", "--porcelain"]) == [])
  }

  @Test func `An attempt that changed nothing has no commit`() async throws {
    let bench = try await GitBench()
    let worktree = try await bench.worktrees.make(bench.order(base: try await bench.commit()))
    try bench.write("ignored", to: ".footplate/x", in: worktree.path)
    #expect(try await bench.worktrees.commit(worktree) == nil)
    try await bench.worktrees.remove(worktree)
  }

  @Test func `A step works where the definition's folder is, and its setup ran there`() async throws
  {
    let bench = try await GitBench(folder: "pack age/inner")
    try bench.write("x", to: "pack age/inner/x")
    let base = try await bench.commit()
    let worktree = try await bench.worktrees.make(
      bench.order(base: base, setup: .shell("pwd > made; echo done")))
    #expect(worktree.folder == "\(worktree.path)/pack age/inner")
    #expect(try bench.workspace.text("\(worktree.folder)/made") == worktree.folder + "\n")
    try await bench.worktrees.remove(worktree)
  }

  @Test func `A setup that fails is told, and leaves no worktree and no branch`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    await #expect(throws: GitError.setup(Failure(kind: .exit, status: 3, message: "no tools"))) {
      try await bench.worktrees.make(
        bench.order(base: base, setup: .shell("echo no tools >&2; exit 3")))
    }
    #expect(try await bench.lines(["branch", "--list"]) == ["* main"])
    #expect(bench.workspace.stagingNames == [])
  }

  @Test(arguments: [
    "--exec=rm -rf /", "a\nFootplate-Ordinal: 9\n\nb", "\u{1b}[31mred", "$(touch pwned) `id`",
    String(repeating: "long ", count: 5000), "\"quoted\" \\ # not a comment", "\0zero",
  ])
  func `An item may be called anything`(key: String) async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let worktree = try await bench.worktrees.make(bench.order(key: key, base: base))
    try bench.write("x", to: "x", in: worktree.path)
    let commit = try #require(try await bench.worktrees.commit(worktree))
    try await bench.worktrees.remove(worktree)
    var quoted = ""
    JSONValue.appendQuoted(key, to: &quoted)
    let message = try await bench.lines(["log", "-1", "--format=%B", commit.text])
    #expect(
      message.dropFirst() == [
        "Footplate-Run: \(bench.run)", "Footplate-Item: \(quoted)", "Footplate-Ordinal: 1",
      ])
    #expect(message[0].hasPrefix("migrate: \"") && message[0].count < 140)
  }

  @Test func `A commit has the configured author, else git's own, else ours`() async throws {
    for (hasIdentity, author, expected) in [
      (true, nil, "Tess Tester <tess@example.com>"),
      (false, nil, "Footplate <footplate@localhost>"),
      (true, CommitAuthor(name: "Bot", email: "bot@example.com"), "Bot <bot@example.com>"),
    ] {
      let bench = try await GitBench(hasIdentity: hasIdentity)
      let git = GitRunner(
        processes: bench.workspace.processes,
        inherited: GitBench.environment(home: bench.path), author: author)
      if !hasIdentity {
        // Else git may make a name up from the host's.
        _ = try await git.run(["config", "user.useConfigOnly", "true"], in: bench.path)
      }
      let worktrees = Worktrees(
        git: git, processes: bench.workspace.processes, pool: bench.workspace.pool,
        environment: StepEnvironment(workspace: bench.path, inherited: [:]), folder: bench.path,
        runsFolder: bench.runsFolder)
      let worktree = try await worktrees.make(bench.order(base: try await bench.commit()))
      try bench.write("x", to: "x", in: worktree.path)
      let commit = try #require(try await worktrees.commit(worktree))
      #expect(
        try await bench.lines(["log", "-1", "--format=%an <%ae>", commit.text]) == [expected])
    }
  }

  @Test func `An agent that bends its worktree's .git elsewhere commits in ours nevertheless`()
    async throws
  {
    let bench = try await GitBench()
    let other = try await GitBench()
    let there = try await other.commit()
    let worktree = try await bench.worktrees.make(bench.order(base: try await bench.commit()))
    try bench.write("gitdir: \(other.path)/.git\n", to: ".git", in: worktree.path)
    try bench.write("x", to: "x", in: worktree.path)
    let commit = try #require(try await bench.worktrees.commit(worktree))
    #expect(try await bench.lines(["ls-tree", "--name-only", commit.text]) == [".gitignore", "x"])
    try await bench.worktrees.remove(worktree)
    #expect(try await other.worktrees.base() == there)
    #expect(try await other.lines(["status", "--porcelain"]) == [])
  }

  @Test func `A hook of the repository and an inherited GIT_DIR play no part`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    for hook in ["post-checkout", "pre-commit", "post-commit", "reference-transaction"] {
      try bench.write("#!/bin/sh\ntouch \(bench.path)/hooked\nexit 1\n", to: ".git/hooks/\(hook)")
      chmod("\(bench.path)/.git/hooks/\(hook)", 0o755)
    }
    let commit = try await bench.attempt(1, writing: "x", to: "x", base: base)
    let report = try await bench.landing.land([commit])
    #expect(report.after != base)
    #expect(!FileManager.default.fileExists(atPath: "\(bench.path)/hooked"))
  }

  @Test func `Worktrees of dead engines are swept with their branches, those of the living stay`()
    async throws
  {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let dead = try await bench.worktrees.make(bench.order(1, base: base, epoch: 1))
    let gone = try await bench.worktrees.make(bench.order(2, base: base, epoch: 1))
    try FileTree.remove(gone.path)
    let living = try await bench.worktrees.make(bench.order(3, base: base, epoch: 2))
    let foreign = "\(bench.path)/.footplate/mine"
    _ = try await bench.git.run(["worktree", "add", "-q", "-b", "own", foreign], in: bench.path)
    #expect(try await bench.worktrees.sweep(except: Epoch(2)).sorted() == [dead.path, gone.path])
    #expect(
      try await bench.lines(["branch", "--format=%(refname:short)"])
        == [living.order.branch, "main", "own"])
    #expect(try await bench.worktrees.sweep(except: Epoch(2)) == [])
    #expect(!FileManager.default.fileExists(atPath: dead.path))
  }

  @Test func `A worktree that a crash left half made is swept, with branches of none at all`()
    async throws
  {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let half = try await bench.worktrees.make(bench.order(1, base: base))
    let record = "\(bench.path)/.git/worktrees/\((half.path as NSString).lastPathComponent)"
    for name in ["commondir", "HEAD"] { try bench.write("", to: name, in: record) }
    let lone = "refs/heads/footplate/\(bench.run)/7-7"
    _ = try await bench.git.run(["update-ref", lone, base.text], in: bench.path)
    await #expect(throws: GitError.self) {
      _ = try await bench.worktrees.make(bench.order(2, base: base))
    }
    #expect(try await bench.worktrees.sweep(except: Epoch(2)) == [half.path])
    #expect(try await bench.lines(["branch", "--format=%(refname:short)"]) == ["main"])
    let next = try await bench.worktrees.make(bench.order(3, base: base, epoch: 2))
    #expect(FileManager.default.fileExists(atPath: "\(next.path)/.gitignore"))
  }

  @Test func `Many worktrees can be made and committed at the same time`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commits = try await withThrowingTaskGroup(of: LandingCommit.self) { group in
      for number in 1...8 {
        group.addTask {
          try await bench.attempt(Int64(number), writing: "x", to: "f\(number)", base: base)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(commits.map(\.commit)).count == 8)
    let report = try await bench.landing.land(commits)
    #expect(report.results.allSatisfy { $0.failure == nil })
    #expect(try await bench.lines(["ls-files"]).count == 9)
  }

  @Test func `Where there is no repository, and where it is empty, it is said what to do`()
    async throws
  {
    let bench = try await GitBench()
    await #expect(throws: GitError.noCommit(folder: bench.path)) {
      try await bench.worktrees.base()
    }
    try FileTree.remove("\(bench.path)/.git")
    await #expect(throws: GitError.notARepository(folder: bench.path)) {
      try await bench.worktrees.base()
    }
    #expect(try await bench.worktrees.sweep(except: Epoch(1)) == [])
  }
}
