// What tests of the agent pool share: a workspace, the mock agent as a process, orders.

import BatchModel
import DurableFiles
import Foundation
import Resilience
import Synchronization
import Testing

@testable import Executors

/// A pool of scripted agents in a workspace of its own.
final class AgentBench: Sendable {
  let workspace: TestWorkspace
  let agents: AgentPool
  let mask = SecretMask(secrets: ["hunter2-hunter2"])

  init(slots: Int = 1) throws {
    workspace = try TestWorkspace()
    agents = AgentPool(
      slots: slots, processes: workspace.processes, pool: workspace.pool,
      objects: workspace.objects,
      environment: StepEnvironment(
        workspace: workspace.path, inherited: ["PATH": "/usr/local/bin:/usr/bin:/bin"]),
      folder: workspace.path, runsFolder: "\(workspace.path)/.footplate/runs", mask: mask,
      clock: { Instant(milliseconds: 1_000_000_000_000) })
  }

  /// The mock agent's executable stands beside the tests.
  static var executable: String {
    Bundle.main.executableURL?.deletingLastPathComponent()
      .appendingPathComponent("mock-agent-process").path ?? ""
  }

  func order(
    _ script: String, number: Int64 = 1, key: String? = nil, owes: StepOrder.Owes = .textIfAny,
    heartbeat: Duration = .seconds(60), timeout: Duration? = nil, prompt: String? = "Do it."
  ) -> AgentOrder {
    order(
      .arguments([Self.executable, script]), number: number, key: key, owes: owes,
      heartbeat: heartbeat, timeout: timeout, prompt: prompt)
  }

  func order(
    _ invocation: ProcessOrder.Invocation, number: Int64 = 1, key: String? = nil,
    owes: StepOrder.Owes = .textIfAny, heartbeat: Duration = .seconds(60),
    timeout: Duration? = nil, prompt: String? = "Do it."
  ) -> AgentOrder {
    var step = workspace.step(invocation, number: number, key: key ?? "item-\(number)", owes: owes)
    step.timeout = timeout
    return AgentOrder(step: step, prompt: prompt, heartbeat: heartbeat)
  }

  func text(_ object: SealedObject?) throws -> String? {
    try object.map { String(decoding: try workspace.objects.bytes(of: $0.digest), as: UTF8.self) }
  }

  func log(_ number: Int64) throws -> String {
    try workspace.text(workspace.steps.logPath(run: workspace.run, attempt: AttemptID(number)))
  }

  /// The living processes of this workspace's agents.
  var living: [Int32] { agentProcesses(of: workspace.path) }
}

private func agentProcesses(of path: String) -> [Int32] {
  living(with: "FOOTPLATE_WORKSPACE=\(path)")
}

/// The first moment of something, to be awaited.
final class Signal: Sendable {
  private struct State {
    var isRaised = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  func raise() {
    let waiters = state.withLock { state in
      state.isRaised = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isRaised = state.withLock { state in
        if !state.isRaised { state.waiters.append(continuation) }
        return state.isRaised
      }
      if isRaised { continuation.resume() }
    }
  }
}
