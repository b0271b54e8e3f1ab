// A run's items compared with its source.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("The comparison with the source")
struct SourceTests {
  private func places(_ driver: Driver) throws -> [String] {
    try driver.rows().map { "\($0.ordinal) \($0.key)/\($0.occurrence)" }
  }

  @Test("Items with the same key are told apart by their occurrence", arguments: StoreForm.allCases)
  func duplicates(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let keys = (0..<60).map { $0 % 7 == 0 ? "same" : "k\($0)" }
    #expect(try driver.source(keys.map { Driver.item($0) }).added == 60)
    let same = try driver.rows().filter { $0.key == "same" }
    #expect(same.map(\.occurrence) == Array(1...9))
    #expect(same.map(\.ordinal) == [1, 8, 15, 22, 29, 36, 43, 50, 57])
    #expect(try driver.counts.queued == 60)
  }

  @Test("An unchanged source writes nothing", arguments: StoreForm.allCases)
  func unchanged(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let items = [Driver.item("a"), Driver.item("b", after: ["a"]), Driver.item("a")]
    try driver.source(items)
    let before = try driver.store.entries(of: nil, after: 0, limit: 100)
    let report = try driver.source(items)
    #expect(report == SourceReport(added: 0, changed: 0, vanished: 0, problems: []))
    #expect(try driver.store.entries(of: nil, after: 0, limit: 100) == before)
  }

  @Test("Inserted and reordered lines change nobody's identity", arguments: StoreForm.allCases)
  func reordered(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c", "d")
    let ids = try driver.rows().map(\.id)
    for item in try driver.claim().items { try driver.finish(item.id) }
    let report = try driver.source("a", "x", "d", "b", "c")
    #expect(report == SourceReport(added: 1, changed: 0, vanished: 0, problems: []))
    #expect(try places(driver) == ["1 a/1", "2 x/1", "3 d/1", "4 b/1", "5 c/1"])
    #expect(try driver.id("d") == ids[3])
    #expect(try driver.counts == ItemCounts(queued: 1, done: 4))
    // The next comparison finds everything in its place.
    let before = try driver.store.entries(of: nil, after: 0, limit: 100).count
    try driver.source("a", "x", "d", "b", "c")
    #expect(try driver.store.entries(of: nil, after: 0, limit: 100).count == before)
  }

  @Test("A changed payload queues the item and what comes after it", arguments: StoreForm.allCases)
  func changed(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let rest = [Driver.item("b", after: ["a"]), Driver.item("c", after: ["b"]), Driver.item("d")]
    try driver.source([Driver.item("a", "1")] + rest)
    for _ in 0..<3 { for item in try driver.claim().items { try driver.finish(item.id) } }
    #expect(try driver.counts == ItemCounts(done: 4))
    let report = try driver.source([Driver.item("a", "2")] + rest)
    #expect(report.changed == 1)
    #expect(try driver.counts == ItemCounts(queued: 3, done: 1))
    let claim = try driver.claim()
    #expect(claim.items.map(\.key) == ["a"])
    #expect(claim.items[0].payload == .object(["value": .string("2")]))
  }

  @Test("A vanished item is cancelled, and comes back with its line", arguments: StoreForm.allCases)
  func vanished(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c")
    let id = try driver.id("b")
    #expect(try driver.source("a", "c").vanished == 1)
    #expect(try driver.state("b") == .cancelled)
    #expect(try driver.row("b").note == "gone")
    #expect(try driver.source("a", "c").vanished == 0)
    let moved = try driver.store.move(
      .ids([id]), .retry(fromStep: nil, overrides: Overrides()), of: driver.run,
      request: driver.request("r1"), at: driver.now)
    #expect(moved.changed == 0)
    #expect(try driver.source("a", "b", "c").added == 0)
    #expect(try driver.id("b") == id)
    #expect(try driver.state("b") == .queued)
  }

  @Test("A shorter source loses its tail only", arguments: StoreForm.allCases)
  func shorter(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c")
    #expect(try driver.source("a").vanished == 2)
    #expect(try driver.states() == ["a/1": .queued, "b/1": .cancelled, "c/1": .cancelled])
  }

  @Test("What the engine holds is left for the next comparison", arguments: StoreForm.allCases)
  func held(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a", "1"), Driver.item("b")])
    let item = try driver.claim(1).items[0].id
    #expect(try driver.source([Driver.item("a", "2"), Driver.item("b")]).changed == 0)
    try driver.finish(item)
    #expect(try driver.source([Driver.item("a", "2"), Driver.item("b")]).changed == 1)
    #expect(try driver.claim(1).items[0].payload == .object(["value": .string("2")]))
  }

  @Test("A comparison that a crash cut short is made good", arguments: StoreForm.allCases)
  func cutShort(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c", "d")
    try driver.store.openSource(of: driver.run, at: driver.now)
    try driver.store.offer(
      ["d", "x", "a"].map { Driver.item($0) }, to: driver.run, at: driver.now)
    let report = try driver.source("d", "x", "a", "c")
    #expect(report.vanished == 1)
    #expect(
      try places(driver).filter { !$0.hasSuffix("b/1") } == ["1 d/1", "2 x/1", "3 a/1", "4 c/1"])
  }

  @Test("Items start before the comparison ends, but not those that come after others")
  func early() throws {
    let driver = try Driver(StoreForm.memory.make())
    try driver.store.openSource(of: driver.run, at: driver.now)
    try driver.store.offer(
      [Driver.item("b", after: ["a"]), Driver.item("a")], to: driver.run, at: driver.now)
    #expect(try driver.claim().items.map(\.key) == ["a"])
  }

  @Test("Missing dependencies are named and never start", arguments: StoreForm.allCases)
  func missing(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let items = [Driver.item("a"), Driver.item("b", after: ["nowhere", "a"])]
    let problems: [DependencyProblem] = [.missing(item: "b", needs: "nowhere")]
    #expect(try driver.source(items).problems == problems)
    #expect(try driver.claim().items.map(\.key) == ["a"])
    // They are named again, as long as nobody mends the source.
    #expect(try driver.source(items).problems == problems)
    #expect(try driver.source([Driver.item("a"), Driver.item("b", after: ["a"])]).problems == [])
  }

  @Test("A circle is named by its keys", arguments: StoreForm.allCases)
  func cycles(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let report = try driver.source([
      Driver.item("a", after: ["b"]), Driver.item("b", after: ["c"]),
      Driver.item("c", after: ["a"]), Driver.item("self", after: ["self"]),
      Driver.item("behind", after: ["a"]), Driver.item("free"),
    ])
    #expect(report.problems == [.cycle(["a", "b", "c", "a"]), .cycle(["self", "self"])])
    #expect(try driver.claim().items.map(\.key) == ["free"])
  }

  @Test("A key means all its occurrences", arguments: StoreForm.allCases)
  func allOccurrences(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source([Driver.item("a"), Driver.item("a"), Driver.item("b", after: ["a", "a"])])
    let items = try driver.claim().items
    #expect(items.map(\.occurrence) == [1, 2])
    try driver.finish(items[0].id)
    #expect(try driver.claim().items.isEmpty)
    try driver.finish(items[1].id)
    #expect(try driver.claim().items.map(\.key) == ["b"])
  }

  @Test("Hostile keys and payloads come back as they were", arguments: StoreForm.allCases)
  func hostile(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    let texts = [
      "", "'; DROP TABLE items; --", "a\nb\r\t\"\\", "\u{0}\u{1}\u{1B}[31m", "\u{202E}abc", "%_*?[",
      String(repeating: "x", count: 100_000), "🚂", "\u{301}",
    ]
    let items = texts.map { text in
      SourceItem(
        key: text,
        payload: .object([
          text: .string(text), "n": .number(1.5), "big": .integer(.max), "min": .integer(.min),
          "deep": .array([.null, .bool(true), .object(["": .array([])])]),
        ]))
    }
    try driver.source(items)
    let claimed = try driver.claim().items
    #expect(claimed.map(\.key) == texts)
    #expect(claimed.map(\.payload) == items.map(\.payload))
    #expect(try driver.source(items).changed == 0)
  }

  @Test("Items of a source are compared in bulk, without writing anything")
  func standings() throws {
    for form in StoreForm.allCases {
      let driver = try Driver(form.make())
      try driver.source([Driver.item("a"), Driver.item("a"), Driver.item("b"), Driver.item("c")])
      try driver.source([Driver.item("a"), Driver.item("a"), Driver.item("b")])
      let asked = [
        Driver.item("a", "x"), Driver.item("a"), Driver.item("a"), Driver.item("b", after: ["a"]),
        Driver.item("c"), Driver.item("z"),
      ]
      let found = try driver.store.standings(
        of: asked, occurrences: [1, 2, 3, 1, 1, 1], in: driver.run)
      #expect(found.map { $0?.isSame } == [false, true, nil, false, true, nil])
      #expect(found.map { $0?.isGone } == [false, false, nil, false, true, nil])
      #expect(found[1]?.id == ItemID(try driver.id("a").number + 1))
      #expect(try driver.store.presentItems(of: driver.run) == 3)
      #expect(
        try driver.store.standings(of: [asked[0]], occurrences: [1], in: RunID("none")) == [nil])
    }
  }
}
