// A whole run under one seed: the real machine on the real store, with crashes anywhere.

import BatchModel
import BatchStore
import Engine
import Resilience

/// One simulated run.
struct Simulation {
  struct Options {
    var items = 7
    var steps = 2
    var slots = 3
    var crashPercent = 3
    /// Its steps call models under a cap, instead of running commands.
    var isCalling = false
    var bug: PlantedBug?
    /// Somebody looks at refused candidates while the run goes on, accepts some and sends others back.
    var hasReviewer = false
  }

  private enum Pending {
    case event(Event)
    case action(Action)
    /// An order that waits for a slot.
    case waiting(LaunchOrder)
  }

  private struct Submitted {
    var changes: [Change]
    var afterCommit: [Action]
  }

  let run = RunID("run-20260214-021407-00000000")
  let options: Options
  let store: SQLiteStore
  private let steps: [Step]
  private(set) var world: World
  private(set) var market: Market
  /// Candidates that were accepted: the attempt by item and step.
  private(set) var accepted: [String: AttemptID] = [:]
  private(set) var sentBack = 0
  private(set) var person: Person
  private(set) var groupsTried = 0
  private var words = 0
  /// Whether the providers never billed more than the cap, at no moment.
  private(set) var isWithinCap = true
  /// The highest cap that anybody allowed so far; `nil` when the run costs nothing.
  private(set) var cap: Money?
  private var capAtStart: Money?
  private let providers: [Provider]
  private(set) var crashes = 0
  private(set) var departure: Departure?
  private var random: SplitMix64
  private(set) var now = Instant(milliseconds: 1_771_035_247_000)
  private var machine: Machine
  private var pending: [Pending] = []
  private var batches: [Submitted] = []
  private var wakeAt: Instant?

  init(seed: UInt64, options: Options = Options()) throws {
    self.options = options
    random = SplitMix64(seed: seed)
    world = World(
      failurePercent: Int.random(in: 0...30, using: &random),
      rejectionPercent: Int.random(in: 0...20, using: &random))
    market = Market(troublePercent: Int.random(in: 0...45, using: &random))
    store = try SQLiteStore(inMemoryWith: MemoryObjects())
    providers = options.isCalling ? Market.providers(using: &random) : []
    steps = SimulatedBatch.steps(options)
    if options.isCalling {
      capAtStart = Money(picodollars: Market.worst * Int64.random(in: 1...8, using: &random))
      cap = capAtStart
    }
    person = Person(steps: steps)
    machine = Machine(
      Configuration(
        run: run, epoch: Epoch(0), steps: steps, slots: options.slots, firstAttempt: AttemptID(1)))
    try enqueue()
    try startEngine()
  }

  private mutating func enqueue() throws {
    let batch = Batch(name: "simulated", items: ItemSource(kind: .list([])), steps: steps)
    let started = RunStarted(
      run: run, epoch: Epoch(0), batch: batch.name, definition: batch.digest, pid: 1,
      bootID: "boot", host: "host", resumed: false)
    try store.createRun(started, definition: batch, at: now)
    try store.openSource(of: run, at: now)
    let items = SimulatedBatch.items(options.items, using: &random)
    try store.offer(items, to: run, at: now)
    _ = try store.closeSource(of: run, at: now)
  }

  /// Runs to the end of the run, through crashes; false when it does not end.
  mutating func play(stepsMax: Int = 20_000) throws -> Bool {
    for _ in 0..<stepsMax {
      if departure != nil { return true }
      try oneStep()
      if let cap, market.billed > cap { isWithinCap = false }
    }
    return false
  }

  private mutating func oneStep() throws {
    now = now.advanced(by: .milliseconds(Int.random(in: 0...3, using: &random)))
    if Int.random(in: 0..<1000, using: &random) < options.crashPercent * 10 / 3 {
      return try crash()
    }
    if Int.random(in: 0..<50, using: &random) == 0 {
      return ask(person.lever(isPaused: machine.isPaused, using: &random))
    }
    if Int.random(in: 0..<50, using: &random) == 0 { try tryGroup() }
    if options.hasReviewer, Int.random(in: 0..<20, using: &random) == 0 { try review() }
    if machine.isPaused, let cap, Bool.random(using: &random) { return raise(cap) }
    let choices = pending.count + (batches.isEmpty ? 0 : 1)
    guard choices > 0 else {
      if let action = person.letGo(isPaused: machine.isPaused) { return ask(action) }
      if let wakeAt { now = max(now, wakeAt) }
      return handle(.tick)
    }
    // Time sometimes passes while work waits: a timer that fires only when idle hides races.
    if let wakeAt, Int.random(in: 0..<40, using: &random) == 0 {
      now = max(now, wakeAt)
      return handle(.tick)
    }
    let choice = Int.random(in: 0..<choices, using: &random)
    guard choice < pending.count else { return try commit() }
    switch pending.remove(at: choice) {
    case .event(let event): handle(event)
    case .action(let action): try perform(action)
    case .waiting(let order): start(order)
    }
  }

  private mutating func ask(_ action: Request.Action) {
    handle(
      .requested(
        Request(id: "lever", run: run, action: action, by: "ann", at: now, notBefore: now)))
  }

  /// Somebody looks at the first refused candidate; the engine carries out what is said, as it does
  /// with every request on items.
  private mutating func review() throws {
    guard let review = try store.reviews(of: run, after: nil, limit: 1).first else { return }
    let isAccepted = Bool.random(using: &random)
    let action: ItemAction =
      isAccepted ? .accept(reason: "", overwrite: false) : .sendBack(feedback: "more verbs")
    let selector = ItemSelector.ids([review.row.id])
    words += 1
    let request = Request(
      id: "word-\(words)", run: run, action: .items(action, selector), by: "ann", at: now,
      notBefore: now)
    // It goes through the write queue, behind what was submitted before it.
    let before = crashes
    while !batches.isEmpty { try commit() }
    guard crashes == before, !isLeaving else { return }
    let moved = try store.move(selector, action, of: run, request: request, at: now)
    if isAccepted, moved.changed == 1 {
      accepted["\(review.row.key)/\(review.step)"] = review.attempt
    } else {
      sentBack += moved.changed
    }
    handle(.moved(action, changed: moved.changed, held: moved.held))
  }

  /// Somebody has a few items of a failed group tried again first.
  private mutating func tryGroup() throws {
    guard groupsTried < 4, let group = try store.failureGroups(of: run).first else { return }
    let before = crashes
    while !batches.isEmpty { try commit() }
    guard crashes == before, !isLeaving else { return }
    groupsTried += 1
    let count = Int.random(in: 1...2, using: &random)
    let request = Request(
      id: "group-\(groupsTried)", run: run,
      action: .retryGroup(group.signature, canary: count, Overrides()), by: "ann", at: now,
      notBefore: now)
    let changed = try store.retryGroup(
      group.signature, canary: count, Overrides(), of: run, request: request, at: now)
    handle(.moved(.retry(fromStep: nil, overrides: Overrides()), changed: changed, held: []))
  }

  /// A machine that has decided to leave hears of nothing any more: what is asked now is for the next
  /// engine.
  private var isLeaving: Bool {
    pending.contains { if case .action(.leave) = $0 { true } else { false } }
  }

  /// Somebody allows a little more.
  private mutating func raise(_ cap: Money) {
    let more = cap + Money(picodollars: Market.worst * 3 / 2)
    self.cap = more
    handle(
      .requested(
        Request(
          id: "cap", run: run, action: .setCap(more), by: "ann", at: now, notBefore: now)))
  }

  private mutating func start(_ order: LaunchOrder) {
    world.execute(order)
    if order.reservation != nil {
      let candidate = SealedObject(
        digest: Digest(of: "result of attempt \(order.attempt)"), sizeBytes: 1)
      let report = market.send(order, candidate: candidate, at: now, using: &random)
      return pending.append(.event(.ended(order.attempt, report)))
    }
    if Bool.random(using: &random) {
      pending.append(.event(.launched(order.attempt, pid: 42)))
    }
    pending.append(.event(.ended(order.attempt, world.report(order, using: &random))))
  }

  /// Takes back the orders that wait for a slot, and for which `isMeant`.
  private mutating func recall(where isMeant: (AttemptID) -> Bool) {
    let none = ProcessUsage(elapsedMilliseconds: 0, outputBytes: 0)
    pending = pending.map { entry in
      guard case .waiting(let order) = entry, isMeant(order.attempt) else { return entry }
      return .event(.ended(order.attempt, AttemptReport(end: .neverStarted, usage: none)))
    }
  }

  private mutating func handle(_ event: Event) {
    let effects = machine.handle(event, at: now, using: &random)
    for change in effects.changes { person.note(change) }
    if options.bug == .sendsBeforeReserving {
      for change in effects.changes {
        guard case .attemptStarted(let start) = change, let reservation = start.reservation else {
          continue
        }
        let order = LaunchOrder(
          attempt: start.attempt,
          item: ClaimedItem(id: start.item, ordinal: 1, key: "early", payload: .null),
          tryNumber: start.tryNumber, key: start.key, reservation: reservation)
        _ = market.send(
          order, candidate: SealedObject(digest: Digest(of: ""), sizeBytes: 0), at: now,
          using: &random)
      }
    }
    pending += effects.immediate.map(Pending.action)
    if options.bug == .actsBeforeCommit {
      pending += effects.afterCommit.map(Pending.action)
      if !effects.changes.isEmpty {
        batches.append(Submitted(changes: effects.changes, afterCommit: []))
      }
    } else if !effects.changes.isEmpty || !effects.afterCommit.isEmpty {
      batches.append(Submitted(changes: effects.changes, afterCommit: effects.afterCommit))
    }
  }

  /// Commits the oldest batch, and perhaps some that wait behind it, as a group commit does.
  private mutating func commit() throws {
    let count = Int.random(in: 1...batches.count, using: &random)
    let group = batches.prefix(count)
    batches.removeFirst(count)
    let changes = group.flatMap(\.changes)
    if !changes.isEmpty { try store.apply(changes, of: run, at: now) }
    // The acknowledgement may be lost in a crash: committed, and nobody was told.
    if Int.random(in: 0..<100, using: &random) < options.crashPercent { return try crash() }
    pending += group.flatMap(\.afterCommit).map(Pending.action)
  }

  private mutating func perform(_ action: Action) throws {
    switch action {
    case .claim(let limit, _, let blocked):
      // A claim goes through the write queue: everything submitted before it is committed first.
      let asked = crashes
      while !batches.isEmpty { try commit() }
      guard crashes == asked else { return }
      let claim = try store.claim(
        limit, scope: .all, blocked: Set(blocked), of: run, at: now)
      pending.append(
        .event(
          .claimed(ClaimAnswer(items: claim.items, nextDue: claim.nextDue, open: claim.open))))
    case .prepare(let item): pending.append(.event(.prepared(item.id, try prepare(item))))
    case .confirm(let attempts): pending.append(.event(.admitted(attempts)))
    case .launch(let order):
      pending.append(.waiting(order))
    case .recallWaiting: recall { _ in true }
    case .kill(let attempt):
      recall { $0 == attempt }
      let bare = AttemptReport(
        end: .killed, usage: ProcessUsage(elapsedMilliseconds: 1, outputBytes: 0))
      pending.append(
        .event(.ended(attempt, options.isCalling ? market.killed(attempt) : bare)))
    case .check(let order):
      pending.append(.event(.checked(order.attempt, world.check(order, using: &random))))
    case .publish(let attempt, _, let intents, _):
      pending.append(.event(.published(attempt, world.publish(intents))))
    case .release(let items):
      store.release(items)
      pending.append(.event(.released))
    case .judgeCanary, .endCanary, .resize: break
    case .wake(let moment): wakeAt = moment
    case .leave(let departure): self.departure = departure
    }
  }

  private mutating func prepare(_ item: ClaimedItem) throws -> Preparation {
    let key = World.key(item)
    guard try store.receipts(for: [key.key])[0] == nil else {
      return .keep(.unchanged, note: "")
    }
    return .run(
      key, why: "new",
      demand: options.isCalling ? Market.demand(of: item, using: &random) : nil)
  }

  /// The engine dies: what was not committed is gone, what the world did stays.
  private mutating func crash() throws {
    crashes += 1
    pending = []
    batches = []
    wakeAt = nil
    try startEngine()
  }

  private mutating func startEngine() throws {
    let epoch = try store.beginEpoch(pid: 1, bootID: "boot", host: "host", at: now)
    let abandoned = try store.openAttempts(of: run).map { open -> Abandoned in
      var evidence = Abandoned.Evidence.neverLaunched
      if open.hasResult, options.bug != .forgetsResults {
        evidence = .hasResult
      } else if world.launched.contains(open.attempt), options.bug != .deniesUnknown {
        evidence = .mayHaveRun
      } else if open.reservation != nil, open.step == 0 {
        evidence = .mayHaveRun  // a call leaves no trace before its answer; a process does
      }
      let isForgotten = options.bug == .forgetsReservations
      return Abandoned(
        attempt: open.attempt, item: open.item, step: open.step, tries: open.tries,
        evidence: evidence, reservation: isForgotten ? nil : open.reservation, model: open.model)
    }
    let changes = Recovery.changes(for: abandoned)
    if !changes.isEmpty { try store.apply(changes, of: run, at: now) }
    let defined = Parallel(run: options.slots, llm: options.slots)
    let parallel = try store.parallel(of: run) ?? defined
    let holds = try store.holds(of: run)
    person.remember(holds)
    machine = Machine(
      Configuration(
        run: run, epoch: epoch, steps: steps, slots: parallel.run,
        firstAttempt: try store.nextAttempt(), callSlots: parallel.llm, providers: providers,
        providerStates: try store.providerStates(), allowance: try allowance(), startedAt: now,
        holds: holds, definedParallel: defined))
    handle(.started)
  }

  private func allowance() throws -> Allowance {
    Allowance(
      limits: BudgetLimits(cap: capAtStart), spent: try store.spent(of: run, at: now),
      state: try store.budgetState(of: run))
  }
}
