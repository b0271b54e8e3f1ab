// An engine in miniature: what the tests make a store do, in one line each.

import BatchModel
import BatchStore
import Resilience

/// Drives one run of a store with a clock of its own.
final class Driver {
  let store: any StoreWriting
  let run: RunID
  var now = Instant(milliseconds: 1_763_700_000_000)
  var epoch = Epoch(1)
  private var lastAttempt: Int64 = 0

  init(_ store: any StoreWriting, run: String = "run-1", steps: Int = 1) throws {
    self.store = store
    self.run = RunID(run)
    let batch = Self.batch(steps: steps)
    epoch = try store.beginEpoch(pid: 1, bootID: "boot", host: "host", at: now)
    let started = RunStarted(
      run: self.run, epoch: epoch, batch: batch.name, definition: batch.digest, pid: 1,
      bootID: "boot", host: "host", resumed: false)
    try store.createRun(started, definition: batch, at: now)
    lastAttempt = try store.nextAttempt().number - 1
  }

  static func batch(steps: Int) -> Batch {
    let command = Command.shell(Template(source: "true", variables: []))
    return Batch(
      name: "batch", items: ItemSource(kind: .list([])),
      steps: (0..<steps).map { Step(id: "step\($0)", kind: .run(command)) })
  }

  func tick(_ duration: Duration = .milliseconds(1)) { now = now.advanced(by: duration) }

  static func item(_ key: String, after: [String] = [], _ value: String = "") -> SourceItem {
    SourceItem(key: key, payload: .object(["value": .string(value)]), after: after)
  }

  @discardableResult
  func source(_ items: [SourceItem]) throws -> SourceReport {
    try store.openSource(of: run, at: now)
    try store.offer(items, to: run, at: now)
    return try store.closeSource(of: run, at: now)
  }

  @discardableResult
  func source(_ keys: String...) throws -> SourceReport {
    try source(keys.map { Self.item($0) })
  }

  func claim(_ limit: Int = 100, _ scope: ClaimScope = .all) throws -> Claim {
    try store.claim(limit, scope: scope, blocked: [], of: run, at: now)
  }

  func apply(_ changes: Change...) throws {
    tick()
    try store.apply(changes, of: run, at: now)
  }

  func key(_ name: String, path: String? = nil) -> StepKey {
    StepKey(components: [
      KeyComponent(name: "payload", half: .input, digest: Digest(of: name), path: path),
      KeyComponent(name: "arguments", half: .recipe, digest: Digest(of: "arguments")),
    ])
  }

  func nextAttempt() -> AttemptID {
    lastAttempt += 1
    return AttemptID(lastAttempt)
  }

  func started(
    _ item: ItemID, _ attempt: AttemptID, step: Int = 0, tryNumber: Int = 1, key: StepKey? = nil
  ) -> Change {
    .attemptStarted(
      AttemptStarted(
        attempt: attempt, item: item, step: step, tryNumber: tryNumber, epoch: epoch,
        key: key ?? self.key("\(item)"), why: "new"))
  }

  func launched(_ item: ItemID, _ attempt: AttemptID) -> Change {
    .attemptLaunched(AttemptLaunched(attempt: attempt, item: item, pid: 4711))
  }

  func result(_ item: ItemID, _ attempt: AttemptID, step: Int = 0) -> ResultRecorded {
    ResultRecorded(
      attempt: attempt, item: item, step: step, candidate: sealed("candidate \(attempt)"),
      usage: ProcessUsage(elapsedMilliseconds: 5, outputBytes: 10))
  }

  func sealed(_ text: String) -> SealedObject {
    SealedObject(digest: Digest(of: text), sizeBytes: Int64(text.utf8.count))
  }

  func done(
    _ item: ItemID, _ attempt: AttemptID, step: Int = 0, next: Int? = nil, withResult: Bool = true,
    artifact: String? = nil
  ) -> Change {
    .stepDone(
      StepDone(
        attempt: attempt, item: item, step: step,
        artifacts: artifact.map { [Artifact(path: $0, object: sealed($0))] } ?? [],
        nextStep: next, result: withResult ? result(item, attempt, step: step) : nil))
  }

  /// Runs a claimed item's step to its end.
  func finish(_ item: ItemID, artifact: String? = nil, key: StepKey? = nil) throws {
    let attempt = nextAttempt()
    try apply(
      started(item, attempt, key: key), launched(item, attempt),
      done(item, attempt, artifact: artifact))
  }

  /// Runs a claimed item's step to a failure.
  ///
  /// - Parameter cost: what it is charged.
  func fail(_ item: ItemID, signature: String = "exit 1", cost: Money? = nil) throws {
    let attempt = nextAttempt()
    let failure = Failure(kind: .exit, status: 1, message: signature)
    let signature = Signature(text: signature)
    try apply(
      started(item, attempt), launched(item, attempt),
      .attemptEnded(
        AttemptEnded(
          attempt: attempt, item: item, outcome: .failed, failure: failure, signature: signature,
          consumption: cost.map { Consumption(provider: "acme", model: "m", cost: $0) })),
      .itemMoved(
        ItemMoved(item: item, to: .failed, step: 0, tries: 1, signature: signature, note: "no")))
  }

  func queuedAgain(_ item: ItemID) -> Change {
    .itemMoved(ItemMoved(item: item, to: .queued, step: 0))
  }

  func move(_ item: ItemID, to state: ItemState, step: Int = 0) throws {
    try apply(
      .itemMoved(
        ItemMoved(
          item: item, to: state, step: step,
          waitReason: state == .waiting ? .retry : nil,
          until: state == .waiting ? now.advanced(by: .seconds(1)) : nil,
          skipReason: state == .skipped ? .byHand : nil,
          signature: state == .failed ? Signature(text: "exit 1") : nil)))
  }

  func request(_ id: String, _ action: Request.Action = .pause) -> Request {
    Request(id: id, run: run, action: action, by: "ann", at: now, notBefore: now)
  }

  // MARK: Questions

  func rows(_ query: ItemQuery = ItemQuery(order: .source, limit: 1_000)) throws -> [ItemRow] {
    try store.page(query, of: run).rows
  }

  func row(_ key: String) throws -> ItemRow {
    guard let row = try store.find(key, in: run, limit: 1).first else {
      throw StoreError.conflict(reason: "no \(key)")
    }
    return row
  }

  func id(_ key: String) throws -> ItemID { try row(key).id }

  func states() throws -> [String: ItemState] {
    Dictionary(uniqueKeysWithValues: try rows().map { ("\($0.key)/\($0.occurrence)", $0.state) })
  }

  func state(_ key: String) throws -> ItemState { try row(key).state }

  var counts: ItemCounts {
    get throws { try store.summary(of: run)?.counts ?? ItemCounts() }
  }
}
