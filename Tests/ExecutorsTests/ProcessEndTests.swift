// Ends that somebody has to bring about: time-outs, stalls, kills, and the trees behind them.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct ProcessEndTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  /// The living members of attempt 1's tree.
  private var tree: [Int32] { living(with: workspace.marker) }

  @Test func `A process that runs too long is timed out`() async {
    var order = workspace.order(.shell("while :; do echo busy; sleep 0.02; done"))
    order.timeout = .milliseconds(300)
    order.stall = .seconds(60)
    let report = await workspace.processes.run(order)
    #expect(report.end == .timedOut)
    #expect(report.elapsed >= .milliseconds(300))
    #expect(tree == [])
  }

  @Test func `A silent process is stalled long before its time-out`() async {
    var order = workspace.order(.shell("echo once; sleep 1000"))
    order.timeout = .seconds(600)
    order.stall = .milliseconds(200)
    let report = await workspace.processes.run(order)
    #expect(report.end == .stalled)
    #expect(report.lastLine == "once")
    #expect(tree == [])
  }

  @Test func `A process that keeps talking is not stalled`() async {
    var order = workspace.order(.shell("for i in 1 2 3 4 5 6; do echo $i >&2; sleep 0.2; done"))
    order.stall = .milliseconds(1000)
    #expect(await workspace.processes.run(order).end == .exited(0))
  }

  @Test func `A kill ends a tree that ignores TERM with members in other sessions`() async throws {
    let script = """
      trap '' TERM
      setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &
      setsid setsid sh -c 'trap "" TERM; exec >/dev/null 2>&1; while :; do sleep 1; done' &
      sh -c 'trap "" TERM; while :; do sleep 1; done' &
      echo up
      while :; do sleep 1; done
      """
    async let running = workspace.processes.run(workspace.order(.shell(script)))
    try await eventually("the tree stands") {
      try workspace.hasLog(1, with: "up") && tree.count >= 8
    }
    workspace.processes.kill(AttemptID(1), grace: .milliseconds(200))
    let report = await running
    #expect(report.end == .killed)
    #expect(tree == [])
  }

  @Test func `A member that cleared its environment and left the session is killed by descent`()
    async throws
  {
    let script = """
      setsid env -i sh -c 'trap "" TERM; echo $$ > \(workspace.path)/pid; while :; do sleep 1; done' &
      while :; do sleep 1; done
      """
    async let running = workspace.processes.run(workspace.order(.shell(script)))
    var pid: Int32 = 0
    try await eventually("it wrote its pid") {
      pid = (try? workspace.text("\(workspace.path)/pid")).flatMap { Int32($0.dropLast()) } ?? 0
      return pid > 0
    }
    workspace.processes.kill(AttemptID(1), grace: .milliseconds(100))
    #expect(await running.end == .killed)
    #expect(ProcessTable.entry(of: pid).map(\.isZombie) ?? true)
  }

  @Test func `A tree that obeys TERM gets its time to clean up`() async throws {
    let script = """
      trap 'echo cleaned; exit 0' TERM
      echo up
      while :; do sleep 0.05; done
      """
    async let running = workspace.processes.run(workspace.order(.shell(script)))
    try await eventually("it runs") { try workspace.hasLog(1, with: "up") }
    workspace.processes.kill(AttemptID(1), grace: .seconds(60))
    let report = await running
    #expect(report.end == .killed)
    #expect(try workspace.hasLog(1, with: "cleaned"))
    #expect(report.elapsed < .seconds(30))
  }

  @Test func `Members may clean up after their leader died of TERM`() async throws {
    let script = """
      sh -c 'trap "sleep 0.3; echo child cleaned; exit" TERM; echo up; while :; do sleep 0.05; done' &
      while :; do sleep 1; done
      """
    async let running = workspace.processes.run(workspace.order(.shell(script)))
    try await eventually("it runs") { try workspace.hasLog(1, with: "up") }
    workspace.processes.kill(AttemptID(1), grace: .seconds(60))
    #expect(await running.end == .killed)
    #expect(try workspace.hasLog(1, with: "child cleaned"))
  }

  @Test(arguments: ["sleep 1000 &", "setsid sleep 1000 &", "(trap '' TERM; sleep 1000) &"])
  func `What the leader leaves behind is swept and does not hold up its report`(
    leftover: String
  ) async {
    let start = ContinuousClock.now
    let report = await workspace.processes.run(workspace.order(.shell("\(leftover) exit 3")))
    #expect(report.end == .exited(3))
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(tree == [])
  }

  @Test func `Cancelling the task kills the tree`() async throws {
    let task = Task {
      await workspace.processes.run(workspace.order(.shell("echo up; sleep 1000")))
    }
    try await eventually("it runs") { try workspace.hasLog(1, with: "up") }
    task.cancel()
    #expect(await task.value.end == .killed)
    #expect(tree == [])
  }

  @Test(.enabled(if: Debugger.isInstalled, "strace is not installed"))
  func `A child that a debugger holds is reported when that lets go, and holds up nobody`()
    async throws
  {
    let (pids, started) = AsyncStream.makeStream(of: Int32.self)
    async let held = workspace.processes.end(of: workspace.order(.shell("sleep 1000"))) {
      started.yield($0)
    }
    let pid = try #require(await pids.first { _ in true })
    let debugger = try Debugger(of: pid)
    try await eventually("the debugger is attached") { debugger.isAttached }
    kill(debugger.pid, SIGSTOP)
    kill(pid, SIGKILL)
    let other = workspace.order(.arguments(["true"]), number: 2)
    #expect(await workspace.processes.run(other).end == .exited(0))
    kill(debugger.pid, SIGKILL)
    #expect(await held.end == .signalled(SIGKILL))
  }

  @Test func `A kill of something unknown is ignored`() async {
    workspace.processes.kill(AttemptID(99))
    #expect(await workspace.processes.run(workspace.order(.arguments(["true"]))).end == .exited(0))
  }
}

@Suite struct HostileOutputTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `A gigabyte on one line costs a log of its head and tail`() async throws {
    let script = "printf begin; head -c 1000000000 /dev/zero | tr '\\0' x; printf end"
    let report = await workspace.processes.run(workspace.order(.shell(script)))
    #expect(report.end == .exited(0))
    #expect(report.outputBytes == 1_000_000_008)
    #expect(report.lastLine.utf8.count == LastLine.bytesMax)
    let log = try workspace.text(workspace.logPath(1))
    let lines = log.split(separator: "\n").map { ($0.prefix(8), $0.suffix(8), $0.utf8.count) }
    #expect(lines.count == 3)
    #expect(lines[0] == ("beginxxx", "xxxxxxxx", 1 << 20))
    #expect(lines[1].0.hasPrefix("[… 99") && lines[1].1 == "t out …]")
    // The flood left out bytes up to a safe place, so the tail is a little shorter.
    #expect(lines[2].0 == "xxxxxxxx" && lines[2].1 == "xxxxxend")
    #expect((1_000_000 - 65_536...1 << 20).contains(lines[2].2))
  }

  @Test func `Captured output past its limit is given up and the process goes on`() async throws {
    var order = workspace.order(.shell("head -c 3000000 /dev/zero; echo done >&2"))
    order.capture = CaptureOrder(path: "\(workspace.path)/captured", bytesMax: 1_000_000)
    let report = await workspace.processes.run(order)
    #expect(report.end == .exited(0))
    #expect(report.captured == .tooLarge(bytesMax: 1_000_000))
    #expect(!FileManager.default.fileExists(atPath: "\(workspace.path)/captured"))
  }

  @Test func `A log that cannot be written fails nothing but itself`() async {
    var order = workspace.order(.shell("echo lost; exit 0"))
    order.log = LogOrder(path: "\(workspace.path)/missing/1.log")
    let report = await workspace.processes.run(order)
    #expect(report.end == .exited(0))
    #expect(report.logProblem?.hasPrefix("cannot create") == true)
  }
}

/// strace on a running process.
private struct Debugger {
  private static let path = "/usr/bin/strace"
  static var isInstalled: Bool { FileManager.default.fileExists(atPath: path) }

  private let process = Process()
  private let target: Int32
  var pid: Int32 { process.processIdentifier }

  init(of target: Int32) throws {
    self.target = target
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = ["-qq", "-o", "/dev/null", "-p", "\(target)"]
    try process.run()
  }

  var isAttached: Bool {
    // A process that is gone is traced by nobody.
    let status = (try? String(contentsOfFile: "/proc/\(target)/status", encoding: .utf8)) ?? ""
    return status.contains("TracerPid:") && !status.contains("TracerPid:\t0\n")
  }
}
