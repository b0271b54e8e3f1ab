// Steps in worktrees and copies, by real engines.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

@Suite("A step in a worktree")
struct WorktreeRunTests {
  @Test("leaves a commit that its receipt names and a ref pins, and touches nothing else")
  func commits() async throws {
    let repository = try Repository(Repository.writes)
    try await repository.batch.run()
    for detail in try repository.details() {
      let commit = try #require(detail.receipts.first?.commit)
      let text = try repository.git("show", "\(commit):\(detail.row.key).txt")
      #expect(text == ["by \(detail.row.key)"])
      let run = try repository.batch.newest().run
      #expect(
        try repository.git("rev-parse", "refs/footplate/\(run)/\(detail.row.ordinal)") == [commit])
    }
    #expect(try repository.git("status", "--porcelain") == [])
    #expect(try repository.git("worktree", "list").count == 1)
    #expect(try repository.git("branch", "--list", "footplate/*") == [])
    #expect(try repository.batch.ledgerProblems() == [])
    // What is done is not done again.
    let before = try repository.details().map { $0.receipts.first?.commit }
    try await repository.batch.run()
    #expect(try repository.details().map { $0.receipts.first?.commit } == before)
  }

  @Test("that fails leaves no commit, and its setup's failure says what failed")
  func failures() async throws {
    let repository = try Repository(
      """
      items: {list: [a]}
      steps:
        - id: migrate
          run: "echo x > made; exit 4"
          workspace: worktree
      retry: {attempts: 1}
      """)
    try await repository.batch.run()
    #expect(try repository.git("for-each-ref", "refs/footplate") == [])
    #expect(try repository.git("worktree", "list").count == 1)
    let broken = try Repository(
      """
      items: {list: [a]}
      steps:
        - id: migrate
          run: "true"
          workspace: {worktree: {setup: "echo no such tool >&2; exit 7"}}
      retry: {attempts: 1}
      """)
    try await broken.batch.run()
    let failure = try #require(broken.details().first?.attempts.last?.failure)
    #expect(failure.message.contains("the worktree's setup failed"))
    #expect(failure.message.contains("no such tool"))
  }

  @Test("is checked by commands in a worktree of what it left, and by whether it changed anything")
  func checks() async throws {
    let repository = try Repository(
      """
      items: {list: [good, wrong, idle]}
      steps:
        - id: migrate
          run: "case {{key}} in good) echo new >> shared;; wrong) echo x > made;; esac"
          workspace: {worktree: {setup: "mkdir -p out; echo yes > out/ready"}}
          checks:
            - {changed: true}
            - {name: make, run: "test -f out/ready && echo trace > trace && grep new shared"}
      retry: {attempts: 1}
      """)
    try await repository.batch.run()
    let details = try repository.details()
    #expect(details.map(\.row.state) == [.done, .failed, .failed])
    let messages = details.map { $0.attempts.last?.failure?.message ?? "" }
    #expect(messages[0] == "")
    #expect(messages[1].hasPrefix("make: exit 1"), "\(messages[1])")
    #expect(messages[2] == "changed: nothing in the worktree was changed")
    #expect(repository.batch.text("trace") == nil)
    #expect(repository.batch.text("shared") == "old\n")
    #expect(try repository.git("worktree", "list").count == 1)
    #expect(try repository.git("branch", "--list", "footplate/*") == [])
  }

  @Test("outside a repository fails with what to do about it")
  func noRepository() async throws {
    let batch = try TestBatch(
      "version: 1\nname: test\n" + Repository.writes, files: ["shared": "old\n"])
    try await batch.run()
    let client = try batch.client()
    let group = try #require(client.store.failureGroups(of: batch.newest().run).first)
    #expect(group.count == 3)
    #expect(group.signature.text.contains("no git repository"))
  }

  @Test("stands on the commit of the step before it, and both land in their order")
  func chain() async throws {
    let repository = try Repository(
      """
      items: {list: [a]}
      steps:
        - {id: first, run: "echo one > one.txt", workspace: worktree}
        - {id: second, run: "cat one.txt > two.txt", workspace: worktree}
      """)
    try await repository.batch.run()
    let report = try await repository.land()
    #expect(report.outcomes.count == 2)
    #expect(report.failedCount == 0)
    #expect(repository.batch.text("one.txt") == "one\n")
    #expect(repository.batch.text("two.txt") == "one\n")
  }

  @Test("whose engine died leaves a worktree that the next one removes")
  func sweep() async throws {
    let repository = try Repository(Repository.writes)
    try await repository.batch.run()
    let run = try repository.batch.newest().run
    let left = "\(repository.batch.layout.staging(of: run))/999-777-worktree"
    try repository.git("worktree", "add", "-q", "-b", "footplate/\(run)/9-999", left, "HEAD")
    try await repository.batch.run { $0.force = true }
    #expect(try repository.git("worktree", "list").count == 1)
    #expect(try repository.git("branch", "--list", "footplate/*") == [])
  }

  @Test("in a copy finds the snapshot's files and changes none of the workspace's")
  func copy() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a, b]}
      steps:
        - id: work
          run: "cat shared; echo changed by {{key}} > shared; pwd >&2"
          workspace: copy
          output: "out/{{key}}.txt"
      """, files: ["shared": "old\n", ".build/big": "no part of it"])
    try await batch.run()
    #expect(batch.text("out/a.txt") == "old\n")
    #expect(batch.text("out/b.txt") == "old\n")
    #expect(batch.text("shared") == "old\n")
    let staging = batch.layout.staging(of: try batch.newest().run)
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
    let notes = try batch.client().store.entries(of: nil, after: 0, limit: 1000).compactMap {
      entry -> Noted? in
      if case .noted(let note) = entry.change { note } else { nil }
    }
    let note = try #require(notes.first { $0.code == "snapshot" })
    #expect(note.message.wholeMatch(of: /snap-[0-9a-f]{12}: 2 files/) != nil)
  }
}
