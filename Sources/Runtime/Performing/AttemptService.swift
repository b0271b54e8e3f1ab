// An attempt from its order to its report: rendering, the process, the inputs looked at again.

import BatchDefinition
import BatchModel
import Engine
import Executors
import Resilience

/// Runs attempts: commands as processes, calls over HTTP, and what long-lived agents are handed.
struct AttemptService: Sendable {
  let run: RunID
  let epoch: Epoch
  let steps: [Step]
  /// Whether the batch collects rows: then what the last step says is wanted too.
  let collects: Bool
  let preparer: Preparer
  let renderer: TemplateRenderer
  let files: WorkspaceFiles
  let executor: StepExecutor
  let processes: ProcessExecutor
  /// `nil` when no step calls a model.
  let calls: CallService?
  /// `nil` when no step has an agent.
  let agents: AgentPool?
  /// `nil` when every step works in the definition's folder.
  let isolation: Isolation?
  /// What the workspace was at the run's start; set when a step has an agent.
  let snapshot: SnapshotID?
  let judge: ProcessJudge
  let pool: BlockingPool
  /// Called after reports that the executor does not know of.
  let onEnds: @Sendable () -> Void
  let underWay = UnderWay()

  /// Starts them; their launches and their ends are reported, from any thread.
  ///
  /// Callbacks and no task: a short command would else cost more thread hops than it takes.
  func launch(_ orders: [LaunchOrder], report: @escaping @Sendable (Event) -> Void) {
    for order in orders { underWay.add(order.attempt) }
    let commands = orders.filter { order in
      !isolate(order, report: report) && !call(order, report: report)
        && !hand(order, report: report)
    }
    guard !commands.isEmpty else { return }
    executor.start(commands.map { command($0, in: nil, report) })
  }

  /// - Parameter prepared: The rendered order of an attempt with a workspace of its own.
  private func command(
    _ order: LaunchOrder, in prepared: StepOrder?, _ report: @escaping @Sendable (Event) -> Void
  ) -> AttemptStart<StepOrder> {
    let ear = steps[order.item.step].agentOutput.map { AgentEar($0) }
    return AttemptStart(
      attempt: order.attempt,
      order: {
        var step = try prepared ?? render(order)
        step.reading = ear?.reading
        return step
      },
      onLaunch: { report(.launched(order.attempt, pid: $0)) },
      onEnd: { take($0, of: order, ear?.heard, report) })
  }

  /// Makes the call that an order wants; false when it wants a command.
  private func call(_ order: LaunchOrder, report: @escaping @Sendable (Event) -> Void) -> Bool {
    let step = steps[order.item.step]
    guard case .llm(let model) = step.kind, let calls else { return false }
    calls.launch(order, of: step, model) { ended in
      pool.submit {
        var ended = ended
        if case .succeeded = ended.end { ended.changedInputs = changedInputs(order) }
        conclude(order, ended, report)
        onEnds()
      }
    }
    return true
  }

  /// Hands an order to an agent; false when it wants a command.
  private func hand(
    _ order: LaunchOrder, in prepared: StepOrder? = nil,
    report: @escaping @Sendable (Event) -> Void
  ) -> Bool {
    let step = steps[order.item.step]
    guard case .agent(let agent) = step.kind, let agents else { return false }
    agents.start([
      AttemptStart(
        attempt: order.attempt,
        order: {
          AgentOrder(
            step: try prepared ?? render(order), prompt: try prompt(of: step, order),
            params: order.item.overrides.params(agent.params, ofStep: order.item.step),
            snapshot: snapshot, heartbeat: agent.heartbeat)
        },
        onLaunch: { report(.launched(order.attempt, pid: $0)) },
        onEnd: { take($0, of: order, nil, report) })
    ])
    return true
  }

  /// Makes a workspace for an order first, if its step wants one; false otherwise.
  private func isolate(
    _ order: LaunchOrder, report: @escaping @Sendable (Event) -> Void
  ) -> Bool {
    let step = steps[order.item.step]
    guard step.workspace != .shared, let isolation else { return false }
    isolation.attempts.open(order.attempt) {
      let wish = try await pool.run { () throws -> Wish in try self.wish(of: order) }
      return try await isolation.open(
        step.workspace, for: wish.order, setup: wish.setup, after: wish.earlier)
    } start: { opened in
      switch opened {
      case .ready(let prepared):
        if hand(order, in: prepared, report: report) { return }
        executor.start([command(order, in: prepared, report)])
      case .unwanted:
        conclude(order, .notStarted(.neverStarted), report)
        onEnds()
      case .failed(let error):
        conclude(order, .notStarted(.failed(failure(error))), report)
        onEnds()
      }
    }
    return true
  }

  /// What an attempt with a workspace of its own starts with.
  private struct Wish {
    var order: StepOrder
    var setup: ProcessOrder.Invocation?
    /// The commit of an earlier step of the item.
    var earlier: CommitID?
  }

  private func wish(of order: LaunchOrder) throws -> Wish {
    Wish(
      order: try render(order), setup: try setup(of: steps[order.item.step], order),
      earlier: try preparer.lastCommit(of: order.item).flatMap { CommitID($0) })
  }

  private func failure(_ error: any Error) -> Failure {
    var failure =
      (error as? GitError).map(Failure.init(of:)) ?? Failure(kind: .input, message: "\(error)")
    failure.message = executor.mask.masked(failure.message)
    return failure
  }

  private func take(
    _ ended: Executors.AttemptReport, of order: LaunchOrder, _ heard: AgentEar.Heard?,
    _ report: @escaping @Sendable (Event) -> Void
  ) {
    var judged = ended
    let call = judge.judge(&judged, of: steps[order.item.step], heard, order.reservation)
    var answer = answer(judged, to: order)
    answer.call = call
    guard case .succeeded = answer.end, !inputs(of: order).isEmpty || !order.key.lists.isEmpty
    else {
      return finish(order, answer, report)
    }
    let succeeded = answer
    pool.submit {
      var answer = succeeded
      answer.changedInputs = changedInputs(order)
      finish(order, answer, report)
      onEnds()
    }
  }

  /// Takes the attempt's workspace down, if it has one of its own; its commit is pinned before anybody
  /// hears of it.
  private func finish(
    _ order: LaunchOrder, _ answer: Engine.AttemptReport,
    _ report: @escaping @Sendable (Event) -> Void
  ) {
    var isKept = false
    if case .succeeded = answer.end { isKept = answer.changedInputs.isEmpty }
    let isClosing = isolation?.attempts.close(order.attempt, isKept: isKept) { [isKept] closed in
      var answer = answer
      switch closed {
      case .success(let commit): answer.commit = commit?.text
      case .failure(let error) where isKept:
        let message = executor.mask.masked("\(error)")
        answer.end = .failed(Failure(kind: .publish, message: message))
      case .failure: break  // what could not be removed is swept at the next start
      }
      conclude(order, answer, report)
      onEnds()
    }
    if isClosing != true { conclude(order, answer, report) }
  }

  private func conclude(
    _ order: LaunchOrder, _ answer: Engine.AttemptReport, _ report: (Event) -> Void
  ) {
    report(.ended(order.attempt, answer))
    underWay.remove(order.attempt)
  }

  func kill(_ attempt: AttemptID) {
    calls?.kill(attempt)
    isolation?.attempts.cancel(attempt)
    agents?.kill(attempt)
    executor.kill(attempt)
  }

  func recallWaiting() {
    isolation?.attempts.cancelOpening()
    agents?.recallWaiting()
    executor.recallWaiting()
  }

  /// Calls have no slots of their own here: the machine counts them.
  func resize(_ parallel: Parallel) {
    processes.resize(slots: parallel.run)
    agents?.resize(slots: parallel.run)
  }

  /// Kills what is under way and waits for its end.
  func stop() async {
    isolation?.attempts.cancelOpening()
    for attempt in underWay.all { executor.kill(attempt, grace: .zero) }
    await calls?.stop()
    await agents?.stop()
    await underWay.waitUntilNone()
  }

  private func answer(
    _ ended: Executors.AttemptReport, to order: LaunchOrder
  ) -> Engine.AttemptReport {
    if let feedback = ended.feedback, steps[order.item.step].review != nil {
      return Engine.AttemptReport(
        end: .sentBack(feedback: executor.mask.masked(feedback)), usage: ended.usage)
    }
    switch ended.outcome {
    case .neverStarted:
      return Engine.AttemptReport(end: .neverStarted, usage: ended.usage)
    case .interrupted, .unknown, .deferred:
      return Engine.AttemptReport(end: .killed, usage: ended.usage)
    case .failed:
      let failure = ended.failure ?? Failure(kind: .exit, message: ended.lastLine)
      return Engine.AttemptReport(end: .failed(failure), usage: ended.usage)
    case .succeeded:
      return Engine.AttemptReport(
        end: .succeeded(candidate: ended.candidate), usage: ended.usage)
    }
  }

  private func inputs(of order: LaunchOrder) -> [KeyComponent] {
    order.key.components.filter { $0.half == .input && $0.path != nil }
  }

  /// Input files whose content is no longer what the key says.
  private func changedInputs(_ order: LaunchOrder) -> [String] {
    let named = inputs(of: order).compactMap { component -> String? in
      guard let path = component.path else { return nil }
      // A file that cannot be read now was read before: it changed.
      let digest = try? files.digest(of: path)
      return digest == component.digest ? nil : path
    }
    return named
      + order.key.lists.compactMap { glob, digest in
        // The same for one of many.
        let now = try? files.list(of: glob)
        return now.map { Digest(of: $0.bytes) } == digest ? nil : glob
      }
  }
}

extension Engine.AttemptReport {
  /// The end of an attempt of which no process was started.
  fileprivate static func notStarted(_ end: End) -> Engine.AttemptReport {
    Engine.AttemptReport(end: end, usage: ProcessUsage(elapsedMilliseconds: 0, outputBytes: 0))
  }
}
