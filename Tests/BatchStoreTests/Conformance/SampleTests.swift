// What a run's past looks like: samples and how they are thinned, landmarks, and what came since.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("A run's past")
struct SampleTests {
  private static let start = Instant(milliseconds: 1_763_700_000_000)

  private func sample(at seconds: Int, done: Int = 0) -> RunSample {
    RunSample(
      at: Self.start.advanced(by: .seconds(seconds)), counts: ItemCounts(queued: 5, done: done),
      rate: 1.5, spent: Money(picodollars: 7), reserved: Money(picodollars: 2), waiting: 3,
      inFlight: ["acme": 4, "\u{202e}": 1], breakers: ["acme": "half-open"], slotsUsed: 2)
  }

  private func seconds(_ samples: [RunSample]) -> [Int] {
    samples.map { Int(Self.start.duration(to: $0.at).inSeconds) }
  }

  @Test("A sample comes back as it was kept", arguments: StoreForm.allCases)
  func roundTrip(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.store.keep(sample(at: 0, done: 9), of: driver.run)
    // The same moment again replaces it.
    try driver.store.keep(sample(at: 0, done: 10), of: driver.run)
    #expect(
      try driver.store.samples(of: driver.run, from: nil, to: nil, limit: 9)
        == [sample(at: 0, done: 10)])
    #expect(try driver.store.samples(of: RunID("other"), from: nil, to: nil, limit: 9) == [])
  }

  @Test("They are thinned with age: one a minute after an hour, one in ten minutes after a day")
  func thinning() throws {
    let driver = try Driver(StoreForm.memory.make())
    // 1,763,700,000 is a whole minute, and a whole ten of them.
    for second in stride(from: 0, through: 26 * 3600, by: 10) {
      try driver.store.keep(sample(at: second), of: driver.run)
    }
    let kept = seconds(try driver.store.samples(of: driver.run, from: nil, to: nil, limit: 9999))
    let (hour, day) = (25 * 3600, 2 * 3600)
    #expect(kept.filter { $0 < day } == Array(stride(from: 0, to: day, by: 600)))
    #expect(kept.filter { day <= $0 && $0 < hour } == Array(stride(from: day, to: hour, by: 60)))
    #expect(kept.filter { $0 >= hour } == Array(stride(from: hour, through: 26 * 3600, by: 10)))
  }

  @Test("What is asked for is spread over the stretch, with its newest", arguments: 1...12)
  func spread(limit: Int) throws {
    let driver = try Driver(StoreForm.memory.make())
    for second in stride(from: 0, to: 100, by: 10) {
      try driver.store.keep(sample(at: second), of: driver.run)
    }
    func ask(_ from: Int?, _ to: Int?) throws -> [Int] {
      seconds(
        try driver.store.samples(
          of: driver.run, from: from.map { Self.start.advanced(by: .seconds($0)) },
          to: to.map { Self.start.advanced(by: .seconds($0)) }, limit: limit))
    }
    let all = try ask(nil, nil)
    #expect(all.count <= limit && all.last == 90)
    #expect(Set(zip(all, all.dropFirst()).map { $1 - $0 }).count <= 1)
    #expect(try ask(20, 40).allSatisfy { 20 <= $0 && $0 <= 40 })
    #expect(try ask(20, 40).last == 40)
  }

  @Test("Landmarks are the events that are of no attempt or item", arguments: StoreForm.allCases)
  func landmarks(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 1)
    try driver.source("a", "b")
    let items = try driver.claim().items
    try driver.finish(items[0].id, artifact: "x")
    try driver.fail(items[1].id)
    try driver.apply(
      .runMoved(RunMoved(run: driver.run, to: .paused, why: "by hand", by: "ann")),
      .budgetMoved(BudgetMoved(state: BudgetState(), why: "w", by: "ann")),
      .providerMoved(
        ProviderMoved(provider: "p", to: "held", why: "w", state: ProviderState())))
    let entries = try driver.store.entries(of: driver.run, after: 0, limit: 99)
    let expected = entries.filter { $0.change.item == nil }
    #expect(
      expected.map(\.change.kind) == [
        .runStarted, .itemsEnqueued, .runMoved, .budgetMoved, .providerMoved,
      ])
    #expect(try driver.store.landmarks(of: driver.run, after: 0, limit: 99) == expected)
    #expect(
      try driver.store.landmarks(of: driver.run, after: expected[1].sequence, limit: 2)
        == Array(expected[2...3]))
    #expect(
      try driver.store.landmarks(of: driver.run, before: expected[4].sequence, limit: 2)
        == Array(expected[2...3]))
  }

  @Test("The newest event at a moment is found", arguments: StoreForm.allCases)
  func sequences(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c")
    for item in try driver.claim().items { try driver.finish(item.id) }
    let entries = try driver.store.entries(of: driver.run, after: 0, limit: 99)
    for entry in entries {
      let last = try #require(entries.last { $0.at <= entry.at })
      #expect(try driver.store.lastSequence(of: driver.run, at: entry.at) == last.sequence)
    }
    let early = Instant(milliseconds: 1)
    #expect(try driver.store.lastSequence(of: driver.run, at: early) == 0)
    #expect(try driver.store.lastSequence(of: driver.run, at: nil) == entries.last?.sequence)
    #expect(try driver.store.lastSequence(of: RunID("none"), at: nil) == 0)
  }

  @Test("Progress counts what came to stand since", arguments: StoreForm.allCases)
  func progress(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c", "d")
    let items = try driver.claim().items
    try driver.finish(items[0].id)
    try driver.fail(items[1].id, cost: Money(picodollars: 3))
    let moment = driver.now
    driver.tick(.seconds(5))
    try driver.finish(items[2].id)
    try driver.fail(items[3].id, cost: Money(picodollars: 4))
    #expect(
      try driver.store.progress(of: driver.run, since: moment)
        == RunProgress(counts: ItemCounts(done: 1, failed: 1), spent: Money(picodollars: 4)))
    #expect(
      try driver.store.progress(of: driver.run, since: Instant(milliseconds: 0)).counts
        == ItemCounts(done: 2, failed: 2))
  }
}
