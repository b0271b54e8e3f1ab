// The engine as a value: events in, effects out. No clock, no I/O, no randomness of its own.

package import BatchModel
import DequeModule
package import Resilience

/// Decides everything that happens in a run.
///
/// The machine holds a window of claimed items and takes each through
/// prepare → start → check → publish, step by step. It never waits: whatever takes time is an
/// `Action` whose answer comes back as an `Event`.
package struct Machine: Sendable {
  /// What the machine is up to.
  enum Mode: Hashable, Sendable {
    /// Claims and starts.
    case working
    /// Starts nothing until it is resumed; what runs goes on.
    case paused
    /// Starts nothing; leaves when nothing is under way.
    case draining(Departure, why: String, by: String)
    /// Has left.
    case left
  }

  private(set) var configuration: Configuration
  var mode: Mode
  /// What a person holds back.
  var holds: Set<Hold>
  var scope: Scope
  var window: [ItemID: WindowEntry] = [:]
  /// Items in phase `ready`, in the order in which they may start; may name items that left it.
  var ready: Deque<ItemID> = []
  /// Those of them that have begun: a later step, or another try.
  ///
  /// They start first, so that results come one by one from the beginning, and not all at the end.
  var begun: Deque<ItemID> = []
  /// Attempts in phase `admitted`, oldest first; may name attempts that left it.
  var admitted: Deque<AttemptID> = []
  /// The items of the attempts under way.
  var itemOfAttempt: [AttemptID: ItemID] = [:]
  var admittedAhead = 0
  /// Attempts that are with the executor: at most as many as there are slots run.
  var ordered = 0
  /// By the provider's name.
  var gates: [String: Gate]
  var purse: Purse
  /// Attempts that hold a permit.
  var callsInFlight = 0
  /// Those of them that run in a slot, as processes.
  var processCalls = 0
  /// Whether the next free slot is for a command without a permit, when both kinds wait for one.
  var isCommandsTurn = false
  var nextAttempt: Int64
  var claiming = Claiming()
  var stopAt: Instant?
  /// The moment that the last `Action.wake` asked for.
  var wakeAt: Instant?
  var effects = Effects()
  var now = Instant(nanoseconds: 0)

  package init(_ configuration: Configuration) {
    self.configuration = configuration
    mode = configuration.isPaused ? .paused : .working
    scope = configuration.scope
    holds = Set(configuration.holds)
    nextAttempt = configuration.firstAttempt.number
    let states = configuration.providerStates
    gates = Dictionary(
      configuration.providers.map { ($0.name, Gate($0, state: states[$0.name])) }
    ) { $1 }
    purse = Purse(configuration.allowance, at: configuration.startedAt)
  }

  /// Takes one event and says what is to be done.
  package mutating func handle(
    _ event: Event, at now: Instant, using random: inout some RandomNumberGenerator
  ) -> Effects {
    self.now = now
    effects = Effects()
    guard mode != .left else { return effects }
    switch event {
    case .started: break
    case .claimed(let answer): take(answer)
    case .released: noteReleased()
    case .prepared(let item, let preparation): take(preparation, of: item, using: &random)
    case .admitted(let attempts): confirmAdmitted(attempts, using: &random)
    case .launched(let attempt, let pid): noteLaunched(attempt, pid: pid)
    case .ended(let attempt, let report): end(attempt, report, using: &random)
    case .checked(let attempt, let report): take(report, of: attempt, using: &random)
    case .published(let attempt, let report): take(report, of: attempt, using: &random)
    case .requested(let request): obey(request, using: &random)
    case .moved(let action, _, let held): apply(action, to: held, using: &random)
    case .canaryCounted(let counts): judgeCanary(counts, using: &random)
    case .interrupted(let signal): interrupt(signal, using: &random)
    case .tick:
      wakeAt = nil
      claiming.retry()
    }
    advance(using: &random)
    return effects
  }

  /// Whether a person, a time or a cap may still end it.
  var isOpenToWork: Bool { mode == .working || mode == .paused }

  /// What follows from any event: start what may start, claim what there is room for, leave when
  /// there is nothing left.
  private mutating func advance(using random: inout some RandomNumberGenerator) {
    if isOpenToWork, let stopAt, stopAt <= now {
      drain(
        .stopped, why: "the time to stop has come", by: "engine", now: false, using: &random)
    }
    admitReady()
    admitCalls(using: &random)
    launchAdmitted()
    // Slots that were kept for commands, of which none is left.
    if isCommandsTurn, admitted.isEmpty { admitCalls(using: &random) }
    claimMore()
    leaveIfNothingIsLeft()
    setWake()
  }

  /// The slots in use, for the gauges.
  package var slotsUsed: Int {
    min(ordered + processCalls, configuration.slots) + callsInFlight - processCalls
  }
  /// The slots of each kind.
  package var parallel: Parallel {
    Parallel(run: configuration.slots, llm: configuration.callSlots)
  }
  /// Another number of slots, effective at once; what runs beyond it goes on to its end.
  mutating func setParallel(_ wanted: Parallel?, by: String) {
    // A request is a file: its numbers may be anything.
    let wanted = wanted.map { Parallel(run: max(1, $0.run), llm: max(1, $0.llm)) }
    let parallel = wanted ?? configuration.definedParallel
    configuration.slots = parallel.run
    configuration.callSlots = parallel.llm
    effects.changes.append(.parallelMoved(ParallelMoved(wanted, by: by)))
    effects.immediate.append(.resize(parallel))
    claiming.retry()
  }
  /// Whether any step calls a provider.
  package var hasGates: Bool { !gates.isEmpty }
  /// How the providers' permits stand, for the gauges.
  package var gateGauges: [GateGauge] {
    guard !gates.isEmpty else { return [] }
    var waiting: [String: Int] = [:]
    for entry in window.values {
      guard let demand = entry.demand, case .ready = entry.phase else { continue }
      waiting[demand.reservation.provider, default: 0] += 1
    }
    return gates.keys.sorted().compactMap { name in
      gates[name]?.gauge(
        waiting: waiting[name] ?? 0, isHeld: holds.contains(.provider(name)), at: now)
    }
  }
  /// How the caps stand; `nil` without one.
  package var budgetGauge: BudgetGauge? { purse.gauge }
  /// The items held, for the gauges.
  package var windowCount: Int { window.count }
  /// Whether new attempts are held back by a person.
  package var isPaused: Bool { mode == .paused }
}
