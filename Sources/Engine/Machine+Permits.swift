// Permits: an attempt that calls a provider starts when it holds slot, limits, breaker and budget at
// once, and holds none of them while it waits for another.

import BatchModel
import DequeModule
import Resilience

extension Machine {
  /// A longer block is written: its items leave the window until it is over.
  private static let longBlock = Duration.seconds(30)

  mutating func queueForPermit(_ entry: WindowEntry) {
    guard let demand = entry.demand else { return }
    let name = demand.reservation.provider
    guard gates[name] != nil else {
      window[entry.item.id] = nil
      return fail(
        entry.item, Failure(kind: .request, message: "there is no provider \(name)"))
    }
    let hasBegun = entry.item.step > 0 || entry.item.tries > 0 || entry.item.model > 0
    switch demand.place {
    case .call: gates[name]?.calls.append(entry.item.id, hasBegun: hasBegun)
    case .process: gates[name]?.processes.append(entry.item.id, hasBegun: hasBegun)
    }
  }

  /// Whether another attempt of a kind has room to run in, permits aside.
  private func hasRoom(for place: Demand.Place) -> Bool {
    switch place {
    case .call: callsInFlight - processCalls < configuration.callSlots
    case .process:
      ordered + processCalls < configuration.slots && !(isCommandsTurn && !admitted.isEmpty)
    }
  }

  /// Whether processes wait for a slot and for nothing else.
  var processesWaitForSlots: Bool {
    gates.values.contains { $0.block == nil && !$0.processes.isEmpty }
  }

  /// Starts as many calls as there are permits for.
  mutating func admitCalls(using random: inout some RandomNumberGenerator) {
    guard !gates.isEmpty, mode == .working else { return }
    purse.turn(to: now)
    var exhausted: String?
    for name in gates.keys.sorted() {
      exhausted = admitCalls(at: name, using: &random) ?? exhausted
    }
    if let exhausted, callsInFlight == 0 { reachCap(exhausted, using: &random) }
  }

  /// - Returns: why nothing of what waits here can ever fit the budget as it is.
  private mutating func admitCalls(
    at name: String, using random: inout some RandomNumberGenerator
  ) -> String? {
    // Taken out, so that it is changed in place.
    guard var gate = gates.removeValue(forKey: name) else { return nil }
    defer { gates[name] = gate }
    guard gate.mayHaveRoom(at: now) else {
      parkIfLong(&gate)
      return nil
    }
    let wasBlocked = gate.block != nil
    gate.block = gate.standingBlock(at: now)
    var started: [AttemptID] = []
    var exhausted: String?
    while gate.block == nil, exhausted == nil,
      let place = next(at: gate), let (id, hasBegun) = gate[place].popFirst()
    {
      guard let entry = window[id], case .ready(let key, let why) = entry.phase,
        let demand = entry.demand
      else { continue }
      switch permit(entry.item, demand, at: &gate, using: &random) {
      case .granted(let permit): started.append(start(entry, key, why: why, permit))
      case .denied(let failure):
        window[id] = nil
        fail(entry.item, failure)
      case .blocked(let block):
        gate[place].putBack(id, hasBegun: hasBegun)
        gate.block = block
      case .exhausted(let why):
        // A smaller call may still fit; it goes first then.
        gate[place].putBack(id, hasBegun: hasBegun)
        if !gate[place].bringForward(where: { fits($0) }) { exhausted = why }
      }
    }
    if let exhausted { gate.block = Gate.Block(reason: .budget, why: exhausted) }
    if !started.isEmpty { effects.afterCommit.append(.confirm(started)) }
    if wasBlocked, gate.block == nil { claiming.retry() }
    tell(&gate, why: gate.breaker.state == .halfOpen ? "a probe goes out" : "")
    parkIfLong(&gate)
    return exhausted
  }

  /// The kind of room that is free and waited for.
  private func next(at gate: Gate) -> Demand.Place? {
    if !gate.calls.isEmpty, hasRoom(for: .call) { return .call }
    return !gate.processes.isEmpty && hasRoom(for: .process) ? .process : nil
  }

  private enum Grant {
    case granted(Permit)
    case denied(Failure)
    case blocked(Gate.Block)
    case exhausted(String)
  }

  private mutating func permit(
    _ item: ClaimedItem, _ demand: Demand, at gate: inout Gate,
    using random: inout some RandomNumberGenerator
  ) -> Grant {
    let worst = demand.reservation.worstCase
    let isMetered = demand.reservation.billing == .metered
    if isMetered {
      if let why = unbounded(demand, item) { return .exhausted(why) }
      if let failure = ownCap(of: item, worst) { return .denied(failure) }
      switch purse.answer(worst) {
      case .fits: break
      case .waits:
        return .blocked(
          Gate.Block(reason: .budget, why: "the budget has room when a call in flight is settled"))
      case .exhausted(let why): return .exhausted(why)
      case .latched: return .exhausted("a bill exceeded its bound")
      }
    }
    switch gate.admit(demand, at: now, using: &random) {
    case .admitted(let rate, let breaker):
      return .granted(
        Permit(
          demand: demand, rate: rate, breaker: breaker,
          money: isMetered
            ? purse.reserve(worst, isBounded: demand.isBounded, at: now) : nil,
          startedAt: now))
    case .blocked(let block): return .blocked(block)
    case .impossible(let why): return .denied(Failure(kind: .request, message: why))
    }
  }

  /// Why an attempt without a bound may not start; a cap may have been set while the run goes on.
  private func unbounded(_ demand: Demand, _ item: ClaimedItem) -> String? {
    guard !demand.isBounded, purse.hasCap || itemCap(of: item) != nil else { return nil }
    return "the step \(configuration.steps[item.step].id) spends under a cap, and nothing bounds "
      + "what an attempt may cost: write its max_cost, and reload"
  }

  private func itemCap(of item: ClaimedItem) -> Money? {
    item.overrides.perItem ?? purse.limits.perItem
  }

  private func ownCap(of item: ClaimedItem, _ worst: Money) -> Failure? {
    guard let cap = itemCap(of: item), item.spent + worst > cap else { return nil }
    return Failure(
      kind: .budget,
      message: "the item's cap is \(cap.dollars): \(item.spent.dollars) are spent, and the next "
        + "call may cost up to \(worst.dollars)")
  }

  private func fits(_ id: ItemID) -> Bool {
    guard let entry = window[id], case .ready = entry.phase, let demand = entry.demand else {
      return false
    }
    guard demand.reservation.billing == .metered else { return true }
    return unbounded(demand, entry.item) == nil
      && purse.answer(demand.reservation.worstCase) == .fits
  }

  /// T1 of a call: its start and its reservation are one change.
  private mutating func start(
    _ entry: WindowEntry, _ key: StepKey, why: String, _ permit: Permit
  ) -> AttemptID {
    var entry = entry
    let attempt = AttemptID(nextAttempt)
    nextAttempt += 1
    entry.phase = .admitting(attempt, key)
    entry.permit = permit
    window[entry.item.id] = entry
    itemOfAttempt[attempt] = entry.item.id
    take(permit)
    effects.changes.append(
      .attemptStarted(
        AttemptStarted(
          attempt: attempt, item: entry.item.id, step: entry.item.step,
          tryNumber: entry.item.tries + 1, epoch: configuration.epoch, key: key,
          why: entry.item.tries > 0 ? "retry" : entry.item.model > 0 ? "fallback" : why,
          reservation: permit.demand.reservation)))
    return attempt
  }

  private mutating func take(_ permit: Permit) {
    callsInFlight += 1
    guard permit.demand.place == .process else { return }
    processCalls += 1
    isCommandsTurn = true
  }

  private mutating func release(_ permit: Permit) {
    callsInFlight -= 1
    if permit.demand.place == .process { processCalls -= 1 }
  }

  /// Nothing was sent: everything is free again.
  mutating func giveBack(_ permit: Permit, using random: inout some RandomNumberGenerator) {
    release(permit)
    if let money = permit.money { _ = purse.settle(money, charge: nil, at: now) }
    gates[permit.demand.reservation.provider]?.giveBack(permit, at: now, using: &random)
    stirGates()
  }

  /// Settles what an attempt held by what its call took.
  ///
  /// - Returns: whether the breaker counted it.
  mutating func settle(
    _ permit: Permit, _ report: CallReport, why: String,
    using random: inout some RandomNumberGenerator
  ) -> CircuitBreaker.Recorded {
    release(permit)
    if let money = permit.money,
      let excess = purse.settle(money, charge: report.consumption?.cost, at: now)
    {
      let reservation = permit.demand.reservation
      latch(
        "a bill of \(reservation.provider) for \(reservation.model) exceeded its bound of "
          + "\(reservation.worstCase.dollars) by \(excess.dollars)", using: &random)
    }
    let name = permit.demand.reservation.provider
    guard var gate = gates.removeValue(forKey: name) else { return .stale }
    let recorded = gate.settle(permit, report, at: now, using: &random)
    tell(&gate, why: why)
    gates[name] = gate
    stirGates()
    return recorded
  }

  /// What was reserved or blocked may have room now.
  mutating func stirGates() {
    for name in gates.keys { gates[name]?.isStirred = true }
  }

  /// Writes how a provider stands, when that is news.
  private mutating func tell(_ gate: inout Gate, why: String) {
    guard let news = gate.news(at: now) else { return }
    effects.changes.append(
      .providerMoved(
        ProviderMoved(
          provider: gate.provider.name, to: news.word, until: news.until,
          why: why.isEmpty ? news.word : why, state: gate.state)))
  }

  /// Writes the waits of everything that stands before a gate that is blocked for long, which then
  /// leaves the window.
  private mutating func parkIfLong(_ gate: inout Gate) {
    guard let block = gate.block, let until = block.until,
      now.duration(to: until) > Self.longBlock
    else { return }
    var isParked = false
    while let (id, _) = gate.calls.popFirst() ?? gate.processes.popFirst() {
      guard let entry = window[id], case .ready = entry.phase, entry.demand != nil else { continue }
      window[id] = nil
      isParked = true
      gate.parked += 1
      effects.changes.append(
        .itemMoved(entry.item.waiting(block.reason, until: until, note: block.why)))
    }
    guard isParked else { return }
    claiming.nextDue = min(claiming.nextDue ?? until, until)
    // How much is open outside the window, the store has to say again.
    claiming.retry()
  }

  /// Steps of which nothing may start for a while: their items are not claimed.
  var blockedSteps: [Int] {
    guard !gates.isEmpty || !holds.isEmpty else { return [] }
    return configuration.steps.indices.filter { index in
      if isHeld(index) { return true }
      guard let name = configuration.steps[index].providerName, let block = gates[name]?.block
      else { return false }
      guard let until = block.until else { return block.reason == .breaker }
      return now.duration(to: until) > Self.longBlock
    }
  }

  /// When a gate may open again.
  var nextOpening: Instant? {
    gates.values.compactMap { $0.block?.until }.filter { $0 > now }.min()
  }

  mutating func pull(_ lever: BreakerLever, of provider: String, by: String) {
    guard var gate = gates.removeValue(forKey: provider) else { return }
    _ = gate.breaker.pull(lever, at: now)
    if lever == .close { gate.heldUntil = nil }
    tell(&gate, why: "\(lever.rawValue) by \(by)")
    gate.isStirred = true
    gates[provider] = gate
    claiming.retry()
  }
}
