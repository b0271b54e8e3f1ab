// The orders of processes: every template of a step rendered for one item.

import BatchDefinition
import BatchModel
import Engine
import Executors

extension AttemptService {
  func prompt(
    of step: Step, _ order: LaunchOrder, _ values: TemplateValues? = nil
  ) throws -> String? {
    if let edited = order.item.overrides.prompt(ofStep: order.item.step) { return edited }
    guard let prompt = step.prompt else { return nil }
    return try renderer.render(prompt, with: values ?? preparer.values(of: order.item))
  }

  /// The rendered setup of a worktree, if the step has one.
  func setup(of step: Step, _ order: LaunchOrder) throws -> ProcessOrder.Invocation? {
    guard case .worktree(let setup?) = step.workspace else { return nil }
    return try invocation(of: setup, preparer.values(of: order.item))
  }

  func render(_ order: LaunchOrder) throws -> StepOrder {
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
      environment: environment, input: try input(of: step, order, values),
      owes: owes(step), candidateEnding: try ending(of: step, values),
      feedback: order.item.review?.feedback,
      timeout: timeout ?? step.timeout, stall: step.stall)
  }

  private func invocation(
    of command: Command, _ values: TemplateValues
  ) throws -> ProcessOrder.Invocation {
    .arguments(try renderer.arguments(of: command, with: values))
  }

  private func input(
    of step: Step, _ order: LaunchOrder, _ values: TemplateValues
  ) throws -> StepOrder.Input {
    switch step.standardInput {
    case .none: .none
    case .item: .item
    case .prompt: .text(try prompt(of: step, order, values) ?? "")
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
}
