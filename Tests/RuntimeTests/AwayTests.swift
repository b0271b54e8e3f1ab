// What is told to a person who was away, from landmarks; and when each person looked last.

import BatchModel
import BatchStore
import Foundation
import Resilience
import Testing

@testable import Runtime

@Suite("The away report")
struct AwayTests {
  private static let run = RunID("run-1")
  private static let left = minute(0)

  private static func minute(_ minute: Int) -> Instant {
    Instant(milliseconds: 1_763_700_000_000).advanced(by: .seconds(60 * minute))
  }

  private static func provider(
    _ word: String, _ why: String = "", until: Instant? = nil, of name: String = "openai"
  ) -> Change {
    .providerMoved(
      ProviderMoved(provider: name, to: word, until: until, why: why, state: ProviderState()))
  }

  private static func moved(_ state: RunState, _ why: String = "by hand") -> Change {
    .runMoved(RunMoved(run: run, to: state, why: why, by: "ann"))
  }

  private static func cap(_ dollars: Int64?) -> Change {
    .budgetMoved(
      BudgetMoved(
        state: BudgetState(cap: dollars.map { Money(picodollars: $0 * 1_000_000_000_000) }),
        why: "", by: "ann"))
  }

  /// The story of landmarks by their minute; those before minute 0 come before the absence.
  private func story(_ landmarks: [(Int, Change)], until end: Int = 60) -> AwayReport {
    let groups = [
      FailureGroup(
        name: "G-07", signature: Signature(text: "exit 1"), count: 1, firstAt: Self.left,
        lastAt: Self.left, sampleKey: "a")
    ]
    var story = AwayStory(
      from: Self.left, cap: Money(picodollars: 400_000_000_000_000), groups: groups)
    for (index, (minute, change)) in landmarks.enumerated() {
      let entry = LedgerEntry(
        sequence: Int64(index + 1), run: Self.run, at: Self.minute(minute), change: change)
      if minute < 0 { story.prepare(entry) } else { story.add(entry) }
    }
    var report = AwayReport(run: Self.run, from: Self.left, to: Self.minute(end))
    story.finish(&report)
    return report
  }

  @Test("Trips are counted from closed to closed, and the longest is told")
  func trips() {
    let report = story([
      (1, Self.provider("breaker-open")), (2, Self.provider("breaker-half-open")),
      (3, Self.provider("breaker-open")), (23, Self.provider("breaker-closed")),
      (30, Self.provider("breaker-open")), (31, Self.provider("breaker-closed")),
      (40, Self.provider("breaker-open", of: "other")),
    ])
    #expect(
      report.breakers == [
        .init(provider: "other", trips: 1, longest: .seconds(1200), isOpen: true),
        .init(provider: "openai", trips: 2, longest: .seconds(1320), isOpen: false),
      ])
  }

  @Test("A breaker that was open before counts from the moment on, and is no new trip")
  func before() {
    let report = story([
      (-50, Self.provider("breaker-open")), (-40, Self.provider("breaker-closed")),
      (-10, Self.provider("breaker-open")), (5, Self.provider("breaker-closed")),
    ])
    #expect(
      report.breakers
        == [.init(provider: "openai", trips: 0, longest: .seconds(300), isOpen: false)])
  }

  @Test("Waits of limits are added up, with the worst provider and what it ran out of")
  func waits() {
    let report = story([
      (-5, Self.provider("rate-limited", "429 requests")), (2, Self.provider("freed")),
      (10, Self.provider("rate-limited", "429: 0 Input Tokens left", of: "anthropic")),
      (15, Self.provider("freed", of: "anthropic")),
      (20, Self.provider("rate-limited", "429: requests", of: "anthropic")),
      (21, Self.provider("freed", of: "anthropic")),
      // Nothing was heard of it since its time was over.
      (40, Self.provider("held", "quota", until: Self.minute(43))),
    ])
    #expect(report.waited == .seconds(60 * (2 + 5 + 1 + 3)))
    #expect(
      report.worstWait
        == .init(provider: "anthropic", dimension: "input tokens", waited: .seconds(360)))
    #expect(report.breakers == [])
  }

  @Test("Pauses last from one move to the next, or still")
  func pauses() {
    let report = story([
      (-20, Self.moved(.paused)), (-10, Self.moved(.running)), (-5, Self.moved(.paused)),
      (5, Self.moved(.running)), (50, Self.moved(.paused, "cap reached")),
    ])
    #expect(
      report.pauses == [
        .init(from: Self.left, to: Self.minute(5), by: "ann", why: "by hand"),
        .init(from: Self.minute(50), to: nil, by: "ann", why: "cap reached"),
      ])
  }

  @Test("Changes of the cap tell both amounts, also against the definition's")
  func caps() {
    let report = story([
      (-5, Self.cap(450)), (3, Self.cap(500)), (4, Self.cap(500)), (5, Self.cap(nil)),
    ])
    let dollars = { (amount: Int64) in Money(picodollars: amount * 1_000_000_000_000) }
    #expect(
      report.capChanges == [
        .init(at: Self.minute(3), from: dollars(450), to: dollars(500), by: "ann"),
        .init(at: Self.minute(5), from: dollars(500), to: dollars(400), by: "ann"),
      ])
    #expect(report.cap == dollars(400))
  }

  @Test("Levers are told by their words, pauses and caps in their own way")
  func levers() throws {
    func request(_ action: Request.Action) throws -> Change {
      let request = Request(
        id: "r", run: Self.run, action: action, by: "bob", at: Self.left, notBefore: Self.left)
      let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
      return .noted(Noted(run: Self.run, code: ":request", message: text))
    }
    let report = story([
      (-1, try request(.reload)), (1, try request(.pause)), (2, try request(.setCap(nil))),
      (3, try request(.breaker(provider: "openai", .close))),
      (
        4,
        try request(
          .items(
            .retry(fromStep: nil, overrides: Overrides()), .group(Signature(text: "exit 1"))))
      ),
      (5, .noted(Noted(run: Self.run, code: ":request", message: "garbage"))),
      (
        6,
        .noted(
          Noted(run: Self.run, code: Noted.groupReopened, message: "G-07 fails again: exit 1"))
      ),
    ])
    #expect(report.levers.map(\.what) == ["breaker openai: close", "retry of G-07"])
    #expect(report.levers.allSatisfy { $0.by == "bob" })
    #expect(report.reopenedGroups == ["G-07"])
  }

  @Test("The end is foreseen from what ended among the samples")
  func forecast() {
    func sample(_ minute: Int, done: Int) -> RunSample {
      RunSample(
        at: Self.minute(minute), counts: ItemCounts(queued: 100 - done, done: done), rate: 0)
    }
    #expect(
      Forecast([sample(0, done: 0), sample(5, done: 3), sample(10, done: 20)])?.end
        == Self.minute(50))
    #expect(Forecast([sample(0, done: 7), sample(10, done: 7)]) == nil)
    #expect(Forecast([sample(0, done: 7)]) == nil)
    #expect(Forecast([]) == nil)
  }

  @Test("A run is told whole: items, groups, money, restarts")
  func whole() async throws {
    let batch = try TestBatch(
      """
      version: 1
      name: test
      items: {list: [a, b, c]}
      steps: [{id: one, run: 'test {{key}} != b'}]
      retry: {attempts: 1}
      """)
    let before = Instant.wallClock
    _ = try await batch.run()
    let client = try batch.client()
    let run = try batch.newest().run
    let report = try client.away(of: run, since: before, at: .wallClock)
    #expect((report.done, report.failed) == (2, 1))
    #expect(report.newGroups == ["G-01"])
    #expect(report.state == .finished && !report.isEmpty)
    let later = try client.away(of: run, since: .wallClock, at: .wallClock)
    #expect(later.isEmpty && later.newGroups == [])
    // The engine kept how it stood at its start and at its end.
    let samples = try client.store.samples(of: run, from: before, to: nil, limit: 9)
    #expect(samples.last?.counts == ItemCounts(done: 2, failed: 1))
  }

  @Test("Each person's last look is remembered, at most every ten seconds")
  func seen() async throws {
    let batch = try TestBatch()
    _ = try await batch.run()
    let client = try batch.client()
    let run = try batch.newest().run
    #expect(client.lastSeen(run: run, by: "ann") == nil)
    client.markSeen(run: run, at: Self.minute(0), by: "ann")
    let seen = try #require(client.lastSeen(run: run, by: "ann"))
    #expect(seen.at == Self.minute(0))
    #expect(seen.sequence == (try client.store.lastSequence(of: run, at: nil)))
    client.markSeen(run: run, at: Self.minute(0).advanced(by: .seconds(9)), by: "ann")
    #expect(client.lastSeen(run: run, by: "ann")?.at == Self.minute(0))
    client.markSeen(run: run, at: Self.minute(1), by: "ann")
    #expect(client.lastSeen(run: run, by: "ann")?.at == Self.minute(1))
    #expect(client.lastSeen(run: RunID("other"), by: "ann") == nil)
  }

  @Test(
    "A hostile name stays in its folder, and is nobody else's", arguments: ["../../x", "", "ä/."])
  func hostileName(name: String) throws {
    let batch = try TestBatch()
    let folder = batch.layout.viewers
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let seen = Seen(at: Self.left, sequence: 3)
    try SeenMarks(batch.layout, of: name).set(seen, for: Self.run)
    #expect(SeenMarks(batch.layout, of: name)[Self.run] == seen)
    #expect(SeenMarks(batch.layout, of: "x")[Self.run] == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    // Who looked once does not watch.
    #expect(!Viewers(batch.layout).isWatched(at: .wallClock))
  }
}
