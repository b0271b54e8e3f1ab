// The engine behind: it outlives what started it, is restarted when it dies, and hears requests.

import Foundation
import Glibc
import Testing

@Suite(.turn) struct DetachedTests {
  private func batch(items: Int, script: String = "sleep 0.05") throws -> BatchFolder {
    let batch = try BatchFolder()
    try batch.write((1...items).map { "i\($0)\n" }.joined(), to: "in.txt")
    try batch.define(
      """
      items: {lines: in.txt}
      steps: [{id: one, run: 'echo {{line}} >> "$COUNT"; \(script)'}]
      parallel: 2
      retry: {attempts: 1}
      """)
    return batch
  }

  /// The engine behind, without its guardian.
  private func engine(of batch: BatchFolder) -> Int32? {
    ProcessList.pids(mentioning: batch.path).first { pid in
      let arguments = ProcessList.arguments(of: pid)
      return arguments.dropFirst().first == "engine" && !arguments.contains("--guardian")
    }
  }

  @Test("A dead engine is started again by its guardian and goes on; wait gives the run's status")
  func guardian() async throws {
    let batch = try batch(items: 40)
    let started = try await batch.footplate("run", "--detach")
    #expect(started.status == 0, "\(started)")
    try await eventually("some work") { batch.executions.count >= 5 }
    let first = try #require(engine(of: batch))
    kill(first, SIGKILL)
    try await eventually("a new engine") {
      let now = engine(of: batch)
      return now != nil && now != first
    }
    let waited = try await batch.footplate("wait")
    #expect(waited.status == 0, "\(waited)")
    let status = try await batch.status()
    #expect(status.items.done == 40)
    #expect(batch.executions.count <= 40 + status.unknownAttempts)
    #expect(try await batch.footplate("runs").lines.count == 1)
  }

  @Test("What --force asks for holds after a restart, and what it did is not done again")
  func forceSurvives() async throws {
    let batch = try batch(items: 30)
    try await batch.run()
    try await batch.footplate("run", "--detach", "--force")
    try await eventually("some work") { batch.executions.count >= 40 }
    kill(try #require(engine(of: batch)), SIGKILL)
    #expect(try await batch.footplate("wait").status == 0)
    let unknown = try await batch.status().unknownAttempts
    let counts = Dictionary(batch.executions.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts.values.allSatisfy { $0 >= 2 }, "\(counts)")
    #expect(batch.executions.count <= 60 + unknown)
  }

  @Test("A pause survives the death of the engine, and holds until it is resumed")
  func pauseSurvives() async throws {
    let batch = try batch(items: 30)
    try await batch.footplate("run", "--detach")
    try await eventually("some work") { batch.executions.count >= 3 }
    try await batch.footplate("pause")
    try await batch.eventuallyStatus("paused and quiet") {
      $0.state == "paused" && $0.items.running == 0
    }
    let executed = batch.executions.count
    let first = try #require(engine(of: batch))
    kill(first, SIGKILL)
    try await eventually("a new engine") {
      let now = engine(of: batch)
      return now != nil && now != first
    }
    // The new engine answers a request, so it works; and it starts nothing.
    let skipped = try await batch.footplate("skip", "i30")
    #expect(skipped.status == 0, "\(skipped)")
    try await batch.eventuallyStatus("the request is carried out") { $0.items.skipped == 1 }
    #expect(try await batch.status().state == "paused")
    #expect(batch.executions.count == executed)
    try await batch.footplate("resume")
    #expect(try await batch.footplate("wait").status == 0)
    #expect(Set(batch.executions).count == 29)
  }

  @Test("stop lets what runs end; stop --now kills it; both can go on")
  func stop() async throws {
    let batch = try batch(items: 8, script: "test -e \"$GO\" || sleep 1000")
    let go = batch.path + "/go"
    let environment = ["GO": go]
    try await batch.footplate("run", "--detach", environment: environment)
    try await eventually("two run") { batch.executions.count == 2 }
    try await batch.footplate("stop", "--now")
    let killed = try await batch.footplate("wait")
    #expect(killed.status == 75, "\(killed)")
    #expect(killed.lastLine.contains("footplate run goes on"))
    #expect(ProcessList.steps(of: batch.path).isEmpty)
    let attempts = try await batch.attempts()
    #expect(attempts.allSatisfy { $0.outcome == "interrupted" || $0.outcome == "neverStarted" })
    try batch.write("", to: "go")
    let ended = try await batch.footplate("run", "--headless", environment: environment)
    #expect(ended.status == 0, "\(ended)")
    #expect(try await batch.status().items.done == 8)
  }

  @Test("A store that cannot be read is told by --detach at once, and is no reason for a restart")
  func unreadableStore() async throws {
    let batch = try batch(items: 3)
    try await batch.run()
    try batch.write("no database", to: ".footplate/footplate.db")
    let started = try await batch.footplate("run", "--detach")
    #expect(started.status == 75, "\(started)")
    #expect(started.complaints.contains("footplate doctor"), "\(started)")
    #expect(!batch.text(".footplate/engine.log").contains("guardian:"))
  }

  @Test("A detached engine that cannot begin says why at once")
  func cannotBegin() async throws {
    let batch = try batch(items: 1)
    try batch.remove("in.txt")
    let started = try await batch.footplate("run", "--detach")
    #expect(started.status != 0)
    #expect(started.complaints.contains("in.txt"), "\(started)")
  }
}

extension BatchFolder {
  /// Waits until the run's status is such.
  func eventuallyStatus(
    _ what: String, within seconds: Double = 60, _ condition: (StatusRecord) -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      let ended = try await footplate("status", "--json")
      // Before the first engine there is no run to be asked about.
      if ended.status == 0, condition(try ended.document()) { return }
      guard ContinuousClock.now < deadline else {
        throw NeverHappened(description: "within \(seconds) s: \(what)\n\(ended)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
