// A page of the queue as SQL: keyset pages over indexes, so that a page costs the same anywhere.

import BatchModel

/// The statement of one page in one direction.
///
/// A page in the order of states is made of stretches, one a state, each read from its own partial
/// index: one after the other until the page is full, or merged where the order is another.
struct PageQuery {
  let run: Int64
  let query: ItemQuery
  /// Against the query's order: for the page before a row.
  let isBackward: Bool
  /// The row that the page starts after, or at.
  let anchor: Anchor?

  /// A row's place in the query's order.
  struct Anchor {
    var id: Int64
    var ordinal: Int64
    var key: String
    var occurrence: Int
    var state: Int64
    /// The value of the orders that sort by a column.
    var value: Int64
    var isIncluded: Bool
  }

  private(set) var arguments: [any Binding] = []
  /// The one state whose rows are asked for; `nil` for all of them at once.
  var stretch: ItemState?

  init(run: Int64, query: ItemQuery, isBackward: Bool, anchor: Anchor?) {
    self.run = run
    self.query = query
    self.isBackward = isBackward
    self.anchor = anchor
  }

  private var isDescending: Bool { query.isDescending != isBackward }
  private var direction: String { isDescending ? "DESC" : "ASC" }

  static let columns = """
    id, ordinal, key, occurrence, state, step, tries, wait_reason, wait_until, skip_reason, \
    signature, note, since, cost
    """

  /// The SQL for `limit` rows; fills `arguments`.
  mutating func sql(limit: Int) -> String {
    arguments = []
    let text =
      switch query.order {
      case .attention: stretches(of: states, byState: true, limit: limit)
      case .state: stretches(of: states, byState: true, limit: limit)
      case .source where !query.filter.states.isEmpty || query.filter.signature != nil:
        stretches(of: states, byState: false, limit: limit)
      case .source:
        select(
          from: "items INDEXED BY items_ordinal", by: ["ordinal", "id"],
          anchor.map { [$0.ordinal, $0.id] }, extra: nil)
      case .key:
        select(
          from: "items INDEXED BY items_key", by: ["key", "occurrence"],
          anchor.map { [$0.key, $0.occurrence] }, extra: stateCondition)
      case .step, .tries, .age:
        select(
          from: "items", by: [sortColumn, "ordinal", "id"],
          anchor.map { [$0.value, $0.ordinal, $0.id] }, extra: stateCondition)
      }
    arguments.append(limit)
    return text + " LIMIT ?"
  }

  /// The column of the orders that sort by one; the oldest change of state is the greatest age.
  var sortColumn: String {
    switch query.order {
    case .step: "step"
    case .tries: "tries"
    case .age: "since"
    case .attention, .state, .source, .key: "state"
    }
  }

  private var states: [ItemState] {
    let wanted = query.filter.states
    let ordered = query.order == .state ? ItemState.allCases : ItemState.byCode
    return ordered.filter { state in
      (wanted.isEmpty || wanted.contains(state)) && stretch.map { $0 == state } ?? true
    }
  }

  /// What follows each other in the order of states: only the stretches that a page needs are read.
  var stretches: [ItemState?] {
    guard query.order == .attention || query.order == .state else { return [nil] }
    return isDescending ? states.reversed() : states
  }

  private var stateCondition: String? {
    guard !query.filter.states.isEmpty else { return nil }
    return "state IN (\(states.map { String($0.code) }.joined(separator: ", ")))"
  }

  // MARK: Stretches

  private mutating func stretches(of states: [ItemState], byState: Bool, limit: Int) -> String {
    let all = byState ? ItemState.byCode : []
    let order = query.order == .state ? ItemState.allCases : all
    var parts: [String] = []
    for state in states {
      let rank = order.firstIndex(of: state) ?? 0
      if let part = stretch(of: state, rank: rank, order: order, limit: limit) {
        parts.append(part)
      }
    }
    guard !parts.isEmpty else { return "SELECT \(Self.columns), 0 AS rank FROM items WHERE 0" }
    return parts.joined(separator: "\nUNION ALL\n")
      + "\nORDER BY rank \(direction), ordinal \(direction), id \(direction)"
  }

  /// One state's rows; `nil` when the anchor lies beyond them.
  private mutating func stretch(
    of state: ItemState, rank: Int, order: [ItemState], limit: Int
  ) -> String? {
    var bound: [any Binding]?
    if let anchor {
      let anchorRank =
        order.firstIndex { $0.code == anchor.state } ?? 0
      let isBeyond = isDescending ? rank > anchorRank : rank < anchorRank
      if isBeyond { return nil }
      if rank == anchorRank { bound = [anchor.ordinal, anchor.id] }
    }
    let sources =
      state == .queued
      ? [
        ("items INDEXED BY items_ready", "state = 3 AND unmet = 0"),
        ("items INDEXED BY items_unready", "state = 3 AND unmet <> 0"),
      ]
      : [("items INDEXED BY items_state", "state = \(state.code) AND state <> 3")]
    let parts = sources.map { table, condition in
      let inner = select(
        from: table, by: ["ordinal", "id"], bound, extra: condition, rank: rank)
      arguments.append(limit)
      return "SELECT * FROM (\(inner) LIMIT ?)"
    }
    return parts.joined(separator: "\nUNION ALL\n")
  }

  // MARK: One select

  private mutating func select(
    from table: String, by columns: [String], _ bound: [any Binding]?, extra: String?,
    rank: Int = 0
  ) -> String {
    var conditions = ["run = ?"]
    arguments.append(run)
    if let extra { conditions.append(extra) }
    if let anchor, let bound {
      let comparison = (isDescending ? "<" : ">") + (anchor.isIncluded ? "=" : "")
      let left = columns.joined(separator: ", ")
      let right = columns.map { _ in "?" }.joined(separator: ", ")
      conditions.append("(\(left)) \(comparison) (\(right))")
      arguments += bound
    }
    conditions += filterConditions()
    let order = columns.map { "\($0) \(direction)" }.joined(separator: ", ")
    return """
      SELECT \(Self.columns), \(rank) AS rank FROM \(table)
      WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order)
      """
  }

  private mutating func filterConditions() -> [String] {
    var conditions: [String] = []
    if let part = query.filter.keyContains, !part.isEmpty {
      conditions.append("key \(query.filter.isInverted ? "NOT LIKE" : "LIKE") ? ESCAPE '\\'")
      arguments.append("%\(Self.escaped(part))%")
    }
    if let pattern = query.filter.keyMatches {
      conditions.append("\(query.filter.isInverted ? "NOT " : "")\(KeyPattern.name)(key, ?)")
      arguments.append(pattern)
    }
    if let step = query.filter.step {
      conditions.append("step = ?")
      arguments.append(step)
    }
    if let signature = query.filter.signature {
      conditions.append("signature = (SELECT id FROM signatures WHERE text = ?)")
      arguments.append(signature.text)
    }
    return conditions
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character == "%" || character == "_" || character == "\\" { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
