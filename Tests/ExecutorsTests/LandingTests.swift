// Landing: commits come home one by one, a conflict costs its item, a dirty tree is not touched.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct LandingTests {
  @Test func `Commits land in their order, with their authors and messages`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commits = [
      try await bench.attempt(1, writing: "1", to: "a", base: base),
      try await bench.attempt(2, writing: "2", to: "b", base: base),
    ]
    let report = try await bench.landing.land(commits)
    #expect(report.branch == "main")
    #expect(report.before == base)
    #expect(
      try await bench.lines(["log", "--format=%s", "\(base)..main"])
        == ["migrate: \"b\"", "migrate: \"a\""])
    #expect(try await bench.lines(["rev-parse", "main"]) == [report.after.text])
    #expect(try bench.workspace.text("\(bench.path)/b") == "2")
    #expect(try await bench.lines(["status", "--porcelain"]) == [])
    #expect(try await bench.lines(["worktree", "list"]).count == 1)
  }

  @Test func `A conflict names its files and leaves the branch for the others`() async throws {
    let bench = try await GitBench()
    try bench.write("base\n", to: "shared")
    let base = try await bench.commit()
    let commits = [
      try await bench.attempt(1, writing: "first\n", to: "shared", base: base),
      try await bench.attempt(2, writing: "second\n", to: "shared", base: base),
      try await bench.attempt(3, writing: "third", to: "c", base: base),
    ]
    let report = try await bench.landing.land(commits)
    #expect(report.results[1] == .conflict(files: ["shared"]))
    #expect(
      report.results[1].failure
        == Failure(kind: .mergeConflict, message: "merge conflict in shared"))
    #expect(try bench.workspace.text("\(bench.path)/shared") == "first\n")
    #expect(try await bench.lines(["log", "--format=%s", "\(base)..main"]).count == 2)
    // From the new base it goes.
    let again = try await bench.attempt(2, writing: "second\n", to: "shared", base: report.after)
    #expect(try await bench.landing.land([again]).results[0].failure == nil)
    #expect(try bench.workspace.text("\(bench.path)/shared") == "second\n")
  }

  @Test func `A dry run says the same and changes nothing`() async throws {
    let bench = try await GitBench()
    try bench.write("base\n", to: "shared")
    let base = try await bench.commit()
    let commits = [
      try await bench.attempt(1, writing: "first\n", to: "shared", base: base),
      try await bench.attempt(2, writing: "second\n", to: "shared", base: base),
    ]
    let report = try await bench.landing.land(commits, isDryRun: true)
    #expect(report.results[1] == .conflict(files: ["shared"]))
    #expect(report.results[0].failure == nil)
    #expect(report.after == base)
    #expect(try await bench.worktrees.base() == base)
    #expect(try bench.workspace.text("\(bench.path)/shared") == "base\n")
  }

  @Test func `What has landed is not landed twice`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commit = try await bench.attempt(1, writing: "1", to: "a", base: base)
    let first = try await bench.landing.land([commit])
    let second = try await bench.landing.land([commit])
    #expect(second.results == [.alreadyThere])
    #expect(second.after == first.after)
  }

  @Test func `A dirty work tree is refused untouched, staged or not`() async throws {
    let bench = try await GitBench()
    try bench.write("1", to: "a")
    let base = try await bench.commit()
    let commit = try await bench.attempt(1, writing: "x", to: "b", base: base)
    try bench.write("2", to: "a")
    await #expect(throws: GitError.dirty(files: ["a"])) { try await bench.landing.land([commit]) }
    _ = try await bench.git.run(["add", "a"], in: bench.path)
    await #expect(throws: GitError.dirty(files: ["a"])) { try await bench.landing.land([commit]) }
    #expect(try await bench.worktrees.base() == base)
    #expect(try bench.workspace.text("\(bench.path)/a") == "2")
  }

  @Test func `A file that git does not know is not overwritten`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commits = [
      try await bench.attempt(1, writing: "theirs", to: "notes", base: base),
      try await bench.attempt(2, writing: "fine", to: "other", base: base),
    ]
    try bench.write("mine", to: "notes")
    let report = try await bench.landing.land(commits)
    #expect(report.results[0].failure?.kind == .mergeConflict)
    #expect(report.results[1].failure == nil)
    #expect(try bench.workspace.text("\(bench.path)/notes") == "mine")
    #expect(try bench.workspace.text("\(bench.path)/other") == "fine")
  }

  @Test func `Without a branch nothing lands, and a commit that is gone costs only its item`()
    async throws
  {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commit = try await bench.attempt(1, writing: "x", to: "x", base: base)
    let lost = LandingCommit(
      item: ItemID(9), key: "lost",
      commit: try #require(CommitID(String(repeating: "ab", count: 20))))
    let report = try await bench.landing.land([lost, commit])
    #expect(report.results.map { $0.failure?.kind } == [.mergeConflict, nil])
    _ = try await bench.git.run(["checkout", "-q", "--detach"], in: bench.path)
    await #expect(throws: GitError.noBranch) { try await bench.landing.land([commit]) }
  }

  @Test func `What a killed landing left is in nobody's way`() async throws {
    let bench = try await GitBench()
    let base = try await bench.commit()
    let commit = try await bench.attempt(1, writing: "x", to: "x", base: base)
    _ = try await bench.git.run(
      ["worktree", "add", "-q", "--detach", "\(bench.path)/.footplate/landing"], in: bench.path)
    #expect(try await bench.landing.land([commit]).results[0].failure == nil)
  }
}
