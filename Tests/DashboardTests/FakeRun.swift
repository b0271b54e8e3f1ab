// A run that answers as a store does, from nothing but arithmetic: a million rows cost nothing.

import BatchModel
import Canvas
import Dashboard
import Resilience

/// A small working form of what a client asks.
struct FakeRun {
  /// 2025-11-21 02:14:07 UTC.
  static let now = Instant(milliseconds: 1_763_691_247_000)
  static let lint = Signature(text: "check lint: <n>:<n> line too long")
  static let module = Signature(text: "exit 1: no module <name>")

  var count: Int
  var state = RunState.running
  var why = ""
  var hasEngine = true
  /// Whether its steps call models, with all that comes of it.
  var hasCalls = false
  var pending: [Request] = []
  /// Groups in the place of the two small ones.
  var otherGroups: [FailureGroup]?
  var canaries: [CanaryFigures] = []
  /// What happened while nobody looked; `nil` gives no answer.
  var away: AwayReport?
  /// Items whose candidate waits for a word, and what people noted.
  var held: Set<Int> = []
  var remarks: [Int: String] = [:]
  /// What a person may edit of its steps.
  var editable = Editable(hasPrompt: true, params: nil)
  /// What each item failed with.
  static let messages = [
    "14:81 line too long", "3:120 line too long", "7:99 line too long",
    "no module 'Parser\u{202E}Kit\u{1B}[2J'",
  ]
  var gates: [GateGauge] = []
  var budget: BudgetFigures?
  var holds: [Hold] = []
  var parallel: Parallel?
  /// Items whose state differs from what their number gives.
  var moved: [Int: ItemState] = [:]

  /// Number 0 to 3 failed, then two wait, two run, and of the rest a tenth is done.
  func state(_ number: Int) -> ItemState {
    if let state = moved[number] { return state }
    switch number {
    case 0..<4: return .failed
    case 4..<6: return .waiting
    case 6..<8: return .running
    default: return number >= count - count / 10 ? .done : .queued
    }
  }

  static let keys = [
    "Sources/Auth/Token.swift", "Sources/Net/Pool.swift", "Sources/Net/Dial.swift",
    "docs/日本語/概要.md", "a\u{1B}[2J\nb", "gnp\u{202E}exe.swift", "Sources/Auth/Login.swift",
    "Sources/Auth/Key.swift",
  ]

  func row(_ number: Int) -> ItemRow {
    let state = state(number)
    let key = number < Self.keys.count ? Self.keys[number] : "Sources/File\(number).swift"
    return ItemRow(
      id: ItemID(Int64(number + 1)), ordinal: Int64(number + 1), key: key,
      occurrence: number == 1 ? 2 : 1, state: state, step: number % 2,
      tries: state == .failed ? 4 : state == .waiting ? 2 : state == .running ? 1 : 0,
      waitReason: state == .waiting ? .retry : nil,
      waitUntil: state == .waiting ? Self.now.advanced(by: .seconds(18 + number)) : nil,
      signature: state == .failed ? (number < 3 ? Self.lint : Self.module) : nil,
      note: state == .failed ? "14:81 line too long" : state == .waiting ? "exit 1" : "",
      cost: state == .failed ? Money(picodollars: 18_400_000_000) : .zero,
      since: Self.now.advanced(by: .seconds(-60 * (number % 5) - 12)))
  }

  var counts: ItemCounts {
    var counts = ItemCounts(failed: 4)
    counts.waiting = 2
    counts.running = 2
    counts.done = count / 10
    counts.queued = count - 8 - counts.done
    return counts
  }

  var groups: [FailureGroup] {
    if let otherGroups { return otherGroups }
    return [
      FailureGroup(
        name: "G-07", signature: Self.lint, count: 3,
        firstAt: Self.now.advanced(by: .seconds(-900)),
        lastAt: Self.now.advanced(by: .seconds(-12)), sampleKey: Self.keys[0],
        cost: Money(picodollars: 57_000_000_000), recent: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]),
      FailureGroup(
        name: "G-08", signature: Self.module, count: 1,
        firstAt: Self.now.advanced(by: .seconds(-700)),
        lastAt: Self.now.advanced(by: .seconds(-700)), sampleKey: Self.keys[3],
        recent: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
    ]
  }

  /// Groups as a long night leaves them: one that grows, one that is back, one that is over.
  static var night: [FailureGroup] {
    func ago(_ seconds: Int) -> Instant { now.advanced(by: .seconds(-seconds)) }
    return [
      FailureGroup(
        name: "G-07", signature: lint, count: 31, firstAt: ago(9900), lastAt: ago(12),
        sampleKey: keys[0], cost: Money(picodollars: 600_000_000_000),
        recent: [0, 1, 0, 2, 1, 1, 2, 3, 2, 4, 6, 9], note: "the new rule; ask ana"),
      FailureGroup(
        name: "G-08", signature: module, count: 5, firstAt: ago(4300), lastAt: ago(70),
        sampleKey: keys[3], cost: Money(picodollars: 90_000_000_000),
        recent: [1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0], isReopened: true),
      FailureGroup(
        name: "G-09", signature: Signature(text: "loop: same feedback twice"), count: 1,
        firstAt: ago(3700), lastAt: ago(3700), sampleKey: "evil\u{202E}\u{1B}[2J",
        cost: Money(picodollars: 20_000_000_000), recent: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      FailureGroup(
        name: "G-04", signature: Signature(text: "provider 529: overloaded"), count: 0,
        firstAt: ago(9000), lastAt: ago(8000), sampleKey: keys[6],
        recent: Array(repeating: 0, count: 12), resolvedAt: ago(7000)),
    ]
  }

  func snapshot(at now: Instant = FakeRun.now) -> RunSnapshot {
    let gauges = Gauges(
      at: now, pid: 4242, itemsPerSecond: 38.2, slotsUsed: 2, slots: 8, windowItems: 256,
      writes: WriteFigures(), gates: hasCalls ? FakeCalls.gates : gates, parallel: parallel)
    return RunSnapshot(
      at: now,
      summary: RunSummary(
        run: RunID("run-20251121-020000-0123abcd"), batch: "document-modules",
        definition: Digest(of: "definition"), steps: ["write", "review"], state: state, why: why,
        startedAt: Self.now.advanced(by: .seconds(-847)), updatedAt: now, counts: counts,
        unknownAttempts: 0),
      engine: hasEngine ? .live(gauges) : .absent, groups: groups, nextDue: nil,
      pendingRequests: pending, budget: hasCalls ? FakeCalls.budget : budget,
      outbox: hasCalls ? FakeCalls.outbox : nil, holds: holds, canaries: canaries)
  }

  /// Keyset pages in source order, which this list's attention order is.
  func page(_ query: ItemQuery) -> ItemPage {
    let shown = numbers(query.filter)
    let range: Range<Int>
    switch query.start {
    case .first: range = 0..<min(query.limit, shown.count)
    case .last: range = max(0, shown.count - query.limit)..<shown.count
    case .at(let id): range = clamped(shown.place(of: id), query.limit, shown.count)
    case .after(let id): range = clamped(shown.place(of: id) + 1, query.limit, shown.count)
    case .before(let id):
      let end = shown.place(of: id)
      range = max(0, end - query.limit)..<end
    }
    return ItemPage(
      rows: range.map { row(shown[$0]) }, hasEarlier: range.lowerBound > 0,
      hasLater: range.upperBound < shown.count)
  }

  private func clamped(_ start: Int, _ limit: Int, _ count: Int) -> Range<Int> {
    min(start, count)..<min(start + limit, count)
  }

  private func numbers(_ filter: ItemFilter) -> Shown {
    guard filter != ItemFilter() else { return .all(count) }
    return .some(
      (0..<min(count, 10_000)).filter { number in
        let row = row(number)
        let needle = filter.keyContains?.lowercased() ?? ""
        let contains = needle.isEmpty || row.key.lowercased().contains(needle)
        return (filter.states.isEmpty || filter.states.contains(row.state))
          && (filter.signature == nil || filter.signature == row.signature)
          && contains != filter.isInverted
      })
  }

  func detail(_ id: ItemID) -> ItemDetail {
    let row = row(Int(id.number) - 1)
    return ItemDetail(
      row: row, payload: .object(["path": .string(row.key), "size": .integer(14_200)]),
      after: ["Sources/Base.swift"], attempts: row.state == .queued ? [] : attempts,
      receipts: row.step == 1 ? [receipt(row)] : [], remark: remarks[Int(id.number) - 1])
  }

  func samples(of signature: Signature, limit: Int) -> [FailureSample] {
    (0..<min(count, 4)).map(row).filter { $0.signature == signature }.prefix(limit).map { row in
      FailureSample(
        row: row, message: Self.messages[Int(row.id.number) - 1],
        cost: Money(picodollars: 19_000_000_000))
    }
  }

  func text(of id: ItemID, _ tab: ItemTab) -> TabText {
    switch tab {
    case .diff:
      let isHeld = held.contains(Int(id.number) - 1)
      return TabText(
        lines: isHeld
          ? [
            "--- docs/Token.md", "+++ docs/Token.md", "@@ -1,2 +1,2 @@", " # Token",
            "-old \u{1B}[2Jwords", "+new words",
          ] : [],
        emptiness: "no candidate of it waits for a word",
        review: isHeld ? HeldCandidate(refusal: "check lint: 14:81 too long", sendsBackTo: 0) : nil)
    case .prompt:
      return TabText(
        lines: ["Document the module \(row(Int(id.number) - 1).key)."]
          + (1...40).map { "Rule \($0): every sentence says something that the code does not say." }
      )
    default: return TabText(lines: [], emptiness: "it has not answered yet")
    }
  }

  private var attempts: [AttemptRow] {
    (1...2).map { number in
      AttemptRow(
        id: AttemptID(Int64(number)), step: 0, tryNumber: number, epoch: Epoch(1), pid: 99,
        startedAt: Self.now.advanced(by: .seconds(30 * number - 120)),
        endedAt: Self.now.advanced(by: .seconds(30 * number - 108)),
        outcome: number == 1 ? .interrupted : .failed,
        failure: number == 1 ? nil : Failure(kind: .exit, status: 1, message: "14:81 too long"),
        why: number == 1 ? "new" : "retry", model: number == 1 ? nil : "haiku-4.5",
        cost: number == 1 ? nil : Money(picodollars: 19_000_000_000))
    }
  }

  private func receipt(_ row: ItemRow) -> Receipt {
    Receipt(
      run: RunID("run-20251121-020000-0123abcd"), itemKey: row.key, occurrence: row.occurrence,
      step: "write", attempt: AttemptID(1), key: StepKey(components: []),
      artifacts: [
        Artifact(
          path: "docs/Token.md", object: SealedObject(digest: Digest(of: "a"), sizeBytes: 14_200))
      ],
      candidate: nil, warnings: ["lint: 3 warnings"])
  }

  func log(_ id: ItemID) -> LogPiece {
    let lines = (1...30).map { "02:13:\(10 + $0) step \($0) of item \(id)" }
    let hostile = "\u{1B}[31mfailed\u{1B}[0m: <\u{202E}gnp.exe\u{1B}]0;x\u{7}"
    return LogPiece(
      item: id, isNewLog: true, lines: (lines + [hostile]).map { Array($0.utf8) }, dropped: 120)
  }
}

/// The numbers that a filter shows: all of them without listing a million.
private enum Shown {
  case all(Int)
  case some([Int])

  var count: Int {
    switch self {
    case .all(let count): count
    case .some(let numbers): numbers.count
    }
  }
  subscript(index: Int) -> Int {
    switch self {
    case .all: index
    case .some(let numbers): numbers[index]
    }
  }
  func place(of id: ItemID) -> Int {
    switch self {
    case .all: Int(id.number) - 1
    case .some(let numbers): numbers.firstIndex { $0 >= Int(id.number) - 1 } ?? numbers.count
    }
  }
}
