// Attempts of `agent` steps: long-lived processes, each handed one attempt after the other.

package import BatchModel
package import DurableFiles
package import Resilience
import Synchronization

/// Runs attempts by agents that speak the agent protocol.
///
/// A process is started with the first attempt that finds none free, kept for the next ones, and
/// started anew when it died. One that breaks the protocol, falls silent or runs out of time is
/// killed with its tree; its attempt fails, and no other one.
package final class AgentPool: Sendable {
  private let processes: ProcessExecutor
  private let pool: BlockingPool
  private let environment: StepEnvironment
  private let mask: SecretMask
  private let folder: String
  private let runsFolder: String
  private let clock: @Sendable () -> Instant
  private let onEnds: @Sendable () -> Void
  private let finishing: AgentFinishing
  private let seats: Mutex<AgentSeats>
  private let stopWaiters = Mutex<[CheckedContinuation<Void, Never>]>([])

  /// - Parameters:
  ///   - slots: The most processes at once.
  ///   - clock: For the deadlines that agents are told.
  ///   - onEnds: Called after every attempt's end.
  package init(
    slots: Int, processes: ProcessExecutor, pool: BlockingPool, objects: ObjectStore,
    environment: StepEnvironment, folder: String, runsFolder: String,
    mask: SecretMask = SecretMask(), clock: @escaping @Sendable () -> Instant,
    onEnds: @escaping @Sendable () -> Void = {}
  ) {
    precondition(slots >= 1, "at least one slot")
    self.processes = processes
    self.pool = pool
    self.environment = environment
    self.mask = mask
    self.folder = folder
    self.runsFolder = runsFolder
    self.clock = clock
    self.onEnds = onEnds
    finishing = AgentFinishing(objects: objects, mask: mask, runsFolder: runsFolder)
    seats = Mutex(AgentSeats(seatsMax: slots))
  }

  /// Runs one attempt to its end.
  package func run(
    _ order: AgentOrder, onLaunch: @escaping @Sendable (Int32) -> Void = { _ in }
  ) async -> AttemptReport {
    await withCheckedContinuation { continuation in
      start([
        AttemptStart(
          attempt: order.step.attempt, order: { order }, onLaunch: onLaunch,
          onEnd: { continuation.resume(returning: $0) })
      ])
    }
  }

  /// Queues attempts; each starts when an agent is free for it.
  ///
  /// An order that cannot be made is a failure of class `input`. The run's folders must have been
  /// made by `StepExecutor.prepare`, whose `discardStaging` also removes the folders of these
  /// attempts.
  package func start(_ starts: [AttemptStart<AgentOrder>]) {
    seats.withLock { seats in
      for start in starts { seats.stages[start.attempt] = .preparing(isRecalled: false) }
    }
    pool.submit { [self] in
      for start in starts { prepare(start) }
      assign()
    }
  }

  private func prepare(_ start: AttemptStart<AgentOrder>) {
    let pending: PendingAttempt
    do {
      let order = try start.order()
      let staging = StagingFolder(in: "\(runsFolder)/\(order.step.run)/staging", order.step)
      let prepared = try staging.prepare(
        document: order.step.item.document.canonical, feedback: order.step.feedback)
      pending = PendingAttempt(
        order: order, staging: staging, prepared: prepared, onLaunch: start.onLaunch,
        onEnd: start.onEnd)
    } catch {
      _ = seats.withLock { $0.stages.removeValue(forKey: start.attempt) }
      start.onEnd(.notStarted(start.attempt, Failure(preparing: error)))
      return tellEnd()
    }
    if !seats.withLock({ $0.enqueue(pending) }) { takeBack(pending) }
  }

  /// Ends an attempt; its report says `interrupted`, or `neverStarted` when no agent had it.
  ///
  /// The agent is told (`cancel`), and its process is ended with its tree. An attempt that does not
  /// run is ignored.
  package func kill(_ attempt: AttemptID, grace: Duration = ProcessExecutor.grace) {
    let (stage, pending) = seats.withLock { seats in
      if case .preparing = seats.stages[attempt] {
        seats.stages[attempt] = .preparing(isRecalled: true)
      }
      return (seats.stages[attempt], seats.takeWaiting(attempt))
    }
    if let pending { pool.submit { [self] in takeBack(pending) } }
    if case .working(let process) = stage { process.kill(attempt, grace: grace) }
  }

  /// Another number of processes; those that work go on to the end of their attempts.
  package func resize(slots: Int) {
    precondition(slots >= 1, "at least one slot")
    for process in seats.withLock({ $0.resize(to: slots) }) {
      process.dismiss(patience: ProcessExecutor.grace)
    }
    assign()
  }

  /// Takes back every attempt that no agent has: its report says `neverStarted`.
  package func recallWaiting() {
    let recalled = seats.withLock { $0.recallWaiting() }
    guard !recalled.isEmpty else { return }
    pool.submit { [self] in for pending in recalled { takeBack(pending) } }
  }

  /// Ends every agent and waits until they are gone; nothing is started any more.
  ///
  /// Idle agents get the end of their input and may end by themselves; those that work are ended
  /// at once, and their attempts are reported as `interrupted`.
  package func stop(patience: Duration = ProcessExecutor.grace) async {
    recallWaiting()
    let (idle, working) = seats.withLock { $0.stop() }
    for process in idle { process.dismiss(patience: patience) }
    for (process, attempt) in working { process.kill(attempt, grace: patience) }
    await withCheckedContinuation { continuation in
      stopWaiters.withLock { $0.append(continuation) }
      tellStopped()
    }
  }

  private func tellStopped() {
    let isOver = seats.withLock { $0.isStopped && $0.isEmpty }
    guard isOver else { return }
    let waiters = stopWaiters.withLock { waiters in
      defer { waiters = [] }
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  private func takeBack(_ pending: PendingAttempt) {
    if let prepared = pending.prepared {
      // What cannot be removed is found by the next engine, as ORPHANED_STAGING.
      try? FileTree.remove(prepared)
    }
    pending.onEnd(.neverStarted(pending.attempt))
    tellEnd()
  }

  private func tellEnd() {
    onEnds()
    tellStopped()
  }
}

extension AgentPool {
  /// Gives free agents to those who wait; file work and long lines are for the pool's threads.
  private func assign() {
    let tasks = seats.withLock { seats in
      seats.assign { pending in
        // An agent is named after its first attempt, and yet it is none.
        AgentProcess(
          id: AttemptID(-pending.attempt.number), identity: AgentIdentity(pending.order.step),
          processes: processes)
      }
    }
    for task in tasks {
      switch task {
      case .start(let pending, let process):
        pool.submit { [self] in hand(pending, to: process, isNew: true) }
      case .hand(let pending, let process):
        pool.submit { [self] in hand(pending, to: process, isNew: false) }
      case .dismiss(let process): process.dismiss(patience: ProcessExecutor.grace)
      }
    }
  }

  private func hand(_ pending: PendingAttempt, to process: AgentProcess, isNew: Bool) {
    let line: [UInt8]
    do {
      if let prepared = pending.prepared { try pending.staging.open(from: prepared) }
      line = try pending.order.commandLine(in: pending.staging, folder: folder, at: clock())
    } catch {
      seats.withLock { seats in
        _ = seats.release(process, isReusable: !isNew, hasLeft: isNew)
        seats.stages[pending.attempt] = nil
      }
      pending.onEnd(.notStarted(pending.attempt, Failure(preparing: error)))
      tellEnd()
      return assign()
    }
    guard process.open(pending.attempt, commandBytes: line.count) else {
      seats.withLock { $0.close(process) }
      requeue(pending)
      return assign()
    }
    guard seats.withLock({ $0.takeUp(pending.attempt, by: process) }) else {
      _ = process.takeTurn()
      _ = seats.withLock { $0.release(process, isReusable: !isNew, hasLeft: isNew) }
      takeBack(pending.opened)
      return assign()
    }
    let turn = ProcessTurn(
      input: line, log: LogOrder(path: logPath(of: pending)), timeout: pending.order.step.timeout,
      stall: pending.order.heartbeat)
    if isNew {
      launch(process, for: pending, turn)
    } else {
      processes.begin(turn, on: process.id)
      if let pid = process.pid { pending.onLaunch(pid) }
    }
    process.notePosted()
  }

  private func logPath(of pending: PendingAttempt) -> String {
    "\(runsFolder)/\(pending.order.step.run)/logs/\(pending.attempt).log"
  }

  private func launch(
    _ process: AgentProcess, for pending: PendingAttempt, _ turn: ProcessTurn
  ) {
    let step = pending.order.step
    let order = ProcessOrder(
      id: process.id, invocation: step.invocation,
      environment: environment.entries(
        attempt: process.id, epoch: step.epoch, environment: step.environment)
        + [
          "FOOTPLATE_RUN=\(step.run)", "FOOTPLATE_STEP=\(step.step)",
          "FOOTPLATE_AGENT_PROTOCOL=\(AgentProtocol.version)",
        ],
      folder: folder, input: .turns(turn.input), timeout: turn.timeout, stall: turn.stall,
      log: turn.log, marker: environment.marker(attempt: process.id, epoch: step.epoch), mask: mask,
      listener: { [self] chunk in
        process.hear(
          chunk, onTurnEnd: { self.turnEnded(process, $0) },
          onSpoiled: { seats.withLock { $0.closeIfIdle(process) } })
      })
    processes.launch(order) { [self] event in
      switch event {
      case .launched(let pid):
        process.note(pid: pid)
        pending.onLaunch(pid)
      case .ended(let report): processEnded(process, report)
      }
    }
  }

  /// The agent ended its attempt by its own word, and its log is closed.
  private func turnEnded(_ process: AgentProcess, _ report: ProcessTurnReport) {
    guard let ended = process.takeTurn() else { return }
    let pending = seats.withLock { seats in
      let isWanted = !seats.isStopped && !seats.isCrowded
      return seats.release(process, isReusable: ended.isReusable && isWanted, hasLeft: false)
    }
    if seats.withLock({ $0.isLeaving(process) }) {
      process.dismiss(patience: ProcessExecutor.grace)
    }
    assign()
    guard let pending else { return }
    finish(pending, ended, .turn(report, pid: process.pid))
  }

  /// The process is gone with its tree.
  private func processEnded(_ process: AgentProcess, _ report: ProcessReport) {
    if let ended = process.takeTurn(hasEnded: true) {
      let wasSeen = !ended.wasNeverSeen(by: report)
      let pending = seats.withLock { seats in
        wasSeen
          ? seats.release(process, isReusable: false, hasLeft: true) : seats.vacate(process)
      }
      if let pending, wasSeen {
        finish(pending, ended, .process(report))
      } else if let pending {
        requeue(pending)
      }
    } else {
      // Whoever is about to hand it an attempt finds that it has ended.
      _ = seats.withLock { $0.vacate(process) }
    }
    assign()
    tellStopped()
  }

  /// The agent ended before it read the command: another one gets it.
  private func requeue(_ pending: PendingAttempt) {
    let isQueued = seats.withLock { $0.enqueue(pending.opened, first: true) }
    if !isQueued { pool.submit { [self] in takeBack(pending.opened) } }
  }

  private func finish(
    _ pending: PendingAttempt, _ ended: AgentProcess.Ended, _ seen: AgentFinishing.Seen
  ) {
    pool.submit { [self] in
      pending.onEnd(finishing.report(pending, ended, seen))
      tellEnd()
    }
  }
}
