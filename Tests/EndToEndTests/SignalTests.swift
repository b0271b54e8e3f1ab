// Signals, and a second engine: what runs is brought to an end, and two never share a run.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct SignalTests {
  /// Six items that wait for a file before they end.
  private func gated() throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.define(
      """
      items: {list: [a, b, c, d, e, f]}
      steps:
        - id: one
          run: |
            echo {{line}} >> "$COUNT"
            while test ! -e "$GATE"; do sleep 0.02; done
            echo end {{line}}
          output: "out/{{line}}"
      parallel: 2
      """)
    return batch
  }

  private func start(_ batch: BatchFolder) async throws -> Child {
    let engine = try batch.start(
      ["run", "--headless"], environment: ["GATE": batch.path + "/gate"])
    try await eventually("two run") { batch.executions.count == 2 }
    return engine
  }

  private func finish(_ batch: BatchFolder) async throws {
    try batch.write("", to: "gate")
    let again = try await batch.footplate(
      "run", "--headless", environment: ["GATE": batch.path + "/gate"])
    #expect(again.status == 0, "\(again)")
    #expect(try await batch.status().items.done == 6)
  }

  @Test(
    "An interrupt lets what runs end, starts nothing more, and ends with 130",
    arguments: [SIGINT, SIGTERM])
  func drains(signal: Int32) async throws {
    let batch = try gated()
    let engine = try await start(batch)
    engine.send(signal)
    // The drain has begun when nothing is claimed any more; the two still run.
    try await batch.eventuallyStatus("the two alone are under way") { $0.items.running == 2 }
    #expect(!engine.hasEnded)
    try batch.write("", to: "gate")
    let ended = try await engine.wait()
    #expect(ended.status == 130, "\(ended)")
    #expect(ended.lastLine == "interrupted: footplate run goes on")
    #expect(batch.executions.count == 2)
    #expect(try await batch.status().items.done == 2)
    try await finish(batch)
    #expect(batch.executions.count == 6, "nothing ran twice")
  }

  @Test("A second interrupt kills what runs; its items are queued again")
  func killsAtTheSecond() async throws {
    let batch = try gated()
    let engine = try await start(batch)
    engine.send(SIGINT)
    engine.send(SIGTERM)
    engine.send(SIGINT)
    let ended = try await engine.wait()
    #expect(ended.status == 130, "\(ended)")
    #expect(ProcessList.steps(of: batch.path).isEmpty)
    let attempts = try await batch.attempts()
    #expect(attempts.filter { $0.outcome == "interrupted" }.count == 2)
    #expect(try await batch.status().items.queued == 6)
    try await finish(batch)
  }

  @Test("A lost terminal means nothing to an engine")
  func hangup() async throws {
    let batch = try gated()
    let engine = try await start(batch)
    engine.send(SIGHUP)
    engine.send(SIGHUP)
    try batch.write("", to: "gate")
    let ended = try await engine.wait()
    #expect(ended.status == 0, "\(ended)")
  }

  @Test("A reader of the output that goes away ends nothing")
  func brokenPipe() async throws {
    let batch = try BatchFolder()
    try batch.write((1...50).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'echo {{line}} >> "$COUNT"'}]
      """)
    try await batch.tool(
      "/bin/bash",
      ["-c", "'\(BatchFolder.program)' run --headless -C '\(batch.path)' | head -n 1"])
    #expect(batch.executions.count == 50)
    #expect(try await batch.status().state == "finished")
  }

  @Test("Of two engines at one workspace one is refused with 3 and says who is there")
  func race() async throws {
    let batch = try gated()
    let gate = ["GATE": batch.path + "/gate"]
    let engines = try (1...3).map { _ in
      try batch.start(["run", "--headless"], environment: gate)
    }
    try await eventually("two are refused") { engines.filter(\.hasEnded).count == 2 }
    let refused = try await batch.footplate("run", "--detach", environment: gate)
    #expect(refused.status == 3, "\(refused)")
    try batch.write("", to: "gate")
    var statuses: [Int32] = []
    for engine in engines {
      let ended = try await engine.wait()
      statuses.append(ended.status)
      guard ended.status == 3 else { continue }
      #expect(ended.complaints.contains("another engine (pid "))
      #expect(ended.complaints.contains("footplate attach"))
    }
    #expect(statuses.sorted() == [0, 3, 3])
    #expect(batch.executions.count == 6)
  }

  @Test("An engine whose lock was replaced stops before a second one shares its run")
  func replacedLock() async throws {
    let batch = try gated()
    let engine = try await start(batch)
    try batch.remove(".footplate/engine.lock")
    let ended = try await engine.wait()
    #expect(ended.status == 3, "\(ended)")
    #expect(ProcessList.steps(of: batch.path).isEmpty)
    try await finish(batch)
  }
}
