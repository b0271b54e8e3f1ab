// A machine with a manual clock and a seed, and the few values that its tests are told in.

import BatchModel
import Resilience

@testable import Engine

/// Drives one machine and remembers its last effects.
struct MachineFixture {
  var machine: Machine
  var now = Instant(milliseconds: 1_000_000)
  var random = SplitMix64(seed: 7)
  var last = Effects()

  init(
    steps: [Step] = [Fixture.step()], slots: Int = 2, scope: Scope = .all, canary: Canary? = nil,
    isPaused: Bool = false
  ) {
    machine = Machine(
      Configuration(
        run: RunID("run-test"), epoch: Epoch(1), steps: steps, slots: slots, scope: scope,
        canary: canary, isPaused: isPaused, firstAttempt: AttemptID(1)))
  }

  /// How many orders are out at once.
  var orderedMax: Int {
    machine.configuration.slots + machine.configuration.orderedAheadLimit
  }

  @discardableResult
  mutating func send(_ event: Event) -> Effects {
    last = machine.handle(event, at: now, using: &random)
    return last
  }

  /// Claims the items and prepares each to run.
  mutating func begin(_ items: [ClaimedItem], open: Int = 0) {
    send(.started)
    send(.claimed(ClaimAnswer(items: items, open: open)))
    for item in items { send(.prepared(item.id, .run(Fixture.key, why: "new"))) }
  }

  /// Claims, prepares and admits the items: those that have a slot run.
  mutating func launch(_ items: [ClaimedItem], open: Int = 0) {
    begin(items, open: open)
    send(.admitted((1...items.count).map { AttemptID(Int64($0)) }))
  }

  /// Answers a claim: nothing is left outside the window.
  mutating func claimNothing() { send(.claimed(ClaimAnswer(items: [], open: 0))) }

  mutating func request(_ action: Request.Action) {
    send(
      .requested(
        Request(
          id: "request-1", run: RunID("run-test"), action: action, by: "ada", at: now,
          notBefore: now)))
  }
}

enum Fixture {
  static let key = StepKey(components: [
    KeyComponent(name: "payload", half: .input, digest: Digest(of: "payload"))
  ])
  static let usage = ProcessUsage(elapsedMilliseconds: 3, outputBytes: 0)
  static let object = SealedObject(digest: Digest(of: "candidate"), sizeBytes: 9)
  static let intent = PublishIntent(path: "out/a.md", object: object, replaces: .absent)

  static func step(
    _ id: String = "only", output: String? = nil, checks: [Check] = [],
    enforcement: Enforcement = .strict, attempts: Int = 4
  ) -> Step {
    Step(
      id: id, kind: .run(.arguments([template("true")])), output: output.map(template),
      checks: checks, enforcement: enforcement, retry: RetryPolicy(attempts: attempts))
  }

  static func template(_ text: String) -> Template { Template(source: text, variables: []) }

  static func item(_ number: Int64, tries: Int = 0, unfinished: UnfinishedResult? = nil)
    -> ClaimedItem
  {
    ClaimedItem(
      id: ItemID(number), ordinal: number, key: "item-\(number)", payload: .object([:]),
      tries: tries, unfinished: unfinished)
  }

  static func items(_ count: Int) -> [ClaimedItem] { (1...count).map { item(Int64($0)) } }

  static func succeeded(_ candidate: SealedObject? = nil) -> AttemptReport {
    AttemptReport(end: .succeeded(candidate: candidate), usage: usage)
  }

  static func neverStarted() -> AttemptReport { AttemptReport(end: .neverStarted, usage: usage) }

  static func failed(_ kind: Failure.Class, status: Int32 = 0, _ message: String = "")
    -> AttemptReport
  {
    AttemptReport(
      end: .failed(Failure(kind: kind, status: status, message: message)), usage: usage)
  }
}

extension Effects {
  var launches: [AttemptID] {
    immediate.compactMap { if case .launch(let order) = $0 { order.attempt } else { nil } }
  }
  var starts: [ItemID] {
    changes.compactMap { if case .attemptStarted(let start) = $0 { start.item } else { nil } }
  }
  /// How many items the claim asks for.
  var claimed: Int? {
    immediate.lazy.compactMap { if case .claim(let limit, _, _) = $0 { limit } else { nil } }.first
  }
  var kills: [AttemptID] {
    immediate.compactMap { if case .kill(let attempt) = $0 { attempt } else { nil } }
  }
  var moves: [ItemMoved] {
    changes.compactMap { if case .itemMoved(let move) = $0 { move } else { nil } }
  }
  var runMoves: [RunMoved] {
    changes.compactMap { if case .runMoved(let move) = $0 { move } else { nil } }
  }
}
