// One engine from its lock to its departure: open, choose the run, recover, work, close.

package import BatchDefinition
package import BatchModel
package import BatchStore
import DurableFiles
import Engine
import Executors
import Foundation
package import Resilience

/// How a session ended.
package struct SessionEnd: Sendable {
  package var end: LoopEnd
  /// The run as it stands afterwards.
  package var summary: RunSummary
}

/// What a session tells while it works.
package enum SessionNews: Sendable {
  /// The run is chosen: a new one, or an old one with what was recovered.
  case began(RunSummary, resumed: Bool, recovered: Int)
  /// The run's items are in line with their source.
  case compared(SourceReport, rechecked: Int)
  /// Entries of the source that are no items.
  case sourceProblems([String])
  /// These changes are durable now; `names` has the keys of the items that they are about.
  case committed(Instant, [Change])
  /// Items came into the window.
  case claimed([ClaimedItem])
  /// Something that went wrong beside the work.
  case warning(String)
}

/// Runs one engine in this process.
package struct EngineSession {
  /// How long a restarted engine waits for a client that applies requests in its place.
  private static let restartPatience = Duration.seconds(60)

  let layout: WorkspaceLayout
  let definition: LoadedDefinition
  let options: RunOptions
  let clock: @Sendable () -> Instant
  let news: @Sendable (SessionNews) -> Void

  package init(
    layout: WorkspaceLayout, definition: LoadedDefinition, options: RunOptions,
    clock: @escaping @Sendable () -> Instant = { Instant.wallClock },
    news: @escaping @Sendable (SessionNews) -> Void
  ) {
    self.layout = layout
    self.definition = definition
    self.options = options
    self.clock = clock
    self.news = news
  }

  /// Works until nothing is left, it is stopped, or it cannot go on.
  ///
  /// - Parameter stop: a mailbox through which signals reach the engine.
  /// - Throws: `OpenError`, `SessionError`, `ItemSourceError`, `StoreError`, `FilesError`: before
  ///   anything was started.
  package func run(signals: SignalInbox) async throws -> SessionEnd {
    let unbounded = definition.batch.stepsWithoutBound
    guard options.budget == nil || unbounded.isEmpty else {
      throw SessionError.unbounded(steps: unbounded)
    }
    let end: Result<SessionEnd, any Error>
    do {
      end = .success(try await telling { try await $0.hold(signals) })
    } catch let error as OpenError {
      throw error
    } catch {
      end = .failure(error)
    }
    // The workspace is free again: whoever asked while it was being left is heard here.
    try OfflineRequests(layout: layout).drain()
    return try end.get()
  }

  /// Works while it holds the workspace.
  private func hold(_ signals: SignalInbox) async throws -> SessionEnd {
    let workspace = try OpenWorkspace(
      layout, lockWait: options.isRestart ? Self.restartPatience : .seconds(2))
    let reserve = Reserve(at: layout.reserve)
    try reserve.fill()
    let news = news
    // Short commands end faster than the disk commits: some milliseconds gather dozens of them in
    // one transaction, and starts that are committed ahead keep the slots busy meanwhile.
    let gathering = WriteQueue.Options(delayMax: .milliseconds(10))
    let queue = WriteQueue(store: workspace.store, options: gathering) {
      do {
        if try reserve.free() { news(.warning("the disk is full: the reserve is given up")) }
      } catch {
        news(.warning("the disk is full, and the reserve cannot be given up: \(error)"))
      }
    }
    let result: Result<SessionEnd, any Error>
    do {
      result = .success(try await work(in: workspace, queue, signals))
    } catch {
      result = .failure(error)
    }
    await queue.shutdown()
    try workspace.close()
    return try result.get()
  }

  private func work(
    in workspace: OpenWorkspace, _ queue: WriteQueue, _ signals: SignalInbox
  ) async throws -> SessionEnd {
    let store = workspace.store
    let now = clock()
    let epoch = try store.beginEpoch(
      pid: Host.pid, bootID: Host.bootID, host: Host.name, at: now)
    let recovery = CrashRecovery(
      layout: layout, store: store, epoch: epoch, digest: definition.written.digest,
      steps: definition.batch.steps)
    let (summary, isNew) = try chooseRun(store, epoch, recovery, at: now)
    let run = summary.run
    let recovered = try recovery.recover(run, at: now)
    let refusedCommits = try await sweepRepository(epoch)
    news(.began(summary, resumed: !isNew, recovered: recovered))
    if options.heals {
      let healed = try SelfHealing(layout: layout, store: store).apply(to: run, at: now)
      if !healed.isEmpty { news(.committed(now, healed)) }
    }
    let end = try await delivering(run, queue) { outbox in
      let renderer = TemplateRenderer()
      let intake = SourceIntake(
        layout: layout, batch: definition.batch, renderer: renderer, queue: queue, clock: clock)
      try await takeSource(intake, into: run, queue)
      try prepareRun(run, store, isNew: isNew)
      let ground = Ground(
        snapshot: try await snapshot(of: run, queue), refusedCommits: refusedCommits,
        outbox: outbox)
      var end = try await drive(run, epoch, workspace, queue, renderer, signals, on: ground)
      let late = LateRequests(run: run, layout: layout, queue: queue, clock: clock)
      while end == .left(.finished), try await late.take() > 0 {
        let move = RunMoved(run: run, to: .running, why: "items were queued again", by: "engine")
        try await queue.write([.runMoved(move)], of: run, at: clock())
        end = try await drive(run, epoch, workspace, queue, renderer, signals, on: ground)
      }
      try await collect(after: end, of: run, queue)
      return end
    }
    tidy(store, epoch)
    guard let after = try store.summary(of: run) else {
      throw ClientError.noRun(name: run.text)
    }
    return SessionEnd(end: end, summary: after)
  }
}

extension EngineSession {
  private func chooseRun(
    _ store: SQLiteStore, _ epoch: Epoch, _ recovery: CrashRecovery, at now: Instant
  ) throws -> (RunSummary, isNew: Bool) {
    let digest = definition.written.digest
    let selection = try RunSelection(options.resumption, definition: digest, store: store)
    var started = RunStarted(
      run: RunID(""), epoch: epoch, batch: definition.batch.name, definition: digest,
      pid: Host.pid, bootID: Host.bootID, host: Host.name, resumed: true)
    switch selection {
    case .resume(let summary):
      started.run = summary.run
      try store.apply([.runStarted(started)], of: summary.run, at: now)
      return (try resume(summary, store, at: now), false)
    case .create(let superseded):
      if let superseded {
        // Its engine may have died; what it left open stays with it, told as what it is.
        _ = try recovery.recover(superseded, at: now)
        let move = RunMoved(
          run: superseded, to: .superseded, why: "a new run began", by: NSUserName())
        try store.apply([.runMoved(move)], of: superseded, at: now)
      }
      var random = SystemRandomNumberGenerator()
      started.run = RunID.make(at: now, using: &random)
      started.resumed = false
      try store.createRun(started, definition: definition.written, at: now)
      return (try required(store.summary(of: started.run), started.run), true)
    }
  }

  /// A person's `run` goes on also after a pause; a guardian's restart keeps the pause.
  private func resume(
    _ summary: RunSummary, _ store: SQLiteStore, at now: Instant
  ) throws -> RunSummary {
    let isKeptPaused = summary.state == .paused && options.isRestart
    if !isKeptPaused, summary.state != .running {
      let move = RunMoved(run: summary.run, to: .running, why: "resumed", by: NSUserName())
      try store.apply([.runMoved(move)], of: summary.run, at: now)
    }
    return try required(store.summary(of: summary.run), summary.run)
  }

  private func required(_ summary: RunSummary?, _ run: RunID) throws -> RunSummary {
    guard let summary else { throw ClientError.noRun(name: run.text) }
    return summary
  }

  private func takeSource(
    _ intake: SourceIntake, into run: RunID, _ queue: WriteQueue
  ) async throws {
    let reader = try SQLiteReader(path: layout.database)
    let files = WorkspaceFiles(root: layout.root, store: reader, renderer: intake.renderer)
    let scan = ChangeScan(
      files: files, root: layout.root, reader: reader, queue: queue, clock: clock)
    async let changes = scan.changes()
    let report = try await compare(intake, run)
    let rechecked = try await scan.recheck(changes, in: run)
    news(.compared(report, rechecked: rechecked))
  }

  /// Compares the run with its source, unless the source is a file that did not change since.
  private func compare(_ intake: SourceIntake, _ run: RunID) async throws -> SourceReport {
    let mark = try SourceMark(of: definition.batch.items, in: layout)
    if let mark, mark.isNoted(for: run, in: layout) {
      return SourceReport(added: 0, changed: 0, vanished: 0, problems: [])
    }
    let outcome = try await intake.take(into: run)
    if !outcome.problems.isEmpty { news(.sourceProblems(outcome.problems)) }
    guard outcome.report.problems.isEmpty else {
      throw SessionError.unmetDependencies(outcome.report.problems.map(\.description))
    }
    if outcome.problems.isEmpty { try mark?.note(for: run, in: layout) }
    return outcome.report
  }

  /// Marks what `--only`, `--limit`, `--sample` and the canary let through, and queues the failed.
  private func prepareRun(_ run: RunID, _ store: SQLiteStore, isNew: Bool) throws {
    let now = clock()
    if options.retryFailed {
      var random = SystemRandomNumberGenerator()
      let action = ItemAction.retry(fromStep: nil, overrides: Overrides())
      let request = Request(
        id: RequestID.make(at: now, using: &random), run: run, action: .items(action, .failed),
        by: NSUserName(), at: now, notBefore: now)
      _ = try store.move(.failed, action, of: run, request: request, at: now)
    }
    try forgetParallel(of: run, store, at: now)
    // A cap that a person has changed since is not undone by a guardian.
    if let cap = options.budget, try !options.isRestart || store.budgetState(of: run).cap == nil {
      let why = "the cap is \(cap.dollars)"
      let moved = BudgetMoved(state: BudgetState(cap: cap), why: why, by: NSUserName())
      try store.apply([.budgetMoved(moved)], of: run, at: now)
    }
    // Again would buy again what this run has done since.
    if options.refresh || options.force, !options.isRestart {
      _ = try store.recheckAll(of: run, at: now)
    }
    if options.isFocused {
      let marked = try store.mark(
        .focus,
        .matching(
          glob: options.only, limit: options.limit, sample: options.sample, seed: options.seed),
        of: run, at: now)
      guard marked > 0 else {
        throw SessionError.nothingMatches(options.only ?? "--limit and --sample")
      }
    }
    if isNew, let canary = definition.batch.canary {
      _ = try store.mark(
        .canary, .pick(canary.pick, count: canary.items, seed: options.seed), of: run, at: now)
    }
  }

  private func drive(
    _ run: RunID, _ epoch: Epoch, _ workspace: OpenWorkspace, _ queue: WriteQueue,
    _ renderer: TemplateRenderer, _ signals: SignalInbox, on ground: Ground
  ) async throws -> LoopEnd {
    let mailbox = Mailbox<LoopMessage>()
    let gauges = GaugeBoard()
    let machine = try machine(run, epoch, workspace.store)
    let staff = try EngineStaff(
      run: run, epoch: epoch, workspace: workspace, definition: definition, queue: queue,
      renderer: renderer, insistence: options.insistence,
      slots: try parallel(of: run, workspace.store).run,
      snapshot: ground.snapshot, refusedCommits: ground.refusedCommits, mailbox: mailbox,
      gauges: gauges, clock: clock, news: news)
    signals.forward(to: { mailbox.post(.event(.interrupted(signal: $0))) })
    let spool = RequestSpool(layout)
    let watch = EngineWatch(
      run: run, layout: layout, holdsLock: { workspace.holdsLock }, queue: queue, mailbox: mailbox,
      gauges: gauges, slots: slotsInAll, files: staff.files,
      reloading: ReloadService(
        run: run, layout: layout, definition: definition, queue: queue, files: staff.files,
        renderer: renderer, clock: clock),
      outbox: ground.outbox, clock: clock, news: news)
    let observer = CommitObserver(
      run: run, epoch: epoch, executor: staff.executor, gauges: gauges, news: news)
    var driver = RunDriver(
      machine: machine, run: run, queue: queue, mailbox: mailbox, performer: staff.services,
      gauges: gauges, clock: clock, recorded: { spool.remove($0.id) },
      observer: { observer.note($1, at: $0) })
    if let stopAt = options.stopAt {
      mailbox.post(.event(.requested(stopRequest(stopAt, of: run))))
    }
    let watching = Task { [watch] in
      var watch = watch
      await watch.run()
    }  // ends with the loop, right below
    let end = await driver.run()
    watching.cancel()
    await watching.value
    return end
  }

  private func machine(_ run: RunID, _ epoch: Epoch, _ store: SQLiteStore) throws -> Machine {
    let canaryIsOpen = try store.counts(of: .canary, in: run).total > 0
    let scope: Scope = options.isFocused ? .focus : canaryIsOpen ? .canary : .all
    let isPaused = try store.summary(of: run)?.state == .paused
    let batch = definition.batch
    let now = clock()
    let parallel = try parallel(of: run, store)
    return Machine(
      Configuration(
        run: run, epoch: epoch, steps: batch.steps, slots: parallel.run, scope: scope,
        canary: batch.canary, isPaused: isPaused, firstAttempt: try store.nextAttempt(),
        callSlots: parallel.llm, providers: batch.providersInUse,
        providerStates: try store.providerStates(),
        allowance: Allowance(
          limits: batch.budget, spent: try store.spent(of: run, at: now),
          state: try store.budgetState(of: run)),
        startedAt: now, longWait: leavesOnLongWait ? batch.longWait.threshold : nil,
        leavesAtCap: !options.isDetached, holds: try store.holds(of: run),
        definedParallel: batch.parallel))
  }

  /// In front nobody would know that it sleeps; behind, it is there when the wait is over.
  private var leavesOnLongWait: Bool {
    switch definition.batch.longWait.reaction {
    case .leave: true
    case .stay: false
    case nil: !options.isDetached
    }
  }

  private func stopRequest(_ moment: Instant, of run: RunID) -> Request {
    let now = clock()
    var random = SystemRandomNumberGenerator()
    return Request(
      id: RequestID.make(at: now, using: &random), run: run, action: .stopAt(moment),
      by: NSUserName(), at: now, notBefore: now)
  }
}
