// Checks on a copy that they may not change.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

@Suite struct CheckRunnerTests {
  let workspace: TestWorkspace
  let checks: CheckRunner
  let copy: CheckCopy

  init() throws {
    workspace = try TestWorkspace()
    let runs = "\(workspace.path)/.footplate/runs"
    checks = CheckRunner(
      processes: workspace.processes, pool: workspace.pool,
      environment: StepEnvironment(workspace: workspace.path, inherited: ["PATH": "/usr/bin:/bin"]),
      folder: workspace.path, runsFolder: runs)
    let object = try workspace.objects.put(Array("candidate".utf8))
    copy = CheckCopy(
      of: object, in: "\(runs)/\(workspace.run)/staging", attempt: AttemptID(1), epoch: Epoch(1),
      name: "a b.md")
    try copy.create(from: workspace.objects)
  }

  private func verdict(_ script: String, timeout: Duration = .seconds(60)) async -> CheckVerdict {
    await checks.run(
      CheckOrder(
        name: "lint", run: workspace.run, attempt: AttemptID(1), epoch: Epoch(1),
        invocation: .arguments(["sh", "-c", script, "sh", copy.path]), copy: copy, timeout: timeout)
    )
  }

  @Test func `A check sees the candidate's bytes under the output's name`() async throws {
    #expect(await verdict("test \"$(cat \"$1\")\" = candidate") == .passed)
    #expect(copy.path.hasSuffix("/a b.md"))
  }

  @Test func `A check that exits with something else rejects, in its own words`() async {
    #expect(
      await verdict("echo line 3 is wrong; exit 2")
        == .rejected(Failure(kind: .check, status: 2, message: "lint: line 3 is wrong")))
  }

  @Test func `A check that hangs rejects`() async {
    let verdict = await verdict("sleep 1000", timeout: .milliseconds(200))
    #expect(
      verdict
        == .rejected(Failure(kind: .check, message: "lint: no end within 0.2 seconds")))
  }

  @Test func `A check that alters its copy fails, and the object is untouched`() async throws {
    let verdict = await verdict("chmod u+w \"$1\" && echo more >> \"$1\"")
    guard case .rejected(let failure) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(failure.message.hasPrefix("lint altered the candidate"))
    try workspace.objects.verify(copy.object.digest)
  }

  @Test func `The copy goes with what checks left beside it`() async throws {
    _ = await verdict("touch \"$(dirname \"$1\")/cache\"")
    try copy.remove()
    #expect(!FileManager.default.fileExists(atPath: copy.path))
  }
}
