// The loop around the machine: messages in, effects carried out, until the machine leaves.

package import BatchModel
package import BatchStore
package import Engine
package import Resilience

/// Something that reaches the engine's loop.
package enum LoopMessage: Sendable {
  case event(Event)
  /// Told when the machine has taken in what came before, and its immediate actions have begun.
  case handled(@Sendable () -> Void)
  /// A batch of changes is durable; its actions may start.
  case committed([Action])
  /// A write failed: its outcome is unknown, and the machine is no longer true.
  case failed(StoreError)
  /// Some other part of the engine cannot go on.
  case broken(String)
}

extension Mailbox<LoopMessage> {
  /// Posts an event and waits until the machine has taken it in, or the task is cancelled.
  func deliver(_ event: Event) async {
    let (handled, handling) = AsyncStream.makeStream(of: Void.self)
    post(contentsOf: [.event(event), .handled { handling.finish() }])
    for await _ in handled {}
  }
}

/// Why a loop ended.
package enum LoopEnd: Sendable, Equatable {
  case left(Departure)
  /// The machine was discarded; a new engine goes on from the store.
  case storeFailed(StoreError)
  /// Another process took the workspace over, or a file of it is gone.
  case broken(String)
}

/// Carries out the actions of the machine.
package protocol ActionPerformer: Sendable {
  /// Does it and gives the machine's answer, if it has one.
  ///
  /// - Parameter report: for what is to be known before the end.
  /// - Throws: when the engine cannot go on at all; whatever fails one item is an answer.
  func perform(
    _ action: Action, report: @escaping @Sendable (Event) -> Void
  ) async throws(StoreError) -> Event?

  /// `Action.launch` of each, without a task of its own: returns at once, and reports from any thread.
  ///
  /// A report wakes nobody: the performer wakes the loop when the reports are worth a turn.
  func launch(_ orders: [LaunchOrder], report: @escaping @Sendable (Event) -> Void)

  /// `Action.kill` at once.
  func kill(_ attempt: AttemptID)

  /// `Action.recallWaiting` at once: what is launched later is not meant.
  func recallWaiting()

  /// `Action.resize` at once.
  func resize(_ parallel: Parallel)

  /// Ends what was launched, and returns when nothing runs any more.
  func stop() async

  /// Answers `Action.prepare` for several items at once: there is one for each that is claimed.
  func prepare(_ items: [ClaimedItem]) async throws(StoreError) -> [Event]
}

/// Runs one machine.
///
/// *Concurrency*: one task runs `run()`; everybody else posts to the mailbox.
package struct RunDriver {
  private var machine: Machine
  private var random: any RandomNumberGenerator
  private let run: RunID
  private let queue: WriteQueue
  private let mailbox: Mailbox<LoopMessage>
  private let performer: any ActionPerformer
  private let clock: @Sendable () -> Instant
  private let observer: (@Sendable (Instant, [Change]) -> Void)?
  /// Called when a request is durable: its file may go.
  private let recorded: @Sendable (Request) -> Void
  private let gauges: GaugeBoard
  private var gatesNotedAt = Instant(nanoseconds: 0)

  package init(
    machine: Machine, run: RunID, queue: WriteQueue, mailbox: Mailbox<LoopMessage>,
    performer: any ActionPerformer, gauges: GaugeBoard,
    random: any RandomNumberGenerator = SystemRandomNumberGenerator(),
    clock: @escaping @Sendable () -> Instant,
    recorded: @escaping @Sendable (Request) -> Void = { _ in },
    observer: (@Sendable (Instant, [Change]) -> Void)? = nil
  ) {
    self.machine = machine
    self.run = run
    self.queue = queue
    self.mailbox = mailbox
    self.performer = performer
    self.gauges = gauges
    self.random = random
    self.clock = clock
    self.observer = observer
    self.recorded = recorded
  }

  /// Runs until the machine leaves or the store fails; then nothing of it is under way any more.
  package mutating func run() async -> LoopEnd {
    await withDiscardingTaskGroup { group in
      let end = await loop(&group)
      await performer.stop()
      group.cancelAll()
      return end
    }
  }

  private mutating func loop(_ group: inout DiscardingTaskGroup) async -> LoopEnd {
    await handle([.started], &group)
    while true {
      var events: [Event] = []
      var waiters: [@Sendable () -> Void] = []
      for message in await mailbox.next() {
        switch message {
        case .event(let event): events.append(event)
        case .handled(let tell): waiters.append(tell)
        case .committed(let actions):
          // An answer that needs no work comes in the same turn.
          for case .confirm(let attempts) in actions { events.append(.admitted(attempts)) }
          if let departure = begin(actions, &group) { return .left(departure) }
        case .failed(let error): return .storeFailed(error)
        case .broken(let reason): return .broken(reason)
        }
      }
      await handle(events.withoutLaunchesOfEnded, &group)
      for tell in waiters { tell() }
    }
  }

  /// Hands events to the machine; what it wants written goes into one submission.
  ///
  /// Immediate actions wait for no commit, but they come after the submission: a claim that
  /// overtook an item's way back to the queue would not find it, and the run would end without it.
  private mutating func handle(_ events: [Event], _ group: inout DiscardingTaskGroup) async {
    let now = clock()
    var changes: [Change] = []
    var afterCommit: [Action] = []
    var immediate: [Action] = []
    for event in events {
      let effects = machine.handle(event, at: now, using: &random)
      if let request = effects.request {
        await submit(changes, afterCommit, at: now)
        (changes, afterCommit) = ([], [])
        await record(request, effects, at: now)
      } else {
        changes += effects.changes
        afterCommit += effects.afterCommit
      }
      immediate += effects.immediate
    }
    await submit(changes, afterCommit, at: now)
    _ = begin(immediate, &group)
    gauges.note(
      slotsUsed: machine.slotsUsed, windowItems: machine.windowCount, parallel: machine.parallel)
    noteGates(at: now)
  }

  /// At most ten times a second: it counts through the window.
  private mutating func noteGates(at now: Instant) {
    guard machine.hasGates, gatesNotedAt.duration(to: now) >= .milliseconds(100) else { return }
    gatesNotedAt = now
    gauges.note(gates: machine.gateGauges, budget: machine.budgetGauge)
  }

  /// Items whose keys are computed in one go.
  private static let preparedTogether = 32
  /// Orders that are rendered in one go.
  private static let launchedTogether = 4

  /// Starts actions; their answers come through the mailbox.
  ///
  /// A departure is given back.
  private func begin(_ actions: [Action], _ group: inout DiscardingTaskGroup) -> Departure? {
    var items: [ClaimedItem] = []
    var orders: [LaunchOrder] = []
    for action in actions {
      switch action {
      case .leave(let departure): return departure
      case .prepare(let item): items.append(item)
      case .launch(let order): orders.append(order)
      case .confirm: break
      case .kill(let attempt): performer.kill(attempt)
      case .recallWaiting: performer.recallWaiting()
      case .resize(let parallel): performer.resize(parallel)
      default: begin(action, &group)
      }
    }
    for chunk in items.chunks(of: Self.preparedTogether) { prepare(chunk, &group) }
    for chunk in orders.chunks(of: Self.launchedTogether) { launch(chunk) }
    return nil
  }

  private func launch(_ orders: [LaunchOrder]) {
    let mailbox = mailbox
    performer.launch(orders) { mailbox.postQuietly(.event($0)) }
  }

  private func begin(_ action: Action, _ group: inout DiscardingTaskGroup) {
    let (performer, mailbox) = (performer, mailbox)
    group.addTask {
      do throws(StoreError) {
        let answer = try await performer.perform(action) { mailbox.post(.event($0)) }
        if let answer { mailbox.post(.event(answer)) }
      } catch {
        mailbox.post(.failed(error))
      }
    }
  }

  private func prepare(_ items: [ClaimedItem], _ group: inout DiscardingTaskGroup) {
    let (performer, mailbox) = (performer, mailbox)
    group.addTask {
      do throws(StoreError) {
        mailbox.post(contentsOf: try await performer.prepare(items).map(LoopMessage.event))
      } catch {
        mailbox.post(.failed(error))
      }
    }
  }

  private func submit(_ changes: [Change], _ afterCommit: [Action], at now: Instant) async {
    guard !changes.isEmpty else {
      if !afterCommit.isEmpty { mailbox.post(.committed(afterCommit)) }
      return
    }
    let (mailbox, observer) = (mailbox, observer)
    await queue.submit(changes, of: run, at: now) { result in
      switch result {
      case .success:
        observer?(now, changes)
        mailbox.post(.committed(afterCommit))
      case .failure(let error): mailbox.post(.failed(error))
      }
    }
  }

  /// A request and what it causes are one transaction, so that none is applied twice.
  private func record(_ request: Request, _ effects: Effects, at now: Instant) async {
    let run = run
    do throws(StoreError) {
      _ = try await queue.perform { store throws(StoreError) in
        try store.record(request, effects.changes, of: run, at: now)
      }
      recorded(request)
      observer?(now, effects.changes)
      mailbox.post(.committed(effects.afterCommit))
    } catch {
      mailbox.post(.failed(error))
    }
  }
}

extension Array {
  /// The elements in order, so many at a time.
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}

extension [Event] {
  /// The events without the launches of attempts whose ends are among them: that a process runs is
  /// worth a record only while it does.
  fileprivate var withoutLaunchesOfEnded: [Event] {
    var ended: Set<AttemptID> = []
    for case .ended(let attempt, _) in self { ended.insert(attempt) }
    guard !ended.isEmpty else { return self }
    return filter { event in
      if case .launched(let attempt, _) = event { !ended.contains(attempt) } else { true }
    }
  }
}
