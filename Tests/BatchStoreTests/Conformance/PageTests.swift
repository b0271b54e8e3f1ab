// Pages of the queue, against sorting all rows.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("Pages of the queue")
struct PageTests {
  /// A run with items in every state.
  private func driver(_ form: StoreForm) throws -> Driver {
    var run = try RandomRun(form.make(), seed: 3, items: 40)
    for _ in 0..<80 { try run.step() }
    return run.driver
  }

  private static let attention: [ItemState] = [
    .failed, .waiting, .running, .queued, .skipped, .cancelled, .done,
  ]

  /// The rows in an order, worked out by sorting.
  private func sorted(_ rows: [ItemRow], _ order: ItemOrder) -> [ItemRow] {
    func rank(_ row: ItemRow) -> [Int64] {
      let place = [row.ordinal, row.id.number]
      switch order {
      case .attention: return [Int64(Self.attention.firstIndex(of: row.state) ?? 0)] + place
      case .state: return [Int64(ItemState.allCases.firstIndex(of: row.state) ?? 0)] + place
      case .source, .key: return place
      case .step: return [Int64(row.step)] + place
      case .tries: return [Int64(row.tries - (row.state == .running ? 1 : 0))] + place
      case .age: return [row.since.milliseconds] + place
      }
    }
    if order == .key {
      return rows.sorted { ($0.key, $0.occurrence) < ($1.key, $1.occurrence) }
    }
    return rows.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
  }

  @Test(
    "Going through the pages shows every row once, in order, in both directions",
    arguments: ItemOrder.allCases, [false, true])
  func walks(_ order: ItemOrder, _ isDescending: Bool) throws {
    let driver = try driver(.memory)
    let all = try driver.rows()
    for states in [[], [.queued, .done], [.failed], [.waiting, .skipped, .queued]]
      as [[ItemState]]
    {
      var expected = sorted(all.filter { states.isEmpty || states.contains($0.state) }, order)
      if isDescending { expected.reverse() }
      var query = ItemQuery(
        filter: ItemFilter(states: states), order: order, isDescending: isDescending, limit: 7)
      #expect(try walk(driver, &query, from: .first) == expected.map(\.id))
      #expect(try walk(driver, &query, from: .last) == expected.map(\.id))
    }
  }

  /// Collects all rows, page by page, checking what each page says of its ends.
  private func walk(
    _ driver: Driver, _ query: inout ItemQuery, from start: ItemQuery.Start
  ) throws -> [ItemID] {
    var ids: [ItemID] = []
    query.start = start
    while true {
      let page = try driver.store.page(query, of: driver.run)
      guard let first = page.rows.first, let last = page.rows.last else { return ids }
      if start == .first {
        #expect(page.hasEarlier == !ids.isEmpty)
        ids += page.rows.map(\.id)
        guard page.hasLater else { return ids }
        query.start = .after(last.id)
      } else {
        #expect(page.hasLater == !ids.isEmpty)
        ids = page.rows.map(\.id) + ids
        guard page.hasEarlier else { return ids }
        query.start = .before(first.id)
      }
    }
  }

  @Test("A page may begin at a row", arguments: StoreForm.allCases)
  func at(_ form: StoreForm) throws {
    let driver = try driver(form)
    let rows = try driver.rows()
    let page = try driver.store.page(
      ItemQuery(order: .source, start: .at(rows[10].id), limit: 5), of: driver.run)
    #expect(page.rows == Array(rows[10..<15]))
    #expect(page.hasEarlier && page.hasLater)
    let end = try driver.store.page(
      ItemQuery(order: .source, start: .at(rows[rows.count - 2].id), limit: 5), of: driver.run)
    #expect(end.rows.count == 2)
    #expect(!end.hasLater)
  }

  @Test("Keys are filtered by any part of them, or by its absence", arguments: StoreForm.allCases)
  func filtered(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("Sources/A.swift", "sources/b_c.SWIFT", "Tests/100%.txt", "Tests/1000.txt")
    func keys(_ part: String, _ isInverted: Bool = false) throws -> [String] {
      let filter = ItemFilter(keyContains: part, isInverted: isInverted)
      return try driver.rows(ItemQuery(filter: filter, order: .source)).map(\.key)
    }
    #expect(try keys(".swift") == ["Sources/A.swift", "sources/b_c.SWIFT"])
    #expect(try keys("100%") == ["Tests/100%.txt"])
    #expect(try keys("b_c") == ["sources/b_c.SWIFT"])
    #expect(try keys("\\") == [])
    #expect(try keys("SWIFT", true) == ["Tests/100%.txt", "Tests/1000.txt"])
  }

  @Test("Keys are filtered by a pattern, and items by their step", arguments: StoreForm.allCases)
  func patterns(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source("good1", "good12", "Good10", "docs/ü[1].md")
    func keys(_ filter: ItemFilter, _ order: ItemOrder = .source) throws -> [String] {
      try driver.rows(ItemQuery(filter: filter, order: order)).map(\.key)
    }
    #expect(try keys(ItemFilter(keyMatches: "good1[0-2]")) == ["good12", "Good10"])
    #expect(
      try keys(ItemFilter(keyMatches: "^good", isInverted: true)) == ["docs/ü[1].md"])
    #expect(try keys(ItemFilter(keyMatches: #"ü\[\d\]\.md$"#)) == ["docs/ü[1].md"])
    #expect(try keys(ItemFilter(keyMatches: "[")) == [], "what is no pattern matches nothing")
    let item = try driver.claim(1).items[0].id
    try driver.apply(.itemMoved(ItemMoved(item: item, to: .queued, step: 1)))
    for order in ItemOrder.allCases {
      #expect(try keys(ItemFilter(step: 1), order) == ["good1"])
    }
  }

  @Test("A signature's items are shown alone", arguments: StoreForm.allCases)
  func bySignature(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b", "c")
    for (item, signature) in zip(try driver.claim().items, ["x", "y", "x"]) {
      try driver.fail(item.id, signature: signature)
    }
    for order in ItemOrder.allCases {
      let filter = ItemFilter(signature: Signature(text: "x"))
      let rows = try driver.rows(ItemQuery(filter: filter, order: order))
      #expect(rows.map(\.key) == ["a", "c"])
      #expect(rows.map(\.signature) == [Signature(text: "x"), Signature(text: "x")])
    }
  }

  @Test("Items are found by key, ordinal and ending", arguments: StoreForm.allCases)
  func found(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("Sources/A.swift", "Sources/B.swift", "A.swift", "#1", "Sources/A.swift")
    func ordinals(_ reference: String) throws -> [Int64] {
      try driver.store.find(reference, in: driver.run, limit: 10).map(\.ordinal)
    }
    #expect(try ordinals("A.swift") == [3])
    #expect(try ordinals("B.swift") == [2])
    #expect(try ordinals("/A.swift") == [1, 5])
    #expect(try ordinals("Sources/A.swift") == [1, 5])
    #expect(try ordinals("#1") == [4])
    #expect(try ordinals("#2") == [2])
    #expect(try ordinals("#9") == [])
    #expect(try ordinals("") == [])
    #expect(try ordinals("nowhere") == [])
  }
}
