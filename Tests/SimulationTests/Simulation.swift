// A whole run under one seed: the real machine on the real store, with crashes anywhere.

import BatchModel
import BatchStore
import Engine
import Resilience
import Synchronization

/// A mistake put in on purpose, to see that the simulation finds such a one.
enum PlantedBug: CaseIterable {
  /// Outside actions start before the batch that releases them is committed.
  case actsBeforeCommit
  /// After a crash a committed result is thrown away and bought again.
  case forgetsResults
  /// After a crash an attempt that may have run is counted as never started.
  case deniesUnknown
}

/// One simulated run.
struct Simulation {
  struct Options {
    var items = 7
    var steps = 2
    var slots = 3
    var crashPercent = 3
    var bug: PlantedBug?
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
  private(set) var crashes = 0
  private(set) var departure: Departure?
  private var random: SplitMix64
  private var now = Instant(milliseconds: 1_771_035_247_000)
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
    store = try SQLiteStore(inMemoryWith: MemoryObjects())
    steps = (0..<options.steps).map { index in
      Step(
        id: "step-\(index)", kind: .run(.arguments([Template(source: "true", variables: [])])),
        output: Template(source: "out", variables: []), retry: RetryPolicy(attempts: 3))
    }
    machine = Machine(
      Configuration(
        run: run, epoch: Epoch(0), steps: steps, slots: options.slots, firstAttempt: AttemptID(1)))
    try enqueue()
    try startEngine()
  }

  /// Items in a seeded graph of dependencies without cycles.
  private mutating func enqueue() throws {
    let batch = Batch(name: "simulated", items: ItemSource(kind: .list([])), steps: steps)
    let started = RunStarted(
      run: run, epoch: Epoch(0), batch: batch.name, definition: batch.digest, pid: 1,
      bootID: "boot", host: "host", resumed: false)
    try store.createRun(started, definition: batch, at: now)
    try store.openSource(of: run, at: now)
    var items: [SourceItem] = []
    for number in 0..<options.items {
      let needs = (0..<number).filter { _ in Int.random(in: 0..<100, using: &random) < 12 }
      items.append(
        SourceItem(
          key: "item-\(number)", payload: .object(["n": .integer(Int64(number))]),
          after: needs.map { "item-\($0)" }))
    }
    try store.offer(items, to: run, at: now)
    _ = try store.closeSource(of: run, at: now)
  }

  /// Runs to the end of the run, through crashes; false when it does not end.
  mutating func play(stepsMax: Int = 20_000) throws -> Bool {
    for _ in 0..<stepsMax {
      if departure != nil { return true }
      try oneStep()
    }
    return false
  }

  private mutating func oneStep() throws {
    now = now.advanced(by: .milliseconds(Int.random(in: 0...3, using: &random)))
    if Int.random(in: 0..<1000, using: &random) < options.crashPercent * 10 / 3 {
      return try crash()
    }
    if Int.random(in: 0..<100, using: &random) == 0 { return pullLever() }
    let choices = pending.count + (batches.isEmpty ? 0 : 1)
    guard choices > 0 else {
      if machine.isPaused { return pullLever() }
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

  /// Somebody pauses the run, or resumes it.
  private mutating func pullLever() {
    let action: Request.Action = machine.isPaused ? .resume : .pause
    handle(
      .requested(
        Request(id: "lever", run: run, action: action, by: "ann", at: now, notBefore: now)))
  }

  private mutating func start(_ order: LaunchOrder) {
    world.execute(order)
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
      pending.append(
        .event(
          .ended(
            attempt,
            AttemptReport(
              end: .killed, usage: ProcessUsage(elapsedMilliseconds: 1, outputBytes: 0)))))
    case .check(let order):
      pending.append(.event(.checked(order.attempt, world.check(order, using: &random))))
    case .publish(let attempt, _, let intents, _):
      pending.append(.event(.published(attempt, world.publish(intents))))
    case .release(let items):
      store.release(items)
      pending.append(.event(.released))
    case .judgeCanary, .endCanary: break
    case .wake(let moment): wakeAt = moment
    case .leave(let departure): self.departure = departure
    }
  }

  private func prepare(_ item: ClaimedItem) throws -> Preparation {
    let key = World.key(item)
    guard try store.receipts(for: [key.key])[0] == nil else {
      return .keep(.unchanged, note: "")
    }
    return .run(key, why: "new")
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
      }
      return Abandoned(
        attempt: open.attempt, item: open.item, step: open.step, tries: open.tries,
        evidence: evidence)
    }
    let changes = Recovery.changes(for: abandoned)
    if !changes.isEmpty { try store.apply(changes, of: run, at: now) }
    machine = Machine(
      Configuration(
        run: run, epoch: epoch, steps: steps, slots: options.slots,
        firstAttempt: try store.nextAttempt()))
    handle(.started)
  }
}

/// Objects in memory: a crash of the engine does not lose them.
private final class MemoryObjects: ObjectStoring {
  private let objects = Mutex<[Digest: [UInt8]]>([:])
  private struct Missing: Error {}

  func put(_ bytes: [UInt8]) -> SealedObject {
    let digest = Digest(of: bytes)
    objects.withLock { $0[digest] = bytes }
    return SealedObject(digest: digest, sizeBytes: Int64(bytes.count))
  }

  func bytes(of digest: Digest) throws -> [UInt8] {
    guard let bytes = objects.withLock({ $0[digest] }) else { throw Missing() }
    return bytes
  }
}
