// One attempt of a `run` step from its staging folder to its sealed candidate.

package import BatchModel
package import DurableFiles
import Glibc
import Synchronization

/// Runs attempts.
///
/// File work happens on the blocking pool, processes on their own thread.
package final class StepExecutor: Sendable {
  private enum Stage {
    /// Its folder is being made; what is asked of it meanwhile is remembered.
    case preparing(Wish?)
    case launched
  }

  /// What somebody wants of an attempt before it is launched.
  private enum Wish {
    case kill, recall
  }

  private let processes: ProcessExecutor
  private let pool: BlockingPool
  private let objects: ObjectStore
  private let environment: StepEnvironment
  package let mask: SecretMask
  /// The folder that steps start in: the definition's.
  private let folder: String
  /// `.footplate/runs`.
  private let runsFolder: String
  private let onEnds: @Sendable () -> Void
  private let shelf = StagingShelf()
  /// Ended attempts whose folders are as they were made; until these are discarded.
  private let reusable = Mutex<Set<AttemptID>>([])
  private let stages = Mutex<[AttemptID: Stage]>([:])

  /// - Parameter onEnds: Called after ends that come on a thread of the pool; `processes` tells of
  ///   those on its own.
  package init(
    processes: ProcessExecutor, pool: BlockingPool, objects: ObjectStore,
    environment: StepEnvironment, folder: String, runsFolder: String,
    mask: SecretMask = SecretMask(), onEnds: @escaping @Sendable () -> Void = {}
  ) {
    self.onEnds = onEnds
    self.processes = processes
    self.pool = pool
    self.objects = objects
    self.environment = environment
    self.folder = folder
    self.runsFolder = runsFolder
    self.mask = mask
  }

  /// Where an attempt's log is, once it has written a byte.
  package func logPath(run: RunID, attempt: AttemptID) -> String {
    "\(runsFolder)/\(run)/logs/\(attempt).log"
  }

  /// Makes a run's folders; call it once before its first attempt.
  package func prepare(_ run: RunID) throws(FilesError) {
    try PrivateFolder.create("\(runsFolder)/\(run)/logs")
    try PrivateFolder.create("\(runsFolder)/\(run)/staging")
  }

  /// Removes the staging folders that are kept for reuse; call it when a run is over.
  package func clearStaging() throws(FilesError) { try shelf.clear() }

  /// Runs one attempt to its end, with its tree killed and its candidate sealed.
  package func run(
    _ order: StepOrder, onLaunch: @escaping @Sendable (Int32) -> Void = { _ in }
  ) async -> AttemptReport {
    await withCheckedContinuation { continuation in
      start([
        AttemptStart(
          attempt: order.attempt, order: { order }, onLaunch: onLaunch,
          onEnd: { continuation.resume(returning: $0) })
      ])
    }
  }

  /// Starts attempts, one after another on one thread of the pool.
  ///
  /// An order that cannot be made is a failure of class `input`.
  package func start(_ starts: [AttemptStart<StepOrder>]) {
    stages.withLock { stages in
      for start in starts { stages[start.attempt] = .preparing(nil) }
    }
    pool.submit { [self] in
      for start in starts {
        do {
          begin(try start.order(), onLaunch: start.onLaunch, onEnd: start.onEnd)
        } catch {
          _ = stages.withLock { $0.removeValue(forKey: start.attempt) }
          start.onEnd(
            .notStarted(start.attempt, Failure(kind: .input, message: "\(error)")))
          onEnds()
        }
      }
    }
  }

  /// Makes the staging folder and launches; blocks on the disk.
  private func begin(
    _ order: StepOrder, onLaunch: @escaping @Sendable (Int32) -> Void,
    onEnd: @escaping @Sendable (AttemptReport) -> Void
  ) {
    let staging = StagingFolder(in: "\(runsFolder)/\(order.run)/staging", order)
    let prepared: String
    do throws(FilesError) {
      prepared = try shelf.prepare(
        staging, document: order.item.document.canonical, feedback: order.feedback)
    } catch {
      _ = stages.withLock { $0.removeValue(forKey: order.attempt) }
      onEnd(.notStarted(order.attempt, Failure(of: error, otherwise: .notStarted)))
      return onEnds()
    }
    launch(order, in: staging, from: prepared, onLaunch: onLaunch, onEnd: onEnd)
  }

  /// Removes an attempt's staging folder.
  ///
  /// The folder is the proof that a process may have been started: it stays until the caller has recorded the
  /// attempt's end. What cannot be removed is found by the next engine.
  package func discardStaging(of attempt: AttemptID, run: RunID, epoch: Epoch) async {
    await pool.run { [self] in discardStagingNow(of: attempt, run: run, epoch: epoch) }
  }

  /// The same in the background.
  package func discardStagingLater(of attempts: [AttemptID], run: RunID, epoch: Epoch) {
    guard !attempts.isEmpty else { return }
    pool.submit { [self] in
      for attempt in attempts { discardStagingNow(of: attempt, run: run, epoch: epoch) }
    }
  }

  private func discardStagingNow(of attempt: AttemptID, run: RunID, epoch: Epoch) {
    let staging = StagingFolder(in: "\(runsFolder)/\(run)/staging", attempt, epoch)
    let isClean = reusable.withLock { $0.remove(attempt) != nil }
    // Left for the sweep of the next start, where it shows as ORPHANED_STAGING.
    try? isClean ? shelf.putAway(staging) : staging.remove()
  }

  /// Ends an attempt and its tree; its report says `interrupted`.
  ///
  /// One that does not run is ignored.
  package func kill(_ attempt: AttemptID, grace: Duration = ProcessExecutor.grace) {
    let isLaunched = stages.withLock { stages in
      switch stages[attempt] {
      case .launched: return true
      case .preparing: stages[attempt] = .preparing(.kill)
      case nil: break
      }
      return false
    }
    if isLaunched { processes.kill(attempt, grace: grace) }
  }

  /// Takes back every attempt whose process is not started: its report says `neverStarted`.
  package func recallWaiting() {
    stages.withLock { stages in
      for (attempt, stage) in stages {
        if case .preparing(nil) = stage { stages[attempt] = .preparing(.recall) }
      }
    }
    processes.recallWaiting()
  }

  private func launch(
    _ order: StepOrder, in staging: StagingFolder, from prepared: String,
    onLaunch: @escaping @Sendable (Int32) -> Void,
    onEnd: @escaping @Sendable (AttemptReport) -> Void
  ) {
    var processOrder = processOrder(for: order, staging)
    processOrder.takesSlot = true
    processOrder.beforeStart = { try staging.open(from: prepared) }
    processes.launch(processOrder) { [self] event in
      switch event {
      case .launched(let pid): onLaunch(pid)
      case .ended(let report):
        _ = stages.withLock { $0.removeValue(forKey: order.attempt) }
        // With nothing left behind, nothing blocks: the end needs no other thread.
        if report.captured == .nothing, order.reading == nil, order.feedback == nil,
          staging.isClean
        {
          reusable.withLock { _ = $0.insert(order.attempt) }
          return onEnd(finish(order, in: staging, report))
        }
        pool.submit { [self] in
          if report.pid == nil { removeUnopened(prepared) }
          onEnd(finish(order, in: staging, report))
          onEnds()
        }
      }
    }
    // From here on a wish reaches the process; one that came before is made up for.
    let wish = stages.withLock { stages -> Wish? in
      guard case .preparing(let wish) = stages[order.attempt] else { return nil }
      stages[order.attempt] = .launched
      return wish
    }
    switch wish {
    case .kill?: processes.kill(order.attempt, grace: .zero)
    case .recall?: processes.recall(order.attempt)
    case nil: break
    }
  }

  /// Removes a folder whose attempt was not started; what was opened has another name.
  private func removeUnopened(_ prepared: String) {
    // What cannot be removed is found by the next engine, as ORPHANED_STAGING.
    try? FileTree.remove(prepared)
  }

  private func processOrder(for order: StepOrder, _ staging: StagingFolder) -> ProcessOrder {
    let input: ProcessOrder.Input =
      switch order.input {
      case .none: .none
      case .text(let text): .bytes(Array(text.utf8))
      case .item: .file(staging.itemDocument)
      }
    return ProcessOrder(
      id: order.attempt, invocation: order.invocation,
      environment: environment.entries(for: order, staging: staging),
      folder: order.workspace ?? folder, input: input,
      timeout: order.timeout, stall: order.stall,
      log: LogOrder(path: logPath(run: order.run, attempt: order.attempt)),
      capture: order.owes == .nothing
        ? nil : CaptureOrder(path: staging.standardOutput, bytesMax: order.captureBytesMax),
      marker: environment.marker(attempt: order.attempt, epoch: order.epoch), mask: mask,
      listener: order.reading?.listener)
  }
}

extension StepExecutor {
  /// After the end: the candidate is sealed, the folder goes.
  private func finish(
    _ order: StepOrder, in staging: StagingFolder, _ process: ProcessReport
  ) -> AttemptReport {
    var report = AttemptReport(process)
    report.failure = Failure(process, timeout: order.timeout, stall: order.stall)
    if report.failure == nil, report.outcome == .succeeded {
      do throws(FilesError) {
        let search = CandidateSearch(staging: staging, objects: objects)
        switch try search.find(order.owes, process, order.reading?.answer() ?? .none) {
        case .found(let object): report.candidate = object
        case .nothing: break
        case .failed(let failure): report.failure = failure
        }
      } catch {
        report.failure = Failure(of: error, otherwise: .publish)
      }
    }
    if let failure = report.failure, failure.isOwn, DiskSpace.isExhausted(at: runsFolder) {
      report.failure = Failure(
        kind: .diskFull, message: "\(failure.message), and the disk is full")
    }
    if report.failure != nil { report.outcome = .failed }
    if process.end == .exited(ReviewStatus.needsChanges) {
      if case .text(let text)? = order.reading?.answer() {
        report.feedback = text
      } else {
        report.feedback = Self.feedback(staging, process)
      }
    }
    return report
  }

  private static func feedback(_ staging: StagingFolder, _ process: ProcessReport) -> String? {
    guard case .file = process.captured else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64 * 1024)
    let number = open(staging.standardOutput, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { return nil }
    let file = Descriptor(owning: number)
    let count = bytes.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}

extension AttemptReport {
  init(_ process: ProcessReport) {
    self.init(
      attempt: process.id, outcome: Self.outcome(of: process),
      usage: ProcessUsage(
        elapsedMilliseconds: process.elapsed.deadlineMilliseconds,
        outputBytes: process.outputBytes),
      pid: process.pid, lastLine: process.lastLine,
      remarks: process.logProblem.map { [$0] } ?? [])
  }

  private static func outcome(of process: ProcessReport) -> AttemptOutcome {
    guard process.end == .killed else { return .succeeded }
    return process.pid == nil ? .neverStarted : .interrupted
  }

  static func notStarted(_ attempt: AttemptID, _ failure: Failure) -> AttemptReport {
    AttemptReport(
      attempt: attempt, outcome: .failed, failure: failure,
      usage: ProcessUsage(elapsedMilliseconds: 0, outputBytes: 0), lastLine: "", remarks: [])
  }
}
