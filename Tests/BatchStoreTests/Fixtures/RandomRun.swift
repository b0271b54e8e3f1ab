// A run under random work, for properties that must hold whatever happens.

import BatchModel
import BatchStore
import Resilience

/// Does random things to a run, the way engine, person and source do them; the same seed the same.
struct RandomRun {
  let driver: Driver
  var random: SplitMix64
  var held: [ItemID: (attempt: AttemptID?, hasResult: Bool)] = [:]
  private(set) var source: [SourceItem] = []
  private var requests = 0

  init(_ store: any StoreWriting, seed: UInt64, items: Int = 30) throws {
    driver = try Driver(store, run: "run-\(seed)", steps: 2)
    random = SplitMix64(seed: seed)
    source = (0..<items).map { Self.item($0, of: items, using: &random) }
    try driver.source(source)
  }

  /// Items come after earlier ones only, so that there is no circle; some keys repeat.
  private static func item(
    _ index: Int, of count: Int, using random: inout SplitMix64
  ) -> SourceItem {
    let number =
      index > 3 && Int.random(in: 0..<8, using: &random) == 0 ? index / 2 : index
    let after = (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in
      number == 0 ? nil : "k\(Int.random(in: 0..<number, using: &random))"
    }
    return SourceItem(
      key: "k\(number)", payload: .object(["n": .integer(Int64(index))]), after: after)
  }

  /// One random thing.
  mutating func step() throws {
    driver.tick(.milliseconds(Int.random(in: 0...700, using: &random)))
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<25: try claim()
    case 25..<70: try work()
    case 70..<73: try giveBack()
    case 73..<83: try move()
    case 83..<85: try tryFirst()
    case 85..<87: try recheck()
    case 87..<88: try moveMoney()
    case 88..<89: try track()
    case 89..<90: if Bool.random(using: &random) { try pullLever() } else { try note() }
    case 90..<93: try changeSource()
    case 93..<96: try driver.source(source)
    default: try crash()
    }
  }

  /// What a hook tells, and sometimes tells again.
  private mutating func track() throws {
    let content = "\(Int.random(in: 0..<3, using: &random))"
    let artifact = ArtifactTracked(
      action: .modified, path: "p\(Int.random(in: 0..<3, using: &random))",
      digest: Digest(of: content), from: ["x"], source: "hook", language: "swift", nature: "code",
      toldAt: driver.now)
    try driver.store.track([artifact, artifact], of: driver.run, at: driver.now)
  }

  /// What a person notes, takes away, or means for what is not there.
  private mutating func note() throws {
    let targets: [NoteTarget] = [
      .group(Signature(text: "exit 1")), .group(Signature(text: "unheard of")),
      .item(ItemID(Int64.random(in: 1...40, using: &random))),
    ]
    try driver.apply(
      .remarked(
        Remarked(
          run: driver.run, target: targets.randomElement(using: &random) ?? targets[0],
          text: ["", "a", "\u{202e}b"].randomElement(using: &random) ?? "", by: "ann")))
  }

  private mutating func claim() throws {
    let claim = try driver.claim(Int.random(in: 1...6, using: &random))
    for item in claim.items {
      precondition(held[item.id] == nil, "\(item.id) was claimed twice")
      held[item.id] = (item.unfinished?.attempt, item.unfinished != nil)
    }
  }

  private mutating func giveBack() throws {
    guard let item = held.keys.sorted().first(where: { held[$0]?.attempt == nil }) else { return }
    held[item] = nil
    driver.store.release([item])
  }

  private mutating func pickHeld() -> ItemID? { held.keys.sorted().randomElement(using: &random) }

  private mutating func work() throws {
    guard let item = pickHeld(), let row = try driver.store.detail(of: item)?.row else { return }
    guard let attempt = held[item]?.attempt else {
      let attempt = driver.nextAttempt()
      let key = driver.key("\(item) \(row.step)", path: "in/\(row.key)")
      try driver.apply(
        .attemptStarted(
          AttemptStarted(
            attempt: attempt, item: item, step: row.step, tryNumber: row.tries + 1,
            epoch: driver.epoch, key: key, why: "new", reservation: reservation())),
        driver.launched(item, attempt))
      held[item] = (attempt, false)
      return
    }
    if held[item]?.hasResult == true {
      try settle(item, attempt, row)
    } else if Int.random(in: 0..<4, using: &random) == 0 {
      var result = driver.result(item, attempt, step: row.step)
      result.consumption = consumption()
      try driver.apply(.resultRecorded(result))
      held[item]?.hasResult = true
    } else {
      try end(item, attempt, row)
    }
  }

  /// Some attempts are calls.
  private mutating func reservation() -> Reservation? {
    guard Bool.random(using: &random) else { return nil }
    return Reservation(
      provider: "acme", model: ["large", "small"].randomElement(using: &random) ?? "large",
      worstCase: Money(picodollars: Int64.random(in: 0...100, using: &random)),
      billing: Bool.random(using: &random) ? .metered : .subscription)
  }

  private mutating func consumption() -> Consumption? {
    reservation().map(Consumption.init(worstCaseOf:))
  }

  /// What of the money moves by itself: a provider, or the cap.
  private mutating func moveMoney() throws {
    if Bool.random(using: &random) {
      let state = ProviderState(heldUntil: Bool.random(using: &random) ? driver.now : nil)
      try driver.apply(
        .providerMoved(ProviderMoved(provider: "acme", to: "held", why: "quota", state: state)))
    } else {
      let cap = Int64.random(in: 0...9, using: &random)
      try driver.apply(
        .budgetMoved(
          BudgetMoved(
            state: BudgetState(
              cap: cap == 0 ? nil : Money(picodollars: cap),
              isLatched: Bool.random(using: &random)), why: "asked for", by: "ann")))
    }
  }

  /// What a person holds back, and how many slots there are.
  private mutating func pullLever() throws {
    let count = Int.random(in: 0...3, using: &random)
    let parallel = count == 0 ? nil : Parallel(run: count, llm: 2 * count)
    let hold =
      [Hold.provider("acme"), .step("step0"), .step("step1")].randomElement(using: &random)
      ?? .step("step0")
    try driver.apply(
      Bool.random(using: &random)
        ? .parallelMoved(ParallelMoved(parallel, by: "ann"))
        : .holdMoved(HoldMoved(hold, isHeld: Bool.random(using: &random), by: "ann")))
  }

  /// A retry of a group that tries a few items first.
  private mutating func tryFirst() throws {
    requests += 1
    let signature = Signature(text: "exit \(Int.random(in: 1...3, using: &random))")
    let (count, overrides) = (Int.random(in: 0...3, using: &random), Overrides(model: "small"))
    let request = driver.request(
      "\(driver.run)-\(requests)", .retryGroup(signature, canary: count, overrides))
    _ = try driver.store.retryGroup(
      signature, canary: count, overrides, of: driver.run, request: request, at: driver.now)
  }

  private mutating func settle(_ item: ItemID, _ attempt: AttemptID, _ row: ItemRow) throws {
    if Bool.random(using: &random) {
      try finish(item, attempt, row, withResult: false)
    } else {
      let failure = Failure(kind: .check, message: "empty")
      try driver.apply(
        .resultRejected(
          ResultRejected(
            attempt: attempt, item: item, failure: failure, signature: Signature(text: "check"))))
      try leave(item, row)
    }
  }

  private mutating func end(_ item: ItemID, _ attempt: AttemptID, _ row: ItemRow) throws {
    guard Int.random(in: 0..<3, using: &random) == 0 else {
      return try finish(item, attempt, row, withResult: true)
    }
    let signature = Signature(text: "exit \(Int.random(in: 1...3, using: &random))")
    try driver.apply(
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .failed,
          failure: Failure(kind: .exit, status: 1, message: "no"), signature: signature,
          consumption: consumption())))
    try leave(item, row, signature)
  }

  private mutating func finish(
    _ item: ItemID, _ attempt: AttemptID, _ row: ItemRow, withResult: Bool
  ) throws {
    let next = row.step == 0 && Bool.random(using: &random) ? 1 : nil
    try driver.apply(
      driver.done(
        item, attempt, step: row.step, next: next, withResult: withResult,
        artifact: "out/\(row.key)"))
    held[item] = next == nil ? nil : (nil, false)
  }

  private mutating func leave(
    _ item: ItemID, _ row: ItemRow, _ signature: Signature = Signature(text: "check")
  ) throws {
    let state =
      [ItemState.failed, .failed, .waiting, .queued, .skipped, .cancelled]
      .randomElement(using: &random) ?? .failed
    let isHeld = Bool.random(using: &random)
    try driver.apply(
      .itemMoved(
        ItemMoved(
          item: item, to: state, step: row.step, tries: row.tries,
          waitReason: state == .waiting ? isHeld ? .held : .retry : nil,
          until: state == .waiting && !isHeld ? driver.now.advanced(by: .seconds(1)) : nil,
          skipReason: state == .skipped
            ? [.unchanged, .olderRecipe, .byHand].randomElement(using: &random) : nil,
          signature: state == .failed ? signature : nil, note: "note",
          model: state == .queued ? 1 : nil)))
    held[item] = nil
  }

  private mutating func move() throws {
    requests += 1
    let rows = try driver.rows()
    let ids = rows.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map(\.id)
    let selectors: [ItemSelector] = [
      .failed, .group(Signature(text: "exit 1")), .ids(ids), .ids(ids),
    ]
    let actions: [ItemAction] = [
      .retry(fromStep: nil, overrides: Overrides()), .retry(fromStep: nil, overrides: Overrides()),
      .retry(fromStep: 0, overrides: Overrides(force: true)), .skip(reason: "by hand"),
      .cancel(reason: "not needed"), .accept(reason: "fine", overwrite: false),
      .accept(reason: "", overwrite: true), .sendBack(feedback: "too dry"),
    ]
    let selector = selectors.randomElement(using: &random) ?? .failed
    let action = actions.randomElement(using: &random) ?? actions[0]
    let moved = try driver.store.move(
      selector, action, of: driver.run,
      request: driver.request("\(driver.run)-\(requests)", .items(action, selector)),
      at: driver.now)
    precondition(moved.held.allSatisfy { held[$0] != nil }, "only held items are named as held")
  }

  private mutating func recheck() throws {
    let number = Int.random(in: 0..<source.count, using: &random)
    _ = try driver.store.recheck(
      paths: ["in/k\(number)", "out/k\(number)"], of: driver.run, at: driver.now)
  }

  private mutating func changeSource() throws {
    let index = Int.random(in: 0..<source.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      source[index].payload = .object(["n": .integer(Int64.random(in: 0...9, using: &random))])
    case 1: source.swapAt(index, Int.random(in: 0..<source.count, using: &random))
    case 2: source.insert(SourceItem(key: "new\(index)", payload: .null, after: []), at: index)
    default:
      let key = source[index].key
      guard !source.contains(where: { $0.after.contains(key) }), source.count > 5 else { return }
      source.remove(at: index)
    }
    try driver.source(source)
  }

  /// The engine dies; the next one closes what it left.
  private mutating func crash() throws {
    held = [:]
    driver.epoch = try driver.store.beginEpoch(pid: 2, bootID: "b", host: "h", at: driver.now)
    for open in try driver.store.openAttempts(of: driver.run) {
      if !open.hasResult {
        try driver.apply(
          .attemptEnded(
            AttemptEnded(
              attempt: open.attempt, item: open.item, outcome: .unknown,
              consumption: open.reservation.map(Consumption.init(worstCaseOf:)))))
      }
      let state = try driver.store.detail(of: open.item)?.row.state
      guard state == .running else { continue }
      try driver.apply(
        .itemMoved(ItemMoved(item: open.item, to: .queued, step: open.step, tries: open.tries)))
    }
  }
}
