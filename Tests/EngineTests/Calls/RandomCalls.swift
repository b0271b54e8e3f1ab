// A run of calls under random interleavings: answers in any order, levers at any moment.

import BatchModel
import Resilience

@testable import Engine

/// A machine, and the least of a store and of providers that it can live with.
struct RandomCalls {
  private struct Row {
    var item: ClaimedItem
    /// `nil` while the window holds it, or when it has ended.
    var dueAt: Instant?
    var hasEnded = false
  }

  private enum Pending {
    case event(Event)
    /// A call that is under way.
    case call(LaunchOrder)
  }

  static let cap: Int64 = 150

  var run: MachineFixture
  private var random: SplitMix64
  private var rows: [ItemID: Row] = [:]
  private var pending: [Pending] = []
  /// What attempts reserve that have started and not ended, as the ledger tells it.
  private(set) var open: [AttemptID: Money] = [:]
  private(set) var billed = Money.zero
  private(set) var isOver = false
  private(set) var signs = 0
  /// Attempts that should not have started.
  private var wrongStarts: [String] = []

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let providers = [
      Fixture.provider(
        "acme", perMinute: Bool.random(using: &random) ? 20 : nil,
        concurrent: Bool.random(using: &random) ? 3 : nil),
      Fixture.provider("bolt", tokensPerMinute: Bool.random(using: &random) ? 400 : nil),
    ]
    run = MachineFixture.calls(
      steps: [Fixture.call("write"), Fixture.call("review", provider: "bolt")],
      providers: providers, allowance: Fixture.capped(Self.cap, perItem: 60),
      callSlots: Int.random(in: 1...5, using: &random))
    run.random = SplitMix64(seed: seed &+ 1)
    for item in Fixture.items(Int.random(in: 1...8, using: &random)) {
      rows[item.id] = Row(item: item, dueAt: run.now)
    }
    send(.started)
  }

  /// One random thing.
  mutating func step() {
    run.now = run.now.advanced(by: .milliseconds(Int.random(in: 0...400, using: &random)))
    if Int.random(in: 0..<30, using: &random) == 0 { return pullLever() }
    guard !pending.isEmpty else {
      if let wake = run.machine.wakeAt { run.now = max(run.now, wake) }
      return send(.tick)
    }
    switch pending.remove(at: Int.random(in: 0..<pending.count, using: &random)) {
    case .event(let event): send(event)
    case .call(let order): answer(order)
    }
  }

  /// A person stops the run, and everything under way comes to its end.
  mutating func stop() {
    request(.stop(now: Bool.random(using: &random)))
    for _ in 0..<500 where !isOver { step() }
  }

  private mutating func pullLever() {
    let held = run.machine.window.keys.sorted()
    let levers: [Request.Action] = [
      .pause, .resume, .resume, .setCap(.cents(Self.cap)), .breaker(provider: "acme", .isolate),
      .breaker(provider: "acme", .close), .breaker(provider: "bolt", .disable),
      .breaker(provider: "bolt", .close), .hold(.provider("acme")), .release(.provider("acme")),
      .hold(.step("review")), .release(.step("review")), .setParallel(nil),
      .setParallel(Parallel(run: 1, llm: Int.random(in: 1...6, using: &random))),
    ]
    if let item = held.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0 {
      send(.moved(.cancel(reason: "not needed"), changed: 1, held: [item]))
    } else if let lever = levers.randomElement(using: &random) {
      request(lever)
    }
  }

  private mutating func request(_ action: Request.Action) {
    send(
      .requested(
        Request(
          id: "lever", run: RunID("run-test"), action: action, by: "ann", at: run.now,
          notBefore: run.now)))
  }

  private mutating func send(_ event: Event) {
    let effects = run.send(event)
    for change in effects.changes { note(change) }
    for action in effects.immediate + effects.afterCommit { perform(action) }
  }

  private mutating func perform(_ action: Action) {
    switch action {
    case .claim(let limit, _, let blocked): claim(limit, blocked: blocked)
    case .prepare(let item): pending.append(.event(.prepared(item.id, preparation(of: item))))
    case .confirm(let attempts): pending.append(.event(.admitted(attempts)))
    case .launch(let order): pending.append(.call(order))
    case .kill(let attempt): kill(attempt)
    case .release(let items):
      for item in items { rows[item]?.dueAt = run.now }
      pending.append(.event(.released))
    case .leave: isOver = true
    case .check, .publish, .recallWaiting, .judgeCanary, .endCanary, .wake, .resize: break
    }
  }

  private mutating func claim(_ limit: Int, blocked: [Int]) {
    let waiting = rows.values.filter { $0.dueAt != nil }.sorted { $0.item.id < $1.item.id }
    let ready = waiting.filter { row in
      !blocked.contains(row.item.step) && (row.dueAt ?? run.now) <= run.now
    }.prefix(limit)
    for row in ready { rows[row.item.id]?.dueAt = nil }
    let later = waiting.filter { row in !ready.contains { $0.item.id == row.item.id } }
    let due = later.filter { !blocked.contains($0.item.step) }.compactMap(\.dueAt).min()
    pending.append(
      .event(.claimed(ClaimAnswer(items: ready.map(\.item), nextDue: due, open: later.count))))
  }

  private mutating func preparation(of item: ClaimedItem) -> Preparation {
    let demand = Demand.of(
      cents: Int64.random(in: 1...20, using: &random), provider: item.step == 0 ? "acme" : "bolt",
      models: ["large", "small"], model: min(item.model, 1),
      billing: Int.random(in: 0..<8, using: &random) == 0 ? .subscription : .metered,
      tokens: Int64.random(in: 0...150, using: &random),
      warmth: Bool.random(using: &random) ? "system" : nil)
    return .run(Fixture.key, why: "new", demand: demand)
  }

  private mutating func kill(_ attempt: AttemptID) {
    let found = pending.firstIndex { entry in
      guard case .call(let order) = entry else { return false }
      return order.attempt == attempt
    }
    guard let found, case .call(let order) = pending.remove(at: found) else { return }
    var report = report(on: order, .neutral)
    report.end = .killed
    pending.append(.event(.ended(attempt, report)))
  }

  private mutating func answer(_ order: LaunchOrder) {
    guard Int.random(in: 0..<12, using: &random) > 0 else {
      return send(.ended(order.attempt, Fixture.neverStarted()))
    }
    let later = run.now.advanced(by: .seconds(Int.random(in: 1...90, using: &random)))
    let choices: [CallReport.Sign] = [
      .answered, .answered, .answered, .failed, .timedOut, .rateLimited(until: later),
      .rateLimited(until: nil), .exhausted(until: later), .neutral,
    ]
    signs += 1
    let sign = choices.randomElement(using: &random) ?? .answered
    send(.ended(order.attempt, report(on: order, sign)))
  }

  /// A bill of at most the reservation.
  private mutating func report(
    on order: LaunchOrder, _ sign: CallReport.Sign
  ) -> AttemptReport {
    var report = Fixture.ended(sign, cents: nil)
    guard let reservation = order.reservation, Int.random(in: 0..<5, using: &random) > 0 else {
      return report
    }
    var consumption = Consumption(worstCaseOf: reservation)
    consumption.cost = Money(
      picodollars: Int64.random(in: 0...reservation.worstCase.picodollars, using: &random))
    report.call?.consumption = consumption
    return report
  }

  private mutating func note(_ change: Change) {
    switch change {
    case .attemptStarted(let start):
      guard let reservation = start.reservation else { return }
      open[start.attempt] = reservation.billing == .metered ? reservation.worstCase : .zero
      if run.machine.isHeld(start.step) { wrongStarts.append("\(start.attempt) is held") }
      if open.count > run.machine.parallel.llm {
        wrongStarts.append("\(start.attempt) has no slot")
      }
    case .attemptEnded(let end): close(end.attempt, of: end.item, end.consumption)
    case .stepDone(let done):
      close(done.attempt, of: done.item, done.result?.consumption)
      if done.nextStep == nil { rows[done.item]?.hasEnded = true }
    case .itemMoved(let move): place(move)
    default: break
    }
  }

  private mutating func close(_ attempt: AttemptID, of item: ItemID, _ bill: Consumption?) {
    open[attempt] = nil
    guard let bill, bill.billing == .metered else { return }
    billed += bill.cost
    rows[item]?.item.spent += bill.cost
  }

  private mutating func place(_ move: ItemMoved) {
    rows[move.item]?.item.step = move.step
    rows[move.item]?.item.tries = move.tries
    rows[move.item]?.item.model = move.model ?? 0
    switch move.to {
    case .queued: rows[move.item]?.dueAt = run.now
    case .waiting: rows[move.item]?.dueAt = move.waitReason == .held ? run.now : move.until
    default: rows[move.item]?.hasEnded = true
    }
  }

  /// What the machine holds that its ledger does not know of, or the other way round.
  var problems: [String] {
    var found = wrongStarts
    let reserved = open.values.reduce(Money.zero, +)
    if run.machine.callsInFlight != open.count { found.append("calls in flight") }
    if run.machine.budgetGauge?.reserved != reserved { found.append("reserved") }
    if run.machine.budgetGauge?.spent != billed { found.append("spent") }
    if run.machine.gateGauges.reduce(0, { $0 + $1.inFlight }) != open.count {
      found.append("gates")
    }
    if billed + reserved > .cents(Self.cap) { found.append("above the cap") }
    return found
  }
}
