// An attempt from its order to its report: rendering, the process, the inputs looked at again.

import BatchDefinition
import BatchModel
import Engine
import Executors
import Resilience

/// Runs attempts of `run` steps.
struct AttemptService: Sendable {
  let run: RunID
  let epoch: Epoch
  let steps: [Step]
  let preparer: Preparer
  let renderer: TemplateRenderer
  let files: WorkspaceFiles
  let executor: StepExecutor
  let pool: BlockingPool

  /// Runs it to its end; a cancelled task kills it.
  func run(
    _ order: LaunchOrder, report: @escaping @Sendable (Event) -> Void
  ) async -> Engine.AttemptReport {
    let ended = await withTaskCancellationHandler {
      await executor.run(order.attempt, making: { try render(order) }) { pid in
        report(.launched(order.attempt, pid: pid))
      }
    } onCancel: {
      executor.kill(order.attempt, grace: .zero)
    }
    return await answer(to: order, ended)
  }

  func kill(_ attempt: AttemptID) { executor.kill(attempt) }

  private func render(_ order: LaunchOrder) throws -> StepOrder {
    let step = steps[order.item.step]
    let values = try preparer.values(of: order.item)
    let command: Command
    switch step.kind {
    case .run(let wanted): command = wanted
    }
    var environment: [String: String] = [:]
    for (name, value) in step.environment {
      environment[name] = try renderer.render(value, with: values)
    }
    let timeout = order.item.overrides.timeoutMilliseconds.map { Duration.milliseconds($0) }
    return StepOrder(
      run: run, item: order.item, step: step.id, attempt: order.attempt, epoch: epoch,
      key: order.key.key, invocation: try invocation(of: command, values),
      environment: environment, input: try input(of: step, values),
      owes: owes(step), candidateEnding: try ending(of: step, values),
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
    return step.checks.isEmpty && step.id == steps.last?.id ? .nothing : .textIfAny
  }

  private func ending(of step: Step, _ values: TemplateValues) throws -> String {
    guard let output = step.output else { return "" }
    let name = try renderer.render(output, with: values).split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[dot...])
  }

  private func answer(
    to order: LaunchOrder, _ ended: Executors.AttemptReport
  ) async -> Engine.AttemptReport {
    switch ended.outcome {
    case .interrupted, .unknown, .neverStarted:
      return Engine.AttemptReport(end: .killed, usage: ended.usage)
    case .failed:
      let failure = ended.failure ?? Failure(kind: .exit, message: ended.lastLine)
      return Engine.AttemptReport(end: .failed(failure), usage: ended.usage)
    case .succeeded:
      return Engine.AttemptReport(
        end: .succeeded(candidate: ended.candidate), usage: ended.usage,
        changedInputs: await changedInputs(order))
    }
  }

  /// Input files whose content is no longer what the key says.
  private func changedInputs(_ order: LaunchOrder) async -> [String] {
    let inputs = order.key.components.filter { $0.half == .input && $0.path != nil }
    guard !inputs.isEmpty else { return [] }
    return await pool.run {
      inputs.compactMap { component in
        guard let path = component.path else { return nil }
        // A file that cannot be read now was read before: it changed.
        let digest = try? files.digest(of: path)
        return digest == component.digest ? nil : path
      }
    }
  }
}
