// A run's past, replayed from its ledger: the same at every moment however one came there.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Runtime
import Testing

@Suite("The past of a run")
struct PastRunTests {
  /// Three files and three that fail, one of them at its second step.
  private static let definition = """
    version: 1
    name: test
    items: {glob: "in/*.txt"}
    parallel: 2
    retry: {attempts: 2, base: 1ms, cap: 2ms}
    steps:
      - id: up
        run: "grep -q bad {{path}} && exit 3; tr a-z A-Z < {{path}}"
        output: "out/{{stem}}.txt"
      - id: check
        run: "! grep -q WORSE {{up.artifact}}"
    """
  private static let files = [
    "in/a.txt": "one", "in/b.txt": "bad", "in/c.txt": "three", "in/d.txt": "bad",
    "in/e.txt": "worse",
    "in/f.txt": "six",
  ]

  private func finished() async throws -> TestBatch {
    let batch = try TestBatch(Self.definition, files: Self.files)
    try await batch.run()
    return batch
  }

  private func past(
    _ batch: TestBatch, pace: PastReplay.Pace = PastReplay.Pace()
  ) throws -> PastRun {
    try PastRun(batch.client(), run: batch.newest().run, pace: pace) { change, keys, steps in
      "\(change.kind.rawValue) \(change.item.flatMap { keys[$0] } ?? "")"
    }
  }

  /// Everything that a screen asks of a run, at a moment.
  private struct Sight: Hashable {
    var snapshot: RunSnapshot
    var rows: [ItemRow]
    var details: [ItemDetail]

    init(_ past: PastRun, of run: RunID) throws {
      snapshot = try past.snapshot()
      rows = try past.store.page(ItemQuery(limit: 100), of: run).rows
      details = try rows.compactMap { try past.store.detail(of: $0.id) }
    }
  }

  @Test("ends with what the store says now")
  func end() async throws {
    let batch = try await finished()
    let client = try batch.client()
    let run = try batch.newest().run
    let past = try past(batch)
    let moment = try #require(try past.move(to: .sequence(.max)))
    #expect(moment.event == moment.last)
    #expect(moment.fraction == 1)
    #expect(moment.failures.reduce(0, +) == 3)
    #expect(try past.store.summary(of: run) == client.store.summary(of: run))
    let rows = try past.store.page(ItemQuery(limit: 100), of: run).rows
    #expect(rows.count == 6)
    #expect(try client.store.page(ItemQuery(limit: 100), of: run).rows == rows)
    for row in rows {
      #expect(try past.store.detail(of: row.id) == client.store.detail(of: row.id))
    }
    let now = moment.at
    #expect(
      try past.snapshot().groups
        == client.store.failureGroups(of: run, at: now, withResolved: false))
  }

  /// So that a short run needs copies, marks and the way from the beginning, too.
  private static var short: PastReplay.Pace {
    var pace = PastReplay.Pace()
    pace.steppedEvents = 6
    pace.eventsBetweenMarks = 2
    pace.marksMax = 3
    pace.eventsAtOnce = 3
    pace.eventsBetweenCopies = 5
    pace.copiesMax = 3
    return pace
  }

  @Test("is the same wherever one comes from", arguments: [true, false])
  func backAndForth(isShort: Bool) async throws {
    let batch = try await finished()
    let run = try batch.newest().run
    let traveller = try past(batch, pace: isShort ? Self.short : PastReplay.Pace())
    let last = try #require(try traveller.move(to: .sequence(.max))).last.sequence
    var random = SplitMix64(seed: 7)
    for _ in 0..<50 {
      let place = PastPlace.sequence(Int64.random(in: 1...last, using: &random))
      let fresh = try past(batch)
      #expect(try traveller.move(to: place) == fresh.move(to: place))
      #expect(try Sight(traveller, of: run) == Sight(fresh, of: run))
    }
  }

  @Test("is walked event by event, and from one failure to the next")
  func steps() async throws {
    let batch = try await finished()
    let run = try batch.newest().run
    let past = try past(batch)
    let first = try #require(try past.move(to: .sequence(1)))
    #expect(first.event == first.first)
    #expect(first.sentence == "run.started ")
    #expect(try past.store.summary(of: run)?.counts == ItemCounts())
    #expect(try #require(try past.move(to: .events(-1))) == first)
    let second = try #require(try past.move(to: .events(1)))
    #expect(second.event.sequence == 2)
    var failed: [Int64] = []
    for count in 1...3 {
      let moment = try #require(try past.move(to: .trouble(isForward: true)))
      #expect(moment.sentence.hasPrefix("item.moved in/"))
      #expect(try past.store.summary(of: run)?.counts.failed == count)
      failed.append(moment.event.sequence)
    }
    #expect(throws: PastError.noTrouble(isForward: true)) {
      try past.move(to: .trouble(isForward: true))
    }
    // What was refused has moved nothing.
    #expect(past.moment?.event.sequence == failed[2])
    #expect(try past.move(to: .trouble(isForward: false))?.event.sequence == failed[1])
    #expect(try past.move(to: .events(.min))?.event == first.event)
    #expect(throws: PastError.noTrouble(isForward: false)) {
      try past.move(to: .trouble(isForward: false))
    }
  }

  @Test("begins with the first event and ends with the last, whatever time is asked for")
  func times() async throws {
    let batch = try await finished()
    let past = try past(batch)
    let end = try #require(try past.move(to: .time(Instant(nanoseconds: .max))))
    #expect(end.event == end.last && end.at == end.last.at)
    let start = try #require(try past.move(to: .time(Instant(nanoseconds: 0))))
    #expect(start.event.sequence <= 2 && start.at == start.first.at)
    let half = start.first.at.advanced(by: start.first.at.duration(to: start.last.at) / 2)
    let moment = try #require(try past.move(to: .time(half)))
    #expect(moment.at == half && moment.event.at <= half)
    let entries = try batch.client().store.entries(
      of: batch.newest().run, after: moment.event.sequence, limit: 1)
    #expect(try #require(entries.first).at > half)
  }

  @Test("is one run's alone, and names groups as the store does")
  func otherRuns() async throws {
    let batch = try await finished()
    try await batch.run { $0.resumption = .fresh }
    let past = try past(batch)
    let run = try batch.newest().run
    let moment = try #require(try past.move(to: .sequence(.max)))
    #expect(moment.first.sequence > 10)
    #expect(try past.store.runs(limit: 10).map(\.run) == [run])
    #expect(
      try past.snapshot().groups.map(\.name)
        == batch.client().snapshot(of: run).groups.map(\.name))
  }

  @Test("can be left on the way there")
  func cancelled() async throws {
    let past = try past(try await finished())
    var asked = 0
    let moment = try past.move(to: .sequence(.max)) { part in
      asked += 1
      return part < 0
    }
    #expect(moment == nil && past.moment == nil && asked > 0)
    #expect(try past.move(to: .sequence(.max)) != nil)
  }

  @Test("leaves no file behind, and nobody else may read it meanwhile")
  func files() async throws {
    let batch = try await finished()
    let folder = batch.layout.past
    do {
      let past = try past(batch)
      _ = try past.move(to: .sequence(.max))
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
      #expect(batch.mode(folder) == 0o700)
      #expect(batch.mode("\(folder)/\(name)") == 0o700)
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)") {
        #expect(try #require(batch.mode("\(folder)/\(name)/\(file)")) & 0o077 == 0)
      }
    }
    #expect(batch.mode(folder) == nil)
    #expect(batch.codes().isEmpty)
  }

  @Test("clears away what a killed process left")
  func leftovers() async throws {
    let batch = try await finished()
    let left = batch.layout.past + "/left"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    try Data("old".utf8).write(to: URL(fileURLWithPath: left + "/past-0.db"))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: left)
    _ = try past(batch)
    #expect(batch.mode(left) == nil)
  }
}
