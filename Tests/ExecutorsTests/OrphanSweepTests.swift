// What outlives its engine: found, ended, awaited; and what is meant to outlive us.

import BatchModel
import DurableFiles
import Foundation
import Testing

@testable import Executors

@Suite struct OrphanSweepTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  private func order(_ script: String, epoch: Int64) -> ProcessOrder {
    var order = workspace.order(.shell(script), number: epoch)
    order.environment.append("FOOTPLATE_EPOCH=\(epoch)")
    return order
  }

  @Test func `Children of dead epochs end, also those that ignore TERM, and no others do`()
    async throws
  {
    async let obedient = workspace.processes.run(order("echo up; sleep 1000", epoch: 1))
    async let stubborn = workspace.processes.run(
      order("trap '' TERM; echo up; while :; do sleep 1; done", epoch: 2))
    async let living = workspace.processes.run(order("echo up; sleep 1000", epoch: 3))
    try await eventually("all run") {
      try [1, 2, 3].allSatisfy { try workspace.hasLog($0, with: "up") }
    }
    let sweep = OrphanSweep(workspace: workspace.path, epoch: Epoch(3))
    let path = workspace.path
    let swept = await workspace.pool.run { sweep.sweep(grace: .milliseconds(100)) }
    #expect(Set(swept.map(\.epoch)) == [Epoch(1), Epoch(2)])
    #expect(sweep.find() == [])
    // The shell may see its child's end before its own signal; a slow host may spend the grace.
    let ends = [ProcessReport.End.signalled(SIGTERM), .signalled(SIGKILL), .exited(128 + SIGTERM)]
    #expect(ends.contains(await obedient.end))
    #expect(await stubborn.end == .signalled(SIGKILL))
    #expect(OrphanSweep(workspace: path + "x", epoch: Epoch(9)).find() == [])
    workspace.processes.kill(AttemptID(3), grace: .zero)
    #expect(await living.end == .killed)
  }
}

@Suite struct DetachedProcessTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `It has a session of its own, three open files and no attempt's name`() throws {
    let log = "\(workspace.path)/engine.log"
    let process = try DetachedProcess.start(
      "/bin/sh",
      arguments: [
        "-c", "ls /proc/$$/fd; readlink /proc/$$/fd/0; cut -d' ' -f6 /proc/$$/stat; env",
      ],
      log: log, folder: "/",
      environment: ["PATH=/usr/bin:/bin", "FOOTPLATE_ATTEMPT=1", "FOOTPLATE_EPOCH=1", "KEEP=1"])
    #expect(process.end(within: 20) == .exited(0))
    let text = try workspace.text(log)
    #expect(text.hasPrefix("0\n1\n2\n/dev/null\n\(process.pid)\n"))
    #expect(text.contains("KEEP=1"))
    #expect(!text.contains("FOOTPLATE_"))
  }

  @Test func `What cannot be started is an error`() {
    #expect(throws: FilesError.self) {
      _ = try DetachedProcess.start(
        "/no/such/engine", arguments: [], log: "\(workspace.path)/log", folder: "/",
        environment: [])
    }
  }

  @Test func `It runs on while nobody waits for it`() throws {
    let process = try DetachedProcess.start(
      "/bin/sleep", arguments: ["1000"], log: "\(workspace.path)/log", folder: "/", environment: [])
    let early = process.waitForEnd(timeout: .milliseconds(20))
    kill(process.pid, SIGKILL)
    let end = process.end(within: 20)
    #expect(early == nil && end == .signalled(SIGKILL))
  }
}

extension DetachedProcess {
  fileprivate func end(within seconds: Int) -> End? { waitForEnd(timeout: .seconds(seconds)) }
}

@Suite struct BlockingPoolTests {
  @Test func `More work than room waits its turn and is all done, in order on one thread`() async {
    let pool = BlockingPool(threads: 1, queuedMax: 4)
    let sum = await withTaskGroup(of: Int.self) { group in
      for number in 1...500 { group.addTask { await pool.run { number } } }
      return await group.reduce(0, +)
    }
    #expect(sum == 125_250)
  }

  @Test func `An error comes back as it was thrown`() async {
    let pool = BlockingPool(threads: 2)
    await #expect(throws: FilesError.keepsChanging("a")) {
      try await pool.run { () throws(FilesError) in throw .keepsChanging("a") }
    }
  }
}
