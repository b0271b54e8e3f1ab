// Pages of the queue, and the items that a person's words mean.

package import BatchModel
import Resilience

extension SQLiteReading {
  package func page(_ query: ItemQuery, of run: RunID) throws(StoreError) -> ItemPage {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run), query.limit > 0 else {
        return ItemPage(rows: [], hasEarlier: false, hasLater: false)
      }
      return try Paging(connection, record, query).page()
    }
  }

  package func find(
    _ reference: String, in run: RunID, limit: Int
  ) throws(StoreError) -> [ItemRow] {
    try read { connection throws(StoreError) in
      guard let record = try connection.runRecord(run) else { return [] }
      return try connection.find(reference, in: record, limit: limit)
    }
  }
}

extension Connection {
  /// An exact key first; then `#ordinal`; then whatever ends so.
  fileprivate func find(
    _ reference: String, in run: RunRecord, limit: Int
  ) throws(StoreError) -> [ItemRow] {
    let select = "SELECT \(PageQuery.columns) FROM items WHERE run = ? AND"
    let exact = try composed("\(select) key = ? ORDER BY occurrence LIMIT ?")
      .all(run.number, reference, limit) { row throws(StoreError) in try itemRow(row) }
    if !exact.isEmpty { return exact }
    if reference.hasPrefix("#"), let ordinal = Int64(reference.dropFirst()) {
      return try composed("\(select) ordinal = ? AND gone = 0 ORDER BY id LIMIT ?")
        .all(run.number, ordinal, limit) { row throws(StoreError) in try itemRow(row) }
    }
    guard !reference.isEmpty else { return [] }
    // A scan of the index of keys: 1,000,000 keys take about a tenth of a second.
    let ids = try self(
      """
      SELECT id FROM items INDEXED BY items_key
      WHERE run = ?1 AND substr(key, -length(?2)) = ?2 LIMIT ?3
      """
    ).all(run.number, reference, limit) { row in row.int(0) }
    var rows: [ItemRow] = []
    for id in ids {
      if let row = try itemRow(of: id) { rows.append(row) }
    }
    return rows.sorted { ($0.ordinal, $0.id) < ($1.ordinal, $1.id) }
  }

  func itemRow(of item: Int64) throws(StoreError) -> ItemRow? {
    try composed("SELECT \(PageQuery.columns) FROM items WHERE id = ?")
      .first(item) { row throws(StoreError) in try itemRow(row) }
  }

  /// A row of `PageQuery.columns`.
  func itemRow(_ row: Row) throws(StoreError) -> ItemRow {
    var known: [Int64: Signature] = [:]
    return try itemRow(row, &known)
  }

  /// The same for many rows, whose signatures are few.
  fileprivate func itemRow(
    _ row: Row, _ known: inout [Int64: Signature]
  ) throws(StoreError) -> ItemRow {
    let state = try row.coded(ItemState.self, 4)
    let signature: Signature? =
      if let number = row.optionalInt(10) { try signature(number, &known) } else { nil }
    return ItemRow(
      id: ItemID(row.int(0)), ordinal: row.int(1), key: row.text(2), occurrence: row.count(3),
      state: state, step: row.count(5), tries: row.count(6) + (state == .running ? 1 : 0),
      waitReason: try row.optionalCoded(WaitReason.self, 7),
      waitUntil: row.optionalInt(8).flatMap {
        $0 == HeldWait.moment ? nil : Instant(milliseconds: $0)
      },
      skipReason: try row.optionalCoded(SkipReason.self, 9), signature: signature,
      note: row.optionalText(11) ?? "", cost: Money(picodollars: row.int(13)),
      since: Instant(milliseconds: row.int(12)))
  }

  private func signature(
    _ number: Int64, _ known: inout [Int64: Signature]
  ) throws(StoreError) -> Signature? {
    if let signature = known[number] { return signature }
    let signature = try self("SELECT text FROM signatures WHERE id = ?")
      .first(number) { row in Signature(text: row.text(0)) }
    known[number] = signature
    return signature
  }
}

/// One page being read.
private struct Paging {
  let connection: Connection
  let run: RunRecord
  let query: ItemQuery

  init(_ connection: Connection, _ run: RunRecord, _ query: ItemQuery) {
    self.connection = connection
    self.run = run
    self.query = query
  }

  func page() throws(StoreError) -> ItemPage {
    switch query.start {
    case .first: return try forward(from: nil)
    case .last: return try backward(from: nil)
    case .after(let item): return try forward(from: try anchor(item, isIncluded: false))
    case .at(let item): return try forward(from: try anchor(item, isIncluded: true))
    case .before(let item): return try backward(from: try anchor(item, isIncluded: false))
    }
  }

  /// An anchor that is gone starts at the beginning.
  private func forward(from anchor: PageQuery.Anchor?) throws(StoreError) -> ItemPage {
    var rows = try self.rows(isBackward: false, anchor, limit: query.limit + 1)
    let hasLater = rows.count > query.limit
    if hasLater { rows.removeLast() }
    return ItemPage(
      rows: rows, hasEarlier: try hasMore(isBackward: true, from: anchor), hasLater: hasLater)
  }

  private func backward(from anchor: PageQuery.Anchor?) throws(StoreError) -> ItemPage {
    var rows = try self.rows(isBackward: true, anchor, limit: query.limit + 1)
    let hasEarlier = rows.count > query.limit
    if hasEarlier { rows.removeLast() }
    return ItemPage(
      rows: rows.reversed(), hasEarlier: hasEarlier,
      hasLater: try hasMore(isBackward: false, from: anchor))
  }

  /// Whether rows lie on the other side of the anchor.
  private func hasMore(
    isBackward: Bool, from anchor: PageQuery.Anchor?
  ) throws(StoreError) -> Bool {
    guard var anchor else { return false }
    // What the page itself does not contain belongs to the other side.
    anchor.isIncluded = !anchor.isIncluded
    return try !rows(isBackward: isBackward, anchor, limit: 1).isEmpty
  }

  private func rows(
    isBackward: Bool, _ anchor: PageQuery.Anchor?, limit: Int
  ) throws(StoreError) -> [ItemRow] {
    var page = PageQuery(run: run.number, query: query, isBackward: isBackward, anchor: anchor)
    var known: [Int64: Signature] = [:]
    var rows: [ItemRow] = []
    for stretch in page.stretches where rows.count < limit {
      page.stretch = stretch
      let sql = page.sql(limit: limit - rows.count)
      rows += try connection.composed(sql)
        .all(arguments: page.arguments) { row throws(StoreError) in
          try connection.itemRow(row, &known)
        }
    }
    return rows
  }

  private func anchor(_ item: ItemID, isIncluded: Bool) throws(StoreError) -> PageQuery.Anchor? {
    let page = PageQuery(run: run.number, query: query, isBackward: false, anchor: nil)
    return try connection.composed(
      """
      SELECT id, ordinal, key, occurrence, state, \(page.sortColumn) FROM items
      WHERE id = ? AND run = ?
      """
    ).first(item.number, run.number) { row in
      PageQuery.Anchor(
        id: row.int(0), ordinal: row.int(1), key: row.text(2), occurrence: row.count(3),
        state: row.int(4), value: row.int(5), isIncluded: isIncluded)
    }
  }
}
