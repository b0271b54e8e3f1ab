// Ending agents: a kill, a recall, a stop; nothing is left alive and everybody gets a report.

import BatchModel
import Foundation
import Testing

@testable import Executors

@Suite struct AgentEndTests {
  let bench: AgentBench
  init() throws { bench = try AgentBench() }

  private static let silent = #"{"otherwise":[{"do":"silence"}]}"#

  /// Starts an attempt and returns when an agent has it.
  private func begin(_ order: AgentOrder) async -> Task<AttemptReport, Never> {
    let launched = Signal()
    let bench = bench
    let task = Task { await bench.agents.run(order, onLaunch: { _ in launched.raise() }) }
    await launched.wait()
    return task
  }

  @Test func `A kill ends the attempt and its tree, and the next attempt gets a fresh agent`()
    async throws
  {
    let running = await begin(
      bench.order(.shell("trap '' TERM; sleep 1000 & read -r a; sleep 1000")))
    bench.agents.kill(AttemptID(1), grace: .milliseconds(50))
    let report = await running.value
    #expect(report.outcome == .interrupted)
    #expect(report.failure == nil)
    #expect(bench.living == [])
    let next = await bench.agents.run(bench.order("{}", number: 2))
    #expect(next.outcome == .succeeded)
  }

  @Test func `A dead engine's agent is found, and is no part of its first attempt's tree`()
    async throws
  {
    let running = await begin(bench.order(Self.silent))
    let path = bench.workspace.path
    let orphans = OrphanSweep(workspace: path, epoch: Epoch(2)).find()
    #expect(orphans.map(\.pid) == bench.living)
    // A check of attempt 1 kills everything that has its marker when it ends; the agent has not.
    #expect(orphans.map(\.attempt) == [AttemptID(-1)])
    #expect(OrphanSweep(workspace: path, epoch: Epoch(1)).find() == [])
    bench.agents.kill(AttemptID(1), grace: .zero)
    _ = await running.value
  }

  @Test func `An attempt that waits for a seat can be taken back`() async throws {
    let running = await begin(bench.order(Self.silent))
    let bench = bench
    let waiting = (2...3).map { number in
      Task { await bench.agents.run(bench.order(Self.silent, number: Int64(number))) }
    }
    try await eventually("both wait") { bench.workspace.stagingNames.count == 3 }
    bench.agents.kill(AttemptID(2))
    #expect(await waiting[0].value.outcome == .neverStarted)
    bench.agents.recallWaiting()
    #expect(await waiting[1].value.outcome == .neverStarted)
    #expect(bench.workspace.stagingNames == ["1-1"])
    bench.agents.kill(AttemptID(1), grace: .zero)
    #expect(await running.value.outcome == .interrupted)
  }

  @Test func `A kill of an attempt that is over does not touch the next one`() async throws {
    _ = await bench.agents.run(bench.order("{}"))
    bench.agents.kill(AttemptID(1), grace: .zero)
    let next = await bench.agents.run(bench.order("{}", number: 2))
    #expect(next.outcome == .succeeded)
  }

  @Test func `A stop ends who works, lets go who is idle, and starts nobody any more`() async throws
  {
    let bench = try AgentBench(slots: 2)
    _ = await bench.agents.run(bench.order("{}"))
    let launched = Signal()
    let running = Task {
      await bench.agents.run(
        bench.order(Self.silent, number: 2), onLaunch: { _ in launched.raise() })
    }
    await launched.wait()
    await bench.agents.stop()
    #expect(await running.value.outcome == .interrupted)
    #expect(bench.living == [])
    let late = await bench.agents.run(bench.order("{}", number: 3))
    #expect(late.outcome == .neverStarted)
    await bench.agents.stop()
  }

  @Test func `With fewer seats idle agents leave, and those that work do so when they have ended`()
    async throws
  {
    let bench = try AgentBench(slots: 2)
    let script = #"{"otherwise":[{"do":"wait","ms":50},{"do":"answer"}]}"#
    async let first = bench.agents.run(bench.order(script, number: 1))
    async let second = bench.agents.run(bench.order(script, number: 2))
    let pids = Set([await first.pid, await second.pid])
    #expect(pids.count == 2)
    bench.agents.resize(slots: 1)
    async let third = bench.agents.run(bench.order(script, number: 3))
    async let fourth = bench.agents.run(bench.order(script, number: 4))
    let later = Set([await third.pid, await fourth.pid])
    #expect(later.count == 1 && later.isSubset(of: pids), "\(pids) \(later)")
    bench.agents.resize(slots: 2)
    async let fifth = bench.agents.run(bench.order(script, number: 5))
    async let sixth = bench.agents.run(bench.order(script, number: 6))
    #expect(Set([await fifth.pid, await sixth.pid]).count == 2)
    await bench.agents.stop()
    #expect(bench.living == [])
  }

  @Test func `An agent that ignores everything is gone after the stop`() async throws {
    let bench = try AgentBench()
    let script = #"{"ignores_term":true,"otherwise":[{"do":"answer"},{"do":"silence"}]}"#
    let report = await bench.agents.run(bench.order(script))
    #expect(report.outcome == .succeeded)
    await bench.agents.stop(patience: .milliseconds(50))
    #expect(bench.living == [])
  }

  @Test func `Kills at any moment leave one report for each attempt and no process`() async throws {
    let bench = try AgentBench(slots: 2)
    var random = SplitMix(state: 42)
    let numbers = Array(1...60)
    let killed = numbers.filter { _ in random.next() % 2 == 0 }
    let reports = await withTaskGroup(of: AttemptReport.self) { group in
      for number in numbers {
        group.addTask {
          await bench.agents.run(
            bench.order(
              #"{"otherwise":[{"do":"wait","ms":1},{"do":"answer"}]}"#, number: Int64(number)))
        }
        if killed.contains(number) {
          group.addTask {
            bench.agents.kill(AttemptID(Int64(number)), grace: .zero)
            return .neverStarted(AttemptID(0))
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    let own = reports.filter { $0.attempt.number > 0 }
    #expect(own.map(\.attempt.number).sorted() == numbers.map { Int64($0) })
    for report in own where !killed.contains(Int(report.attempt.number)) {
      #expect(report.outcome == .succeeded, "\(report)")
    }
    await bench.agents.stop()
    #expect(bench.living == [])
  }
}

/// A seeded source of numbers.
private struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
