// Attempts from their staging folder to their sealed candidate, with real processes.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

@Suite struct StepExecutorTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `A file at FOOTPLATE_OUTPUT is the candidate and standard output is not`() async throws
  {
    let report = await workspace.steps.run(
      workspace.step(.shell("echo said; printf written > \"$FOOTPLATE_OUTPUT\""), owes: .candidate))
    #expect(report.outcome == .succeeded)
    let candidate = try #require(report.candidate)
    #expect(try workspace.objects.bytes(of: candidate.digest) == Array("written".utf8))
    #expect(
      try workspace.text(workspace.steps.logPath(run: workspace.run, attempt: AttemptID(1)))
        == "said\n")
  }

  @Test func `Standard output is the candidate when no file was written`() async throws {
    let report = await workspace.steps.run(
      workspace.step(.arguments(["printf", "said"]), owes: .candidate))
    let candidate = try #require(report.candidate)
    #expect(try workspace.objects.bytes(of: candidate.digest) == Array("said".utf8))
  }

  @Test func `Exit 0 with nothing written or printed is a hollow failure`() async {
    let report = await workspace.steps.run(workspace.step(.arguments(["true"]), owes: .candidate))
    #expect(report.outcome == .failed)
    #expect(report.failure?.kind == .hollow)
    #expect(report.candidate == nil)
  }

  @Test func `A missing command is told by name and tried only once`() async {
    let report = await workspace.steps.run(workspace.step(.arguments(["no-such-command"])))
    #expect(report.failure?.kind == .notStarted)
    #expect(report.failure?.message.hasPrefix("command not found: no-such-command") == true)
    #expect(report.failure?.isRetryable == false)
  }

  @Test func `The staging folder stays until the end is recorded, then nothing is left`() async throws {
    let report = await workspace.steps.run(
      workspace.step(
        .shell("cd $FOOTPLATE_STAGING && mkdir -p a/b && touch a/b/c && chmod 0 a; ln -s / root")))
    #expect(report.remarks == [])
    let staging = "\(workspace.path)/.footplate/runs/\(workspace.run)/staging"
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging).count == 1)
    await workspace.steps.discardStaging(
      of: report.attempt, run: workspace.run, epoch: Epoch(1))
    #expect(try FileManager.default.contentsOfDirectory(atPath: staging) == [])
  }
}
