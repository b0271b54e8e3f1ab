// The outbox's cursor and what hooks told, on every form of the store.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("The outbox in the store")
struct OutboxTests {
  private static let sink = "http://sink/events"

  private static func tracked(_ path: String, _ text: String, by source: String = "hook")
    -> ArtifactTracked
  {
    ArtifactTracked(
      action: .modified, path: path, digest: Digest(of: text), sizeBytes: 1, source: source,
      language: "swift", nature: "code", toldAt: Instant(milliseconds: 5))
  }

  @Test(
    "A sink begins with its run, and its cursor stays where it was put",
    arguments: StoreForm.allCases)
  func cursor(form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let second = try Driver(driver.store, run: "run-2")
    var cursor = try driver.store.openOutbox(Self.sink, from: second.run, at: driver.now)
    let entries = try driver.store.outboxEntries(after: cursor.position, limit: 10)
    #expect(entries.count == 1 && entries.first?.rank == .high)
    let whole = try driver.store.outboxEntries(after: 0, limit: 100)
    #expect(whole.map(\.sequence) == Array(1...Int64(whole.count)))
    cursor.position += 1
    cursor.delivered = 1
    cursor.lost = 7
    cursor.deliveredAt = driver.now
    let refusal = OutboxRefusal(sequence: 3, at: driver.now, status: 422, reason: "no")
    try driver.store.saveOutbox(cursor, refused: [refusal])
    #expect(try driver.store.openOutbox(Self.sink, from: driver.run, at: driver.now) == cursor)
    #expect(try driver.store.outboxCursors() == [cursor])
    #expect(try driver.store.outboxRefusals(of: Self.sink, limit: 5) == [refusal])
    var stranger = cursor
    stranger.sink = "http://elsewhere"
    #expect(throws: StoreError.self) { try driver.store.saveOutbox(stranger, refused: []) }
  }

  @Test(
    "Events come in order, with their subjects, without what the cursor passes over",
    arguments: StoreForm.allCases)
  func events(form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let items = try driver.claim().items
    for item in items { try driver.finish(item.id) }
    try driver.store.track([Self.tracked("src/x.swift", "1")], of: driver.run, at: driver.now)
    var cursor = try driver.store.openOutbox(Self.sink, from: driver.run, at: driver.now)
    func read(_ count: Int, _ bytes: Int = .max, upTo end: Int64 = .max) throws -> [OutboxEvent] {
      try driver.store.outboxEvents(of: cursor, upTo: end, eventsMax: count, bytesMax: bytes)
    }
    let all = try read(100)
    #expect(!all.contains { $0.kind == .attemptLaunched })
    #expect(all.filter { $0.kind == .stepDone }.map(\.subject) == ["a", "b"])
    #expect(all.last?.kind == .artifactTracked && all.last?.subject == "src/x.swift")
    #expect(try read(3) == Array(all.prefix(3)))
    #expect(try read(100, 1) == Array(all.prefix(1)))
    #expect(try read(100, upTo: all[2].entry.sequence) == Array(all.prefix(3)))
    cursor.lowFloor = .max
    #expect(try read(100) == all.filter { $0.entry.rank == .high })
    cursor.position = all[4].entry.sequence
    #expect(try read(100).allSatisfy { $0.entry.sequence > cursor.position })
  }

  @Test("What a hook says again is counted, and no second event", arguments: StoreForm.allCases)
  func tracking(form: StoreForm) throws {
    let driver = try Driver(form.make())
    let again = Self.tracked("a", "1")
    try driver.store.track([again, again], of: driver.run, at: driver.now)
    try driver.store.track(
      [again, Self.tracked("a", "1", by: "other"), Self.tracked("b", "1")], of: driver.run,
      at: driver.now)
    var figures = try driver.store.trackFigures()
    #expect(figures.recorded == 3 && figures.repeated == 2 && figures.files == 2)
    // Back to what it was before: that is news.
    try driver.store.track(
      [Self.tracked("a", "2"), again], of: driver.run, at: driver.now)
    figures = try driver.store.trackFigures()
    #expect(figures.recorded == 5 && figures.bySource == ["hook": 4, "other": 1])
    #expect(figures.byAction == ["modified": 5] && figures.byLanguage == ["swift": 5])
  }
}
