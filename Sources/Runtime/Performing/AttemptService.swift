// An attempt from its order to its report: rendering, the process, the inputs looked at again.

import BatchDefinition
import BatchModel
import Engine
import Executors
import Resilience
import Synchronization

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
  /// `nil` when no step calls a model.
  let calls: CallService?
  /// `nil` when no step has an agent.
  let agents: AgentPool?
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
    let commands = orders.filter { !call($0, report: report) && !hand($0, report: report) }
    guard !commands.isEmpty else { return }
    executor.start(
      commands.map { order in
        let ear = steps[order.item.step].agentOutput.map { AgentEar($0) }
        return StepExecutor.Start(
          attempt: order.attempt,
          order: {
            var step = try render(order)
            step.reading = ear?.reading
            return step
          },
          onLaunch: { report(.launched(order.attempt, pid: $0)) },
          onEnd: { take($0, of: order, ear?.heard, report) })
      })
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
  private func hand(_ order: LaunchOrder, report: @escaping @Sendable (Event) -> Void) -> Bool {
    let step = steps[order.item.step]
    guard case .agent(let agent) = step.kind, let agents else { return false }
    agents.start([
      AgentPool.Start(
        attempt: order.attempt,
        order: {
          AgentOrder(
            step: try render(order), prompt: try prompt(of: step, order),
            params: agent.params, heartbeat: agent.heartbeat)
        },
        onLaunch: { report(.launched(order.attempt, pid: $0)) },
        onEnd: { take($0, of: order, nil, report) })
    ])
    return true
  }

  private func prompt(of step: Step, _ order: LaunchOrder) throws -> String? {
    guard let prompt = step.prompt else { return nil }
    return try renderer.render(prompt, with: preparer.values(of: order.item))
  }

  private func take(
    _ ended: Executors.AttemptReport, of order: LaunchOrder, _ heard: AgentEar.Heard?,
    _ report: @escaping @Sendable (Event) -> Void
  ) {
    var judged = ended
    let call = judge.judge(&judged, of: steps[order.item.step], heard, order.reservation)
    var answer = answer(judged, to: order)
    answer.call = call
    guard case .succeeded = answer.end, !inputs(of: order).isEmpty else {
      return conclude(order, answer, report)
    }
    let succeeded = answer
    pool.submit {
      var answer = succeeded
      answer.changedInputs = changedInputs(order)
      conclude(order, answer, report)
      onEnds()
    }
  }

  private func conclude(
    _ order: LaunchOrder, _ answer: Engine.AttemptReport, _ report: (Event) -> Void
  ) {
    report(.ended(order.attempt, answer))
    underWay.remove(order.attempt)
  }

  func kill(_ attempt: AttemptID) {
    calls?.kill(attempt)
    agents?.kill(attempt)
    executor.kill(attempt)
  }

  func recallWaiting() {
    agents?.recallWaiting()
    executor.recallWaiting()
  }

  /// Kills what is under way and waits for its end.
  func stop() async {
    for attempt in underWay.all { executor.kill(attempt, grace: .zero) }
    await calls?.stop()
    await agents?.stop()
    await underWay.waitUntilNone()
  }

  private func render(_ order: LaunchOrder) throws -> StepOrder {
    let step = steps[order.item.step]
    let values = try preparer.values(of: order.item)
    let command: Command
    switch step.kind {
    case .run(let wanted): command = wanted
    case .agent(let agent): command = agent.command
    case .llm: preconditionFailure("a call is no process")
    }
    var environment: [String: String] = [:]
    for (name, value) in step.environment {
      environment[name] = try renderer.render(value, with: values)
    }
    let timeout = order.item.overrides.timeoutMilliseconds.map { Duration.milliseconds($0) }
    return StepOrder(
      run: run, item: order.item, step: step.id, attempt: order.attempt, epoch: epoch,
      round: (order.item.review?.round ?? 0) + 1,
      key: order.key.key, invocation: try invocation(of: command, values),
      environment: environment, input: try input(of: step, values),
      owes: owes(step), candidateEnding: try ending(of: step, values),
      feedback: order.item.review?.feedback,
      timeout: timeout ?? step.timeout, stall: step.stall)
  }

  private func invocation(
    of command: Command, _ values: TemplateValues
  ) throws -> ProcessOrder.Invocation {
    .arguments(try renderer.arguments(of: command, with: values))
  }

  private func input(of step: Step, _ values: TemplateValues) throws -> StepOrder.Input {
    switch step.standardInput {
    case .none: .none
    case .item: .item
    case .prompt: .text(try step.prompt.map { try renderer.render($0, with: values) } ?? "")
    }
  }

  private func owes(_ step: Step) -> StepOrder.Owes {
    if step.output != nil { return .candidate }
    // What a review says is its feedback.
    let isWanted =
      collects || step.review != nil || !step.checks.isEmpty || step.id != steps.last?.id
    return isWanted ? .textIfAny : .nothing
  }

  private func ending(of step: Step, _ values: TemplateValues) throws -> String {
    guard let output = step.output else { return "" }
    let name = try renderer.render(output, with: values).split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[dot...])
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
    inputs(of: order).compactMap { component in
      guard let path = component.path else { return nil }
      // A file that cannot be read now was read before: it changed.
      let digest = try? files.digest(of: path)
      return digest == component.digest ? nil : path
    }
  }
}

/// The attempts whose end is still to come.
final class UnderWay: Sendable {
  private struct State {
    var attempts: Set<AttemptID> = []
    var waiter: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  var all: [AttemptID] { state.withLock { $0.attempts.sorted() } }

  func add(_ attempt: AttemptID) { _ = state.withLock { $0.attempts.insert(attempt) } }

  func remove(_ attempt: AttemptID) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.attempts.remove(attempt)
      guard state.attempts.isEmpty else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when no attempt is under way; called once, at an engine's end.
  func waitUntilNone() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.attempts.isEmpty { state.waiter = continuation }
        return state.attempts.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }
}
