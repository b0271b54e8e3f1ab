// Commits of worktrees on their way home: in order, once, and what does not fit.

import BatchDefinition
import BatchModel
import BatchStore
import Executors
import Foundation
import Resilience
import Runtime
import Testing

@Suite("A landing")
struct LandingRunTests {
  @Test("brings commits home in the order of the items, once, and says what had landed before")
  func lands() async throws {
    let repository = try Repository(Repository.writes)
    try await repository.batch.run()
    let before = try repository.git("rev-parse", "HEAD")
    let rehearsal = try await repository.land(isDryRun: true)
    #expect(rehearsal.outcomes.count == 3)
    #expect(try repository.git("rev-parse", "HEAD") == before)
    let report = try await repository.land()
    #expect(report.failedCount == 0)
    #expect(report.branch == "main")
    let subjects = try repository.git("log", "-3", "--reverse", "--format=%s")
    #expect(subjects == [#"migrate: "a""#, #"migrate: "b""#, #"migrate: "c""#])
    #expect(repository.batch.text("b.txt") == "by b\n")
    // Also when what had landed was changed since.
    try repository.batch.write("b.txt", "mended by hand\n")
    try repository.commit()
    let again = try await repository.land()
    #expect(again.outcomes.isEmpty)
    #expect(again.landedBefore == 3)
    #expect(repository.batch.text("b.txt") == "mended by hand\n")
  }

  @Test("fails the item whose commit does not fit; its retry starts from what has landed")
  func conflict() async throws {
    let repository = try Repository(
      """
      items: {list: [a, b]}
      steps:
        - id: migrate
          run: "echo by {{key}} >> shared"
          workspace: worktree
      retry: {attempts: 1}
      """)
    try await repository.batch.run()
    let report = try await repository.land()
    #expect(report.outcomes.map { $0.outcome.failure == nil } == [true, false])
    let record = try ReportCoding.encoder().encode(LandingRecord(report))
    let schema = try JSONSchema(OutputSchema.land.schema)
    #expect(
      schema.problem(with: try JSONValue(parsing: String(decoding: record, as: UTF8.self))) == nil)
    let groups = try repository.batch.client().store.failureGroups(
      of: repository.batch.newest().run)
    #expect(groups.map(\.signature.text) == ["merge-conflict: merge conflict in shared"])
    #expect(repository.batch.text("shared") == "old\nby a\n")
    #expect(try repository.git("status", "--porcelain") == [])
    try await repository.retryFailed()
    #expect(try repository.details().map(\.row.state) == [.done, .done])
    let second = try await repository.land()
    #expect(second.failedCount == 0)
    #expect(second.landedBefore == 1)
    #expect(repository.batch.text("shared") == "old\nby a\nby b\n")
    #expect(try repository.batch.ledgerProblems() == [])
  }

  @Test("refuses a work tree with changes, and a run without worktrees, with what to do")
  func refusals() async throws {
    let repository = try Repository(Repository.writes)
    try await repository.batch.run()
    try repository.batch.write("shared", "half done\n")
    await #expect(throws: CommitLanding.Mistake.repository(.dirty(files: ["shared"]))) {
      try await repository.land()
    }
    #expect(repository.batch.text("a.txt") == nil)
    let plain = try TestBatch()
    try await plain.run()
    await #expect(throws: CommitLanding.Mistake.self) {
      try await CommitLanding(layout: plain.layout).land(run: plain.newest(), isDryRun: false)
    }
  }
}
