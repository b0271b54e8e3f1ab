// A machine whose steps call providers, and the few values that its tests are told in.

import BatchModel
import Resilience

@testable import Engine

extension MachineFixture {
  /// A machine of calls, its clock at the fixture's.
  static func calls(
    steps: [Step] = [Fixture.call()], providers: [Provider] = [Fixture.provider()],
    states: [String: ProviderState] = [:], allowance: Allowance = Allowance(), callSlots: Int = 16,
    slots: Int = 2, longWait: Duration? = nil, leavesAtCap: Bool = false, holds: [Hold] = []
  ) -> MachineFixture {
    var fixture = MachineFixture()
    fixture.machine = Machine(
      Configuration(
        run: RunID("run-test"), epoch: Epoch(1), steps: steps, slots: slots,
        firstAttempt: AttemptID(1), callSlots: callSlots, providers: providers,
        providerStates: states, allowance: allowance, startedAt: fixture.now, longWait: longWait,
        leavesAtCap: leavesAtCap, holds: holds))
    return fixture
  }

  /// Claims the items and prepares each for a call.
  mutating func beginCalls(
    _ items: [ClaimedItem], open: Int = 0, nextDue: Instant? = nil, _ demand: Demand = .of()
  ) {
    send(.started)
    claim(items, open: open, nextDue: nextDue)
    for item in items { prepare(item.id.number, demand) }
  }

  mutating func claim(_ items: [ClaimedItem], open: Int = 0, nextDue: Instant? = nil) {
    send(.claimed(ClaimAnswer(items: items, nextDue: nextDue, open: open)))
  }

  /// Answers claims until none is in flight: so much is open, and nothing of it can start.
  mutating func answerClaims(open: Int = 0, nextDue: Instant? = nil) {
    for _ in 0..<5 where machine.claiming.isInFlight { claim([], open: open, nextDue: nextDue) }
    precondition(!machine.claiming.isInFlight, "claims without end")
  }

  mutating func prepare(_ item: Int64, _ demand: Demand = .of()) {
    send(.prepared(ItemID(item), .run(Fixture.key, why: "new", demand: demand)))
  }

  mutating func confirm(_ attempts: ClosedRange<Int64>) {
    send(.admitted(attempts.map { AttemptID($0) }))
  }

  mutating func end(
    _ attempt: Int64, _ sign: CallReport.Sign = .answered, costing cents: Int64 = 1,
    charged: Bool = true, notBefore: Instant? = nil
  ) {
    send(.ended(AttemptID(attempt), Fixture.ended(sign, cents: charged ? cents : nil, notBefore)))
  }

  mutating func pass(_ duration: Duration) {
    now = now.advanced(by: duration)
    send(.tick)
  }

  /// What a leak would leave behind.
  var held: [String] {
    var found: [String] = []
    if machine.callsInFlight != 0 { found.append("\(machine.callsInFlight) calls in flight") }
    if let reserved = machine.budgetGauge?.reserved, reserved != .zero {
      found.append("\(reserved.dollars) reserved")
    }
    for gauge in machine.gateGauges where gauge.inFlight != 0 {
      found.append("\(gauge.inFlight) in flight at \(gauge.provider)")
    }
    return found
  }
}

extension Demand {
  /// A call whose worst case is so many cents.
  static func of(
    cents: Int64 = 10, provider: String = "acme", models: [String] = ["large"], model: Int = 0,
    billing: Provider.Billing = .metered, tokens: Int64 = 0, warmth: String? = nil
  ) -> Demand {
    Demand(
      reservation: Reservation(
        provider: provider, model: models[model], worstCase: .cents(cents), billing: billing),
      rate: MultiDimensionalLimiter.Demand(inputTokens: tokens),
      hasNextModel: model + 1 < models.count, models: models, warmth: warmth)
  }
}

extension Money {
  static func cents(_ count: Int64) -> Money { Money(picodollars: count * 10_000_000_000) }
}

extension Fixture {
  static func call(_ id: String = "write", provider: String = "acme", attempts: Int = 4) -> Step {
    Step(
      id: id, kind: .llm(ModelStep(provider: provider, models: ["large"])),
      retry: RetryPolicy(attempts: attempts))
  }

  static func provider(
    _ name: String = "acme", perMinute: Int64? = nil, tokensPerMinute: Int64? = nil,
    concurrent: Int? = nil
  ) -> Provider {
    Provider(
      name: name, api: .openai,
      limits: Provider.Limits(
        requestsPerMinute: perMinute, inputTokensPerMinute: tokensPerMinute,
        concurrent: concurrent))
  }

  static func capped(
    _ cents: Int64?, perItem: Int64? = nil, perDay: Int64? = nil, spent: Int64 = 0,
    onReached: BudgetLimits.OnReached = .pause, state: BudgetState = BudgetState()
  ) -> Allowance {
    Allowance(
      limits: BudgetLimits(
        cap: cents.map(Money.cents), perItem: perItem.map(Money.cents),
        perDay: perDay.map(Money.cents), onReached: onReached),
      spent: Spent(run: .cents(spent), day: .cents(spent)), state: state)
  }

  static func ended(
    _ sign: CallReport.Sign, cents: Int64?, _ notBefore: Instant? = nil
  ) -> AttemptReport {
    let consumption = cents.map {
      Consumption(
        provider: "acme", model: "large", inputTokens: 3, outputTokens: 4, cost: .cents($0))
    }
    let end: AttemptReport.End =
      switch sign {
      case .answered: .succeeded(candidate: nil)
      case .timedOut: .failed(Failure(kind: .timeout, message: "no answer"))
      default: .failed(Failure(kind: .provider, status: 503, message: "overloaded"))
      }
    return AttemptReport(
      end: end, usage: usage,
      call: CallReport(
        sign: sign, consumption: consumption, rate: MultiDimensionalLimiter.Demand(inputTokens: 3),
        notBefore: notBefore))
  }
}

extension Effects {
  var orders: [LaunchOrder] {
    immediate.compactMap { if case .launch(let order) = $0 { order } else { nil } }
  }
  var reservations: [Reservation?] {
    changes.compactMap {
      if case .attemptStarted(let start) = $0 { .some(start.reservation) } else { nil }
    }
  }
  /// The ends of attempts that the batch writes.
  var ends: [AttemptEnded] {
    changes.compactMap { if case .attemptEnded(let end) = $0 { end } else { nil } }
  }
  /// What the ledger is told of providers.
  var news: [String] {
    changes.compactMap { if case .providerMoved(let moved) = $0 { moved.to } else { nil } }
  }
  var budgetMoves: [BudgetMoved] {
    changes.compactMap { if case .budgetMoved(let moved) = $0 { moved } else { nil } }
  }
  var departure: Departure? {
    afterCommit.lazy.compactMap { if case .leave(let departure) = $0 { departure } else { nil } }
      .first
  }
  /// The steps that the claim leaves out.
  var blocked: [Int]? {
    immediate.lazy.compactMap { if case .claim(_, _, let blocked) = $0 { blocked } else { nil } }
      .first
  }
}
