// Real processes, well-behaved and hostile, from their start to their report.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct ProcessExecutorTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  @Test func `Exit status, output and last line are reported`() async throws {
    let order = workspace.order(.shell("echo one; echo two >&2; echo three; exit 7"))
    let report = await workspace.processes.run(order)
    #expect(report.end == .exited(7))
    #expect(report.outputBytes == 14)
    #expect(report.lastLine == "two")
    #expect(try workspace.text(workspace.logPath(1)).utf8.count == 14)
  }

  @Test func `A process that ends by a signal of its own says which`() async {
    let report = await workspace.processes.run(workspace.order(.shell("kill -SEGV $$")))
    #expect(report.end == .signalled(SIGSEGV))
  }

  @Test func `No log is made for a process that says nothing`() async {
    _ = await workspace.processes.run(workspace.order(.arguments(["true"])))
    #expect(!FileManager.default.fileExists(atPath: workspace.logPath(1)))
  }

  @Test(
    arguments: [
      (["no-such-command"], "command not found: no-such-command"),
      (["./no-such-file"], "command not found: ./no-such-file"),
      (["/etc/passwd"], "/etc/passwd is not executable"),
      ([""], "the command is empty"),
      ([], "the command has no words"),
      (["echo", "a\0b"], "an argument or a variable contains a NUL byte"),
    ])
  func `What cannot start says why`(words: [String], why: String) async throws {
    let report = await workspace.processes.run(workspace.order(.arguments(words)))
    guard case .couldNotStart(let message) = report.end else {
      Issue.record("it ended with \(report.end)")
      return
    }
    #expect(message.hasPrefix(why), "\(message)")
    #expect(report.pid == nil)
  }

  @Test func `A missing folder and a missing interpreter are told apart from a missing command`()
    async throws
  {
    var order = workspace.order(.arguments(["true"]))
    order.folder += "/missing"
    let inMissing = await workspace.processes.run(order)
    #expect(
      inMissing.end == .couldNotStart("the folder \(order.folder) to start in is missing"))

    let script = "\(workspace.path)/script"
    try Data("#!/no/such/interpreter\n".utf8).write(to: URL(fileURLWithPath: script))
    chmod(script, 0o755)
    let report = await workspace.processes.run(workspace.order(.arguments(["./script"])))
    guard case .couldNotStart(let why) = report.end else {
      Issue.record("it ended with \(report.end)")
      return
    }
    #expect(why.contains("interpreter"))
  }

  @Test func `A script without a first line for the kernel is given to sh`() async throws {
    let script = "\(workspace.path)/script"
    try Data("echo \"$1\"; exit 4\n".utf8).write(to: URL(fileURLWithPath: script))
    chmod(script, 0o755)
    let report = await workspace.processes.run(workspace.order(.arguments(["./script", "x y"])))
    #expect(report.end == .exited(4))
    #expect(report.lastLine == "x y")
  }

  @Test(
    arguments: [
      "two words", "it's", "\"quoted\"", "new\nline", "$(touch pwned)", "`id`", "; rm -rf /",
      "\u{1b}]0;title\u{7}", "\u{202e}txt.exe", "--help", String(repeating: "x", count: 255), "*",
    ])
  func `Hostile words reach the process as they are`(word: String) async throws {
    let order = workspace.order(.arguments(["sh", "-c", "printf %s \"$1\"", "sh", word]))
    let report = await workspace.processes.run(order)
    #expect(report.end == .exited(0))
    #expect(try workspace.text(workspace.logPath(1)) == word)
  }

  @Test func `The environment is exactly what was ordered`() async throws {
    let order = workspace.order(.arguments(["/usr/bin/env"]))
    _ = await workspace.processes.run(order)
    let lines = try workspace.text(workspace.logPath(1)).split(separator: "\n").map(String.init)
    #expect(Set(lines) == Set(order.environment))
  }

  @Test func `Nothing of ours is open in the child but its three streams`() async throws {
    _ = await workspace.processes.run(workspace.order(.shell("ls /proc/$$/fd")))
    #expect(try workspace.text(workspace.logPath(1)) == "0\n1\n2\n")
  }

  @Test func `Two hundred processes at once all report`() async {
    let ends = await withTaskGroup(of: ProcessReport.End.self) { group in
      for number in Int64(1)...200 {
        group.addTask {
          await workspace.processes.run(
            workspace.order(.shell("exit \(number % 3)"), number: number, log: false)
          ).end
        }
      }
      return await group.reduce(into: [ProcessReport.End: Int]()) { $0[$1, default: 0] += 1 }
    }
    #expect(ends == [.exited(0): 66, .exited(1): 67, .exited(2): 67])
  }

  @Test func `A closed executor kills what runs and refuses what comes`() async throws {
    async let running = workspace.processes.run(workspace.order(.shell("echo up; sleep 1000")))
    try await eventually("it runs") { try workspace.hasLog(1, with: "up") }
    workspace.processes.shutDown()
    #expect(await running.end == .killed)
    let late = await workspace.processes.run(workspace.order(.arguments(["true"]), number: 2))
    #expect(late.end == .killed)
    #expect(late.pid == nil)
  }
}

/// Input through a pipe that nobody may be reading.
@Suite struct ProcessInputTests {
  let workspace: TestWorkspace
  init() throws { workspace = try TestWorkspace() }

  private func order(_ script: String, bytes count: Int) -> ProcessOrder {
    var order = workspace.order(.shell(script))
    order.input = .bytes([UInt8](repeating: 120, count: count))
    return order
  }

  @Test func `Ten megabytes reach a process that reads them`() async throws {
    let report = await workspace.processes.run(order("wc -c", bytes: 10_000_000))
    #expect(report.lastLine == "10000000")
  }

  @Test func `A process that exits without reading ten megabytes just exits`() async {
    let report = await workspace.processes.run(order("exit 5", bytes: 10_000_000))
    #expect(report.end == .exited(5))
  }

  @Test func `A process that never reads its input runs into its time-out like any other`() async {
    var order = order("sleep 1000", bytes: 10_000_000)
    order.timeout = .milliseconds(200)
    let report = await workspace.processes.run(order)
    #expect(report.end == .timedOut)
  }

  @Test func `Without input it is at its end at once`() async {
    let report = await workspace.processes.run(workspace.order(.arguments(["cat"])))
    #expect(report.end == .exited(0))
  }

  @Test func `A file can be the input and a missing one is named`() async throws {
    var order = workspace.order(.arguments(["cat"]))
    order.input = .file("\(workspace.path)/in")
    let missing = await workspace.processes.run(order)
    guard case .couldNotStart(let why) = missing.end else {
      Issue.record("it ended with \(missing.end)")
      return
    }
    #expect(why.contains("\(workspace.path)/in"))
    try Data("in".utf8).write(to: URL(fileURLWithPath: "\(workspace.path)/in"))
    #expect(await workspace.processes.run(order).lastLine == "in")
  }
}
