// Agents that misbehave: each costs its own attempt, and the next one finds a fresh process.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct AgentFailureTests {
  let bench: AgentBench
  init() throws { bench = try AgentBench() }

  /// The second attempt, of the same agent, goes well.
  private func expectRecovery(_ script: String, after first: AttemptReport) async throws {
    let second = await bench.agents.run(bench.order(script, number: 2))
    #expect(second.outcome == .succeeded, "\(second)")
    #expect(second.pid != first.pid)
    let pid = try #require(second.pid)
    #expect(bench.living == [pid])
  }

  private func script(_ acts: String) -> String {
    #"{"rules":[{"item":"item-1","acts":["# + acts + "]}]}"
  }

  @Test(arguments: [
    (#"{"do":"garbage","text":"<html>hunter2-hunter2"}"#, "it is no JSON"),
    (#"{"do":"garbage","text":"[1]"}"#, "it is no JSON object"),
    (#"{"do":"garbage","text":"{\"type\":\"result\"}"}"#, #"it has no "attempt""#),
    (#"{"do":"long"}"#, "a line is longer than 262144 bytes"),
    (#"{"do":"long","bytes":50000000}"#, "a line is longer than 262144 bytes"),
    (#"{"do":"usage","input_tokens":-1}"#, #"its "usage.input_tokens" cannot be: -1 tokens"#),
    (#"{"do":"usage","cost":"NaN"}"#, #"its "usage.cost" cannot be: "#),
  ])
  func `What is no message fails that attempt alone, and the agent is started anew`(
    act: String, why: String
  ) async throws {
    let script = script(act + #",{"do":"answer","text":"too late"}"#)
    let report = await bench.agents.run(bench.order(script))
    #expect(report.failure?.kind == .agentProtocol)
    #expect(report.failure?.isRetryable == true)
    #expect(report.failure?.message.hasPrefix("the agent broke the protocol: \(why)") == true)
    #expect(report.candidate == nil)
    #expect(try !bench.log(1).contains("hunter2"))
    try await expectRecovery(script, after: report)
  }

  @Test func `A word before the first command fails the attempt for which the agent was started`()
    async throws
  {
    let report = await bench.agents.run(
      bench.order(#"{"start":[{"do":"garbage","text":"Welcome to the agent!"}]}"#))
    #expect(report.failure?.kind == .agentProtocol)
    #expect(bench.living == [])
  }

  @Test func `An exit in the middle is told with its status`() async throws {
    let script = script(#"{"do":"log","text":"oh no"},{"do":"exit","status":7}"#)
    let report = await bench.agents.run(bench.order(script))
    #expect(report.failure?.kind == .exit)
    #expect(report.failure?.status == 7)
    #expect(report.failure?.message.hasSuffix("with exit 7: oh no") == true)
    try await expectRecovery(script, after: report)
  }

  @Test func `Silence ends the agent with its tree, heartbeats do not`() async throws {
    let script = script(
      #"{"do":"wait","ms":400},{"do":"heartbeat"},{"do":"wait","ms":400},{"do":"heartbeat"},"#
        + #"{"do":"wait","ms":400},{"do":"heartbeat"},{"do":"wait","ms":400},{"do":"answer"}"#)
    let lively = await bench.agents.run(bench.order(script, heartbeat: .milliseconds(1200)))
    #expect(lively.outcome == .succeeded)
    let silent = await bench.agents.run(
      bench.order(
        .shell("sleep 1000 & read -r line; sleep 1000"), number: 3, heartbeat: .milliseconds(150)))
    #expect(silent.failure?.kind == .stall)
    #expect(silent.failure?.isRetryable == true)
    #expect(bench.living == [])
  }

  @Test func `An idle agent may be silent for as long as it likes`() async throws {
    _ = await bench.agents.run(bench.order("{}", number: 3))
    let first = await bench.agents.run(bench.order("{}", heartbeat: .milliseconds(400)))
    let other = await bench.workspace.processes.end(
      of: bench.workspace.order(.arguments(["sleep", "0.6"]), number: 9))
    #expect(other.end == .exited(0))
    let second = await bench.agents.run(bench.order("{}", number: 2))
    #expect(first.pid == second.pid)
  }

  @Test func `The time of an attempt is its own, not its process's`() async throws {
    let script = """
      {"rules":[{"item":"item-5","acts":[{"do":"silence"}]}],
       "otherwise":[{"do":"wait","ms":400},{"do":"answer"}]}
      """
    _ = await bench.agents.run(bench.order(script, number: 6))
    for number in 1...4 {
      let report = await bench.agents.run(
        bench.order(script, number: Int64(number), timeout: .milliseconds(1400)))
      #expect(report.outcome == .succeeded)
    }
    let late = await bench.agents.run(
      bench.order(script, number: 5, timeout: .milliseconds(20)))
    #expect(late.failure?.kind == .timeout)
    #expect(bench.living == [])
  }

  @Test func `A result of another attempt is passed over`() async throws {
    let report = await bench.agents.run(
      bench.order(#"{"otherwise":[{"do":"late"},{"do":"answer","text":"mine"}]}"#))
    #expect(try bench.text(report.candidate) == "mine")
    #expect(try bench.log(1).contains("passed over: a result of attempt 0"))
  }

  @Test func `What the agent calls final is not tried again`() async throws {
    let final = await bench.agents.run(
      bench.order(
        #"{"otherwise":[{"do":"fail","text":"never: hunter2-hunter2\nmore","retryable":false}]}"#))
    #expect(final.failure == Failure(kind: .agentFinal, message: "never: ***"))
    #expect(final.failure?.isRetryable == false)
    let open = await bench.agents.run(
      bench.order(#"{"otherwise":[{"do":"fail","text":"busy"}]}"#, number: 2))
    #expect(open.failure == Failure(kind: .agent, message: "busy"))
    #expect(open.failure?.isRetryable == true)
  }

  @Test func `An agent that left between two attempts is replaced without a failure`() async throws
  {
    // It leaves right after its answer; whether the next command was in its pipe by then or not.
    let agent = """
      read -r line; rest=${line#*'"attempt":'}
      printf '{"type":"result","attempt":%s,"answer":"x"}\\n' "${rest%%,*}"
      """
    for number in 1...20 {
      let report = await bench.agents.run(bench.order(.shell(agent), number: Int64(number)))
      #expect(report.outcome == .succeeded, "\(report)")
    }
  }

  @Test func `A command that an agent never read goes to another one without a failure`()
    async throws
  {
    // It lives on for a moment without reading, and then is gone.
    let agent = """
      read -r line; rest=${line#*'"attempt":'}
      printf '{"type":"result","attempt":%s,"answer":"x"}\\n' "${rest%%,*}"; exec sleep 1.5
      """
    let first = await bench.agents.run(bench.order(.shell(agent), number: 1))
    let second = await bench.agents.run(bench.order(.shell(agent), number: 2))
    #expect(first.outcome == .succeeded)
    #expect(second.outcome == .succeeded, "\(second)")
    #expect(first.pid != second.pid)
  }

  @Test func `An agent that goes astray after its answer gets no further attempt`() async throws {
    let script = #"{"otherwise":[{"do":"answer"},{"do":"garbage","text":"core dumped"}]}"#
    var pids: Set<Int32?> = []
    for number in 1...5 {
      let report = await bench.agents.run(bench.order(script, number: Int64(number)))
      // Whether the next one has its attempt already when the garbage comes is a matter of chance.
      if report.outcome == .succeeded { pids.insert(report.pid) }
      #expect(report.outcome == .succeeded || report.failure?.kind == .agentProtocol)
      let pid = try #require(report.pid)
      try await eventually("the garbage is heard") { !bench.living.contains(pid) }
    }
    #expect(pids.count == 5)
  }

  @Test func `A kill that comes late does not meet the next attempt`() {
    let order = bench.order("{}")
    let process = AgentProcess(
      id: AttemptID(-1), identity: AgentIdentity(order.step), processes: bench.workspace.processes)
    #expect(process.open(AttemptID(1), commandBytes: 1))
    #expect(process.takeTurn()?.isReusable == true)
    #expect(process.open(AttemptID(2), commandBytes: 1))
    process.kill(AttemptID(1), grace: .zero)
    #expect(process.takeTurn()?.isReusable == true)
    #expect(process.open(AttemptID(3), commandBytes: 1))
    process.kill(AttemptID(3), grace: .zero)
    #expect(process.takeTurn()?.isReusable == false)
    #expect(!process.open(AttemptID(4), commandBytes: 1))
  }

  @Test func `A command that cannot be started fails as such`() async throws {
    let report = await bench.agents.run(bench.order(.arguments(["no-such-agent"])))
    #expect(report.failure?.kind == .notStarted)
    let next = await bench.agents.run(bench.order("{}", number: 2))
    #expect(next.outcome == .succeeded)
  }
}
