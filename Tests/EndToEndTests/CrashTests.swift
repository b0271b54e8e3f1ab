// kill -9 of a real engine at seeded moments: nothing finished is lost, nothing finished is paid
// twice, nothing is published half.

import Foundation
import Resilience
import Testing

@Suite(.turn) struct CrashTests {
  /// Four seeds of so many kills are more than a hundred.
  private static let kills = 26

  @Test(
    "After kill -9 of the engine and its children at any moment, run goes on by itself",
    arguments: [11, 12, 13, 14] as [UInt64])
  func killed(seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    var kills = 0
    while kills < Self.kills {
      let batch = try CrashBatch()
      // Some deaths without any progress are bad luck; so many are a batch that cannot go on.
      for _ in 1...200 {
        let engine = try batch.folder.start(["run", "--headless"])
        if kills < Self.kills {
          try await batch.awaitMoment(of: engine, using: &random)
          if !engine.hasEnded {
            batch.strike(engine, withChildren: random.next() % 3 != 0)
            kills += 1
            batch.expectWholeArtifacts()
          }
        }
        let ended = try await engine.wait()
        guard ended.status != 137 else { continue }
        #expect(ended.status == 0, "\(ended)")
        break
      }
      try await batch.expectTrueRecords()
    }
    #expect(kills == Self.kills)
  }

  @Test("An attempt under way when its engine dies is not repeated where retry_unknown is false")
  func unrepeatable() async throws {
    let folder = try BatchFolder()
    try folder.define(
      """
      items: {list: [a]}
      retry_unknown: false
      steps:
        - {id: pay, run: 'echo paid >> "$COUNT"; exec sleep 600'}
      """)
    let engine = try folder.start(["run", "--headless"])
    try await eventually("the command") { !folder.executions.isEmpty }
    engine.send(SIGKILL)
    _ = try await engine.wait()
    let again = try await folder.footplate("run", "--headless")
    #expect(again.status == 1, "\(again)")
    #expect(folder.executions.count == 1)
    let failures = try await folder.footplate("failures")
    #expect(failures.output.contains("retry_unknown is false"), "\(failures)")
  }

  @Test("The ledger's mirror, cut in the middle of a line, is mended from the store")
  func tornMirror() async throws {
    let batch = try CrashBatch()
    try await batch.folder.run()
    let run = try await batch.folder.status().run
    let mirror = "\(batch.folder.path)/.footplate/runs/\(run)/ledger.ndjson"
    let whole = Files.bytes(mirror)
    try Data(whole.dropLast(40)).write(to: URL(fileURLWithPath: mirror))
    try await batch.folder.run()
    let verified = try await batch.folder.footplate("ledger", "--verify")
    #expect(verified.status == 0, "\(verified)")
    #expect(Files.bytes(mirror).starts(with: whole))
  }
}

/// Sixty items of two short steps, whose results are known beforehand.
private struct CrashBatch {
  private static let items = 60
  let folder: BatchFolder

  init() throws {
    folder = try BatchFolder()
    try folder.write((1...Self.items).map { "i\($0)\n" }.joined(), to: "in.txt")
    try folder.define(
      """
      items: {lines: in.txt}
      steps:
        - id: one
          run: 'echo "$FOOTPLATE_ATTEMPT" >> "$COUNT"; seq 300; echo {{line}}'
          output: "out/{{line}}.one"
        - id: two
          run: 'echo "$FOOTPLATE_ATTEMPT" >> "$COUNT"; tail -n 1 {{one.candidate}}; seq 300'
          output: "out/{{line}}.two"
      checks: [{nonempty: true}]
      parallel: 4
      """)
  }

  private static let numbers = (1...300).map { "\($0)\n" }.joined()

  private static func expected(_ name: String) -> String {
    let line = name.prefix { $0 != "." }
    return name.hasSuffix("one") ? "\(numbers)\(line)\n" : "\(line)\n\(numbers)"
  }

  /// Waits for a moment that the seed chooses: soon after the start, after so many executions, or
  /// after so much of the ledger; and a little more, so that it falls anywhere between two writes.
  func awaitMoment(of engine: Child, using random: inout SplitMix64) async throws {
    let start = ContinuousClock.now
    let early = Duration.milliseconds(Int64(random.next() % 400))
    let executions = folder.executions.count + Int(random.next() % 30) + 1
    let ledger = ledgerBytes + Int(random.next() % 30_000)
    let kind = random.next() % 4
    try await eventually("a moment to strike") {
      if engine.hasEnded { return true }
      return switch kind {
      case 0: ContinuousClock.now - start > early
      case 1, 2: folder.executions.count >= executions
      default: ledgerBytes > ledger
      }
    }
    try await Task.sleep(for: .microseconds(Int64(random.next() % 12_000)))
  }

  private var ledgerBytes: Int {
    let runs = "\(folder.path)/.footplate/runs"
    // There is none before the first engine has begun.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
    return names.map { Files.bytes("\(runs)/\($0)/ledger.ndjson").count }.reduce(0, +)
  }

  /// Kills the engine, and its children or leaves them behind.
  func strike(_ engine: Child, withChildren: Bool) {
    engine.send(SIGKILL)
    guard withChildren else { return }
    for pid in ProcessList.steps(of: folder.path) { kill(pid, SIGKILL) }
  }

  /// What is there is whole.
  func expectWholeArtifacts() {
    for name in Files.tree("\(folder.path)/out") where !name.hasPrefix(".footplate-") {
      #expect(folder.text("out/\(name)") == Self.expected(name), "\(name) after a crash")
    }
  }

  /// Everything is done, the artifacts are right, and the records agree with what was executed.
  func expectTrueRecords() async throws {
    let names = Files.tree("\(folder.path)/out")
    #expect(names.count == 2 * Self.items, "\(names)")
    expectWholeArtifacts()
    let status = try await folder.status()
    #expect(status.state == "finished")
    #expect(status.items.done == Self.items)
    try await expectCountedAttempts(unknown: status.unknownAttempts)
    for arguments in [["verify"], ["ledger", "--verify"]] {
      let verified = try await folder.start(arguments).wait()
      #expect(verified.status == 0, "\(verified)")
    }
    #expect(ProcessList.steps(of: folder.path).isEmpty)
  }

  private func expectCountedAttempts(unknown: Int) async throws {
    let attempts = try await folder.attempts()
    let executed = Dictionary(grouping: folder.executions.compactMap { Int($0) }) { $0 }
    #expect(executed.values.allSatisfy { $0.count == 1 }, "an attempt is executed once")
    let outcomes = Dictionary(
      attempts.map { ($0.attempt, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    for attempt in executed.keys {
      let outcome = outcomes[attempt] ?? nil
      #expect(outcome == "succeeded" || outcome == "unknown", "\(attempt): \(outcome ?? "none")")
    }
    #expect(attempts.filter { $0.outcome == "unknown" }.count == unknown)
    for (work, tries) in Dictionary(grouping: attempts, by: { "\($0.item) \($0.step)" }) {
      #expect(tries.filter { $0.outcome == "succeeded" }.count == 1, "\(work): paid once")
      #expect(tries.allSatisfy { $0.outcome != nil }, "\(work): nothing is left open")
    }
  }
}
