// The variables of a table's rows are known only when its header is read: compared here, before
// the first item.

package import BatchModel

extension Batch {
  /// What is wrong with the batch's variables when its items have exactly these columns, in the
  /// order of the definition, without repeats; empty when every variable is there.
  package func problems(withColumns columns: [String]) -> [String] {
    var scope = VariableScope(of: .list([]))
    scope.names = columns + BatchDecoder.itemNames + ["feedback", "candidate"]
    if columns.contains("path") { scope.names += PathParts.names + ["text"] }
    scope.steps = steps.map {
      StepSummary(id: $0.id, publishes: $0.output != nil, answer: AnswerShape(of: $0))
    }
    var problems: [String] = []
    for name in templates.flatMap(\.variables) {
      let path = name.split(separator: ".").map(String.init)
      guard !columns.contains(name), let problem = scope.problem(with: path) else { continue }
      if !problems.contains(problem) { problems.append(problem) }
    }
    return problems
  }

  /// Every template of the definition.
  private var templates: [Template] {
    var templates = [items.key, items.after].compactMap { $0 }
    for step in steps {
      switch step.kind {
      case .run(let command): templates += command.templates
      case .llm(let model): templates += [model.system].compactMap { $0 }
      case .agent(let agent): templates += agent.command.templates
      }
      templates += [step.output, step.prompt].compactMap { $0 } + step.reads
      if case .worktree(let setup?) = step.workspace { templates += setup.templates }
      templates += step.environment.sorted { $0.key < $1.key }.map(\.value)
      for check in step.checks {
        guard case .run(let command) = check.rule else { continue }
        templates += command.templates
      }
    }
    return templates + (collect?.columns.map(\.value) ?? [])
  }
}

extension Command {
  /// The templates that it is made of.
  fileprivate var templates: [Template] {
    switch self {
    case .arguments(let words): words
    case .shell(let text): [text]
    }
  }
}
