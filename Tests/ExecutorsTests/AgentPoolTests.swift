// Agents that do what they should: one process for many attempts, candidates, usage, logs.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct AgentPoolTests {
  let bench: AgentBench
  init() throws { bench = try AgentBench() }

  @Test func `One process serves one attempt after the other`() async throws {
    var pids: [Int32?] = []
    for number in 1...3 {
      let order = bench.order(
        #"{"otherwise":[{"do":"answer","text":"{{item}} by {{pid}}"}]}"#, number: Int64(number))
      let report = await bench.agents.run(order)
      #expect(report.outcome == .succeeded)
      let pid = try #require(report.pid)
      #expect(try bench.text(report.candidate) == "item-\(number) by \(pid)")
      pids.append(report.pid)
    }
    #expect(Set(pids).count == 1)
    await bench.agents.stop()
    #expect(bench.living == [])
  }

  @Test func `Slots bound the processes, and all attempts come to their end`() async throws {
    let bench = try AgentBench(slots: 3)
    let reports = await withTaskGroup(of: AttemptReport.self) { group in
      for number in 1...40 {
        group.addTask { await bench.agents.run(bench.order("{}", number: Int64(number))) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(reports.count == 40)
    #expect(reports.allSatisfy { $0.outcome == .succeeded })
    #expect((1...3).contains(Set(reports.map(\.pid)).count))
    await bench.agents.stop()
    #expect(bench.living == [])
  }

  @Test func `The file at the output path goes before the answer`() async throws {
    let report = await bench.agents.run(
      bench.order(
        #"{"otherwise":[{"do":"write","text":"from the file"},{"do":"answer","text":"spoken"}]}"#,
        owes: .candidate))
    #expect(try bench.text(report.candidate) == "from the file")
  }

  @Test func `A result without a candidate is hollow where one is owed`() async throws {
    let owed = await bench.agents.run(
      bench.order(#"{"otherwise":[{"do":"answer"}]}"#, owes: .candidate))
    #expect(owed.failure?.kind == .hollow)
    let free = await bench.agents.run(
      bench.order(#"{"otherwise":[{"do":"answer"}]}"#, number: 2, owes: .textIfAny))
    #expect(free.outcome == .succeeded)
    #expect(free.candidate == nil)
    let empty = await bench.agents.run(
      bench.order(
        #"{"otherwise":[{"do":"write","text":""},{"do":"answer","text":"a"}]}"#, number: 3,
        owes: .candidate))
    #expect(empty.failure?.kind == .hollow)
  }

  @Test func `Usage is kept by model, the last word of each, also of an attempt that fails`()
    async throws
  {
    let report = await bench.agents.run(
      bench.order(
        """
        {"otherwise":[{"do":"usage","model":"m","input_tokens":5,"cost":"0.01"},
          {"do":"usage","model":"n","output_tokens":1},
          {"do":"usage","model":"m","input_tokens":9,"cost":"0.02"},
          {"do":"artifact","path":"docs/a.md"},{"do":"fail","text":"no luck"}]}
        """))
    #expect(report.outcome == .failed)
    #expect(
      report.agentWork
        == AgentWork(
          usage: [
            AgentUsage(model: "m", inputTokens: 9, cost: "0.02"),
            AgentUsage(model: "n", outputTokens: 1),
          ], artifacts: ["docs/a.md"]))
  }

  @Test func `What the agent says stands in the log of its attempt, masked, and in no other`()
    async throws
  {
    let script = """
      {"otherwise":[{"do":"log","text":"at {{item}} with hunter2-hunter2"},{"do":"heartbeat"},
        {"do":"unknown"},{"do":"progress","done":1,"total":2,"text":"half"},{"do":"answer","text":"x"}]}
      """
    for number in 1...2 {
      _ = await bench.agents.run(bench.order(script, number: Int64(number)))
    }
    #expect(
      try bench.log(2) == """
        at item-2 with ***
        passed over: a message of type "telepathy"
        progress: 1/2 half
        result

        """)
    #expect(try bench.log(1).contains("item-1"))
    #expect(try !bench.log(1).contains("item-2"))
  }

  @Test func `A command longer than a pipe comes whole, in every turn`() async throws {
    let script = #"{"otherwise":[{"do":"wait","ms":50},{"do":"answer","text":"{{prompt}}"}]}"#
    for number in 1...3 {
      let prompt = String(repeating: "\(number)", count: 200_000)
      let report = await bench.agents.run(
        bench.order(script, number: Int64(number), prompt: prompt))
      #expect(try bench.text(report.candidate) == prompt)
    }
  }

  @Test func `A prompt that no line holds comes as a file`() async throws {
    // An agent in shell: it says how long the file is that the command names.
    let agent = """
      while read -r line; do
        rest=${line#*'"prompt_file":"'}; file=${rest%%'"'*}
        rest=${line#*'"attempt":'}; attempt=${rest%%,*}
        printf '{"type":"result","attempt":%s,"answer":"%s"}\\n' "$attempt" "$(($(wc -c < "$file")))"
      done
      """
    let prompt = String(repeating: "\u{1}", count: 200_000)
    let report = await bench.agents.run(bench.order(.shell(agent), prompt: prompt))
    #expect(try bench.text(report.candidate) == "200000")
  }

  @Test func `Parameters that no line holds are a failure of the input`() async throws {
    var order = bench.order("{}")
    order.params = ["weights": .string(String(repeating: "w", count: 300_000))]
    let report = await bench.agents.run(order)
    #expect(report.failure?.kind == .input)
    #expect(report.failure?.message.contains("shorten `params`") == true)
    let next = await bench.agents.run(bench.order("{}", number: 2))
    #expect(next.outcome == .succeeded)
  }

  @Test func `An agent of another kind gets the seat of one that is idle`() async throws {
    let first = await bench.agents.run(bench.order(#"{"otherwise":[{"do":"answer","text":"1"}]}"#))
    let second = await bench.agents.run(
      bench.order(#"{"otherwise":[{"do":"answer","text":"2"}]}"#, number: 2))
    #expect(try bench.text(second.candidate) == "2")
    #expect(first.pid != second.pid)
    let pid = try #require(second.pid)
    #expect(bench.living == [pid])
  }

  @Test func `The command says which item, which try, and until when`() async throws {
    let agent = """
      read -r line; printf '%s\\n' "$line" > "$0.line"
      rest=${line#*'"attempt":'}
      printf '{"type":"result","attempt":%s}\\n' "${rest%%,*}"; cat
      """
    let place = "\(bench.workspace.path)/told"
    var order = bench.order(.arguments(["/bin/sh", "-c", agent, place]), timeout: .seconds(90))
    order.step.feedback = "shorter"
    order.snapshot = SnapshotID("snap-0123456789ab")
    order.step.item.tries = 2
    let report = await bench.agents.run(order)
    #expect(report.outcome == .succeeded)
    let instruction = try AgentProtocol.read(
      AgentInstruction.self, from: try bench.workspace.bytes(place + ".line"))
    guard case .command(let command) = instruction else {
      Issue.record("no command")
      return
    }
    #expect(command.version == 1)
    #expect(command.item == "item-1")
    #expect(command.tryNumber == 3)
    #expect(command.deadline == "2001-09-09T01:48:10.000Z")
    #expect(command.snapshot?.text == "snap-0123456789ab")
    #expect(command.inputs.feedback == "shorter")
    #expect(command.inputs.folder == bench.workspace.path)
    let feedback = try #require(command.inputs.feedbackFile)
    #expect(try bench.workspace.text(feedback) == "shorter")
    #expect(command.inputs.output.hasPrefix(command.inputs.staging))
  }
}
