// Reservations, settlements and the sums over them, as every form of the store must keep them.

import BatchModel
import BatchStore
import Resilience
import Testing

@Suite("What attempts cost")
struct SpendingTests {
  private static let reservation = Reservation(
    provider: "acme", model: "large", worstCase: Money(picodollars: 100))

  private func consumption(
    _ cost: Int64, model: String = "large", billing: Provider.Billing = .metered
  ) -> Consumption {
    Consumption(
      provider: "acme", model: model, inputTokens: 5, cacheReadTokens: 4, cacheWriteTokens: 3,
      outputTokens: 2, reasoningTokens: 1, cost: Money(picodollars: cost), billing: billing)
  }

  private func started(
    _ driver: Driver, _ item: ItemID, _ attempt: AttemptID, step: Int = 0,
    _ reservation: Reservation = reservation
  ) -> Change {
    .attemptStarted(
      AttemptStarted(
        attempt: attempt, item: item, step: step, tryNumber: 1, epoch: driver.epoch,
        key: driver.key("\(item)"), why: "new", reservation: reservation))
  }

  private func ended(
    _ item: ItemID, _ attempt: AttemptID, _ consumption: Consumption?
  ) -> Change {
    .attemptEnded(
      AttemptEnded(attempt: attempt, item: item, outcome: .interrupted, consumption: consumption))
  }

  /// A call that is started, settled by an end, and queued again.
  private func spend(
    _ driver: Driver, _ item: ItemID, _ consumption: Consumption, step: Int = 0
  ) throws {
    let attempt = driver.nextAttempt()
    try driver.apply(
      started(driver, item, attempt, step: step), ended(item, attempt, consumption),
      .itemMoved(ItemMoved(item: item, to: .queued, step: step)))
  }

  private func spent(_ driver: Driver) throws -> Int64 {
    try driver.store.spent(of: driver.run, at: driver.now).run.picodollars
  }

  @Test("A reservation is open from its start to its settlement", arguments: StoreForm.allCases)
  func settlement(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    try driver.apply(started(driver, item, attempt))
    #expect(try driver.store.reserved(of: driver.run) == Money(picodollars: 100))
    #expect(try spent(driver) == 0)
    #expect(try driver.store.openAttempts(of: driver.run).map(\.reservation) == [Self.reservation])
    try driver.apply(ended(item, attempt, consumption(40)))
    #expect(try driver.store.reserved(of: driver.run) == .zero)
    #expect(try spent(driver) == 40)
  }

  @Test(
    "Nothing due is nothing charged, and the reservation is gone", arguments: StoreForm.allCases)
  func nothingDue(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    try driver.apply(started(driver, item, attempt), ended(item, attempt, nil))
    #expect(try driver.store.reserved(of: driver.run) == .zero)
    #expect(try spent(driver) == 0)
    #expect(try driver.store.spending(of: nil, by: .model, limit: 10).isEmpty)
  }

  @Test(
    "A result settles its reservation once, alone or with its receipt",
    arguments: StoreForm.allCases)
  func byResult(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a", "b")
    let items = try driver.claim().items.map(\.id)
    for (index, item) in items.enumerated() {
      let attempt = driver.nextAttempt()
      var result = driver.result(item, attempt)
      result.consumption = consumption(30)
      try driver.apply(started(driver, item, attempt))
      if index == 0 { try driver.apply(.resultRecorded(result)) }
      #expect(try driver.store.reserved(of: driver.run).picodollars == (index == 0 ? 0 : 100))
      try driver.apply(
        .stepDone(
          StepDone(
            attempt: attempt, item: item, step: 0, artifacts: [], nextStep: nil,
            result: index == 0 ? nil : result)))
      #expect(try driver.store.reserved(of: driver.run) == .zero)
    }
    #expect(try spent(driver) == 60)
  }

  @Test("A subscription is shown, and counts towards no cap", arguments: StoreForm.allCases)
  func subscription(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    let attempt = driver.nextAttempt()
    var reservation = Self.reservation
    reservation.billing = .subscription
    try driver.apply(started(driver, item, attempt, reservation))
    #expect(try driver.store.reserved(of: driver.run) == .zero)
    try driver.apply(ended(item, attempt, consumption(40, billing: .subscription)))
    #expect(try spent(driver) == 0)
    #expect(
      try driver.store.spending(of: driver.run, by: .model, limit: 5).map(\.billing)
        == [.subscription])
  }

  @Test(
    "An item carries what it cost and the model that is next to its claim",
    arguments: StoreForm.allCases)
  func item(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    try driver.source("a")
    let item = try driver.claim().items[0].id
    try spend(driver, item, consumption(40))
    try spend(driver, try driver.claim().items[0].id, consumption(2))
    try driver.apply(.itemMoved(ItemMoved(item: item, to: .queued, step: 0, model: 1)))
    let claimed = try #require(try driver.claim().items.first)
    #expect(claimed.spent == Money(picodollars: 42))
    #expect(try driver.row("a").cost == Money(picodollars: 42))
    #expect(claimed.model == 1)
    let attempt = driver.nextAttempt()
    try driver.apply(started(driver, item, attempt))
    #expect(try driver.store.openAttempts(of: driver.run).map(\.model) == [1])
    #expect(try driver.row("a").state == .running, "a call is sent with its start")
  }

  @Test("The day's sum begins anew at midnight and covers all runs", arguments: StoreForm.allCases)
  func days(_ form: StoreForm) throws {
    let store = try form.make()
    let driver = try Driver(store)
    try driver.source("a")
    try spend(driver, try driver.claim().items[0].id, consumption(40))
    let other = try Driver(store, run: "run-2")
    other.now = driver.now
    try other.source("a")
    try spend(other, try other.claim().items[0].id, consumption(5))
    #expect(
      try store.spent(of: driver.run, at: driver.now)
        == Spent(run: Money(picodollars: 40), day: Money(picodollars: 45)))
    #expect(
      try store.spent(of: driver.run, at: driver.now.advanced(by: .seconds(86_400)))
        == Spent(run: Money(picodollars: 40), day: .zero))
    #expect(try store.spending(of: nil, by: .day, limit: 5).map(\.name) == ["2025-11-21"])
  }

  @Test("Spending adds up by model, step, day and item", arguments: StoreForm.allCases)
  func axes(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 2)
    try driver.source("a", "b")
    let items = try driver.claim().items.map(\.id)
    try spend(driver, items[0], consumption(40))
    try spend(driver, items[0], consumption(7, model: "small"), step: 1)
    try spend(driver, items[1], consumption(3, model: "small"), step: 1)
    driver.tick(.seconds(86_400))
    try spend(driver, items[1], consumption(50))
    func rows(_ axis: SpendingAxis) throws -> [String] {
      try driver.store.spending(of: driver.run, by: axis, limit: 10)
        .map { "\($0.name) \($0.calls) \($0.cost.picodollars)" }
    }
    #expect(try rows(.model) == ["large 2 90", "small 2 10"])
    #expect(try rows(.step) == ["step0 2 90", "step1 2 10"])
    #expect(try rows(.day) == ["2025-11-21 3 50", "2025-11-22 1 50"])
    #expect(try rows(.item) == ["b 2 53", "a 2 47"])
    let model = try #require(
      try driver.store.spending(of: driver.run, by: .model, limit: 1).first)
    #expect(model.provider == "acme")
    #expect(
      [
        model.inputTokens, model.cacheReadTokens, model.cacheWriteTokens, model.outputTokens,
        model.reasoningTokens,
      ] == [10, 8, 6, 4, 2])
    #expect(try driver.store.spending(of: RunID("no"), by: .step, limit: 5).isEmpty)
  }

  @Test("A cap that was changed and a latch are kept", arguments: StoreForm.allCases)
  func budget(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    #expect(try driver.store.budgetState(of: driver.run) == BudgetState())
    for state in [
      BudgetState(cap: Money(picodollars: 7), isLatched: true),
      BudgetState(cap: Money(picodollars: 9)), BudgetState(cap: nil),
    ] {
      try driver.apply(.budgetMoved(BudgetMoved(state: state, why: "asked for", by: "ann")))
      #expect(try driver.store.budgetState(of: driver.run) == state)
    }
  }

  @Test("A provider's state is kept as it was told last", arguments: StoreForm.allCases)
  func providers(_ form: StoreForm) throws {
    let driver = try Driver(form.make())
    #expect(try driver.store.providerStates().isEmpty)
    var breaker = CircuitBreaker(options: CircuitBreaker.Options())
    breaker.isolate()
    let states = [
      ProviderState(heldUntil: driver.now), ProviderState(breaker: breaker),
    ]
    for state in states {
      try driver.apply(
        .providerMoved(ProviderMoved(provider: "acme", to: "held", why: "quota", state: state)))
      #expect(try driver.store.providerStates() == ["acme": state])
    }
  }

  @Test(
    "A claim leaves blocked steps out, and their waits set no alarm",
    arguments: StoreForm.allCases)
  func blockedSteps(_ form: StoreForm) throws {
    let driver = try Driver(form.make(), steps: 3)
    try driver.source("a", "b", "c", "d")
    let items = try driver.claim().items.map(\.id)
    try driver.move(items[1], to: .queued, step: 1)
    try driver.move(items[2], to: .waiting, step: 2)
    try driver.move(items[3], to: .waiting, step: 0)
    driver.store.release([items[0]])
    driver.tick(.seconds(60))
    func claim(_ blocked: Set<Int>) throws -> Claim {
      let claim = try driver.store.claim(
        9, scope: .all, blocked: blocked, of: driver.run, at: driver.now)
      driver.store.release(claim.items.map(\.id))
      return claim
    }
    #expect(try claim([0]).items.map(\.key) == ["b", "c"])
    #expect(try claim([1]).items.map(\.key) == ["a", "c", "d"])
    #expect(try claim([0, 2]).items.map(\.key) == ["b"])
    let none = try claim([0, 1, 2])
    #expect(none.items.isEmpty)
    #expect(none.open == 4)
    // Due already: an engine that was told so would ask again and again.
    #expect(none.nextDue == nil)
    #expect(try claim([]).items.map(\.key) == ["a", "b", "c", "d"])
  }
}
