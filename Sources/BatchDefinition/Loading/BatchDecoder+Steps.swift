// Steps and checks: from checked values to the model.

import BatchModel
import Resilience

extension BatchDecoder {
  func steps(_ root: CheckedGroup, in items: VariableScope) -> [Step]? {
    guard let elements = root["steps"]?.elements else { return nil }
    summaries = elements.compactMap { element in
      guard let group = element.group, let id = group["id"]?.text else { return nil }
      return StepSummary(id: id, publishes: group.given.contains("output"), answer: .unknown)
    }
    noteRepeatedIds(elements, items)
    let shared = sharedChecks(root, in: items)
    var steps: [Step] = []
    for (index, element) in elements.enumerated() {
      guard let group = element.group else { continue }
      var scope = items.adding(["feedback"])
      let own = min(
        summaries.firstIndex { $0.id == group["id"]?.text } ?? index, summaries.count)
      scope.steps = Array(summaries[..<own])
      scope.laterSteps = summaries[own...].map(\.id)
      guard let step = step(group, root, in: scope, sharedChecks: shared) else { continue }
      steps.append(step)
      if own < summaries.count { summaries[own].answer = AnswerShape(of: step) }
    }
    return steps
  }

  private func sharedChecks(_ root: CheckedGroup, in items: VariableScope) -> [Check] {
    guard let value = root["checks"] else { return [] }
    if !summaries.isEmpty, !summaries.contains(where: \.publishes) {
      log.note(
        value.position,
        "the batch's checks are for steps with an output, and no step has one; expected an "
          + "\"output\", or the checks in a step")
    }
    return checks(value, in: items)
  }

  private func noteRepeatedIds(_ elements: [CheckedValue], _ items: VariableScope) {
    var lines: [String: Int] = [:]
    let reserved = items.names + ["candidate", "feedback"]
    for value in elements.compactMap({ $0.group?["id"] }) {
      guard let id = value.text else { continue }
      if let line = lines[id] {
        log.note(
          value.position,
          "the step id \"\(id)\" is taken by the step in line \(line); expected another")
      } else if reserved.contains(id) {
        log.note(
          value.position, "the step id \"\(id)\" is the name of a variable; expected another")
      }
      lines[id] = lines[id] ?? value.position.line
    }
  }

  private func step(
    _ group: CheckedGroup, _ root: CheckedGroup, in scope: VariableScope, sharedChecks: [Check]
  ) -> Step? {
    let prompt = (group["llm"]?.group?["prompt"] ?? group["prompt"]).flatMap {
      self.prompt($0, in: scope)
    }
    let output = group["output"].flatMap { self.output($0, in: scope) }
    let environment = environment(root, group, in: scope)
    let review = review(group, in: scope)
    let workspace = group["workspace"].flatMap { self.workspace($0, in: scope) }
    let reads = (group["reads"] ?? root["reads"]).map { value in
      value.elements.compactMap { template($0, in: scope) }
    }
    let shared = group.given.contains("output") ? sharedChecks : []
    if let own = group["checks"] {
      noteRepeatedNames(own, shared: shared)
      noteIncomparable(own, group, workspace)
    }
    let conditions = shared + (group["checks"].map { checks($0, in: scope) } ?? [])
    let retry = retry(group["retry"]?.group ?? root["retry"]?.group)
    let kind = kind(group, in: scope)
    noteUnbounded(group)
    guard let id = group["id"]?.text, let kind else { return nil }
    return Step(
      id: id, kind: kind, output: output, checks: conditions,
      enforcement: enforcement(group, root), retry: retry,
      timeout: duration("timeout", group, root), stall: stall(group, root),
      environment: environment, reads: reads ?? [],
      standardInput: standardInput(group), prompt: prompt, rerunOn: rerunOn(group, root),
      review: review, provider: ownProvider(group), agentOutput: agentOutput(group),
      costMax: group["max_cost"]?.money, workspace: workspace ?? .shared,
      repeatsUnknown: (group["retry_unknown"] ?? root["retry_unknown"])?.flag == false ? false : nil
    )
  }

  private func kind(_ group: CheckedGroup, in scope: VariableScope) -> Step.Kind? {
    if let command = group["run"] { return self.command(command, in: scope).map(Step.Kind.run) }
    if let model = group["llm"]?.group { return modelStep(model, in: scope).map(Step.Kind.llm) }
    return group["agent"]?.group.flatMap(agentStep).map(Step.Kind.agent)
  }

  private func enforcement(_ group: CheckedGroup, _ root: CheckedGroup) -> Enforcement {
    let name = (group["enforcement"] ?? root["enforcement"])?.text
    return name.flatMap(Enforcement.init) ?? .strict
  }

  /// A step's own `off` takes the batch's duration away.
  private func duration(_ name: String, _ group: CheckedGroup, _ root: CheckedGroup) -> Duration? {
    guard case .duration(let duration)? = (group[name] ?? root[name])?.content else { return nil }
    return duration
  }

  /// An answer that comes at once is silent until then, which is no stall.
  private func stall(_ group: CheckedGroup, _ root: CheckedGroup) -> Duration? {
    guard group["llm"]?.group?["stream"]?.flag == false else {
      return duration("stall", group, root)
    }
    if let own = group["stall"], own.duration != nil {
      log.note(
        own.position,
        "\"stall\" is only for an answer that is streamed; remove it, or stream: false")
    }
    return nil
  }

  private func rerunOn(_ group: CheckedGroup, _ root: CheckedGroup) -> [KeyHalf] {
    let names = (group["rerun_on"] ?? root["rerun_on"])?.elements.compactMap(\.text) ?? []
    return Set(names).sorted().compactMap(KeyHalf.init)
  }

  private func standardInput(_ group: CheckedGroup) -> StandardInput {
    // What an agent reads is the protocol, and a model reads nothing.
    let isPromptGiven = group.given.contains("prompt") && group.given.contains("run")
    guard let value = group["stdin"], let input = value.text.flatMap(StandardInput.init) else {
      return isPromptGiven ? .prompt : .none
    }
    if input == .prompt, !isPromptGiven {
      log.note(
        value.position, "stdin is prompt, but the step has no prompt; expected a \"prompt\" key")
    }
    return input
  }

  private func retry(_ group: CheckedGroup?) -> RetryPolicy {
    guard let group, let attempts = group["attempts"]?.integer,
      case .duration(let base?)? = group["base"]?.content,
      case .duration(let cap?)? = group["cap"]?.content
    else { return RetryPolicy() }
    guard cap < base else { return RetryPolicy(attempts: attempts, base: base, cap: cap) }
    if group.given.contains("cap"), let value = group["cap"] {
      log.note(
        value.position, "the retry's cap is shorter than its base; expected at least the base")
    }
    return RetryPolicy(attempts: attempts, base: base, cap: base)
  }

  private func environment(
    _ root: CheckedGroup, _ group: CheckedGroup, in scope: VariableScope
  ) -> [String: Template] {
    guard !group.given.contains("llm") else { return [:] }
    // One agent serves many items, so its environment is not theirs.
    let scope = group.given.contains("agent") ? VariableScope.nothing : scope
    var environment: [String: Template] = [:]
    for entry in (root["env"]?.map ?? []) + (group["env"]?.map ?? []) {
      environment[entry.name] = template(entry.value, in: scope)
    }
    return environment
  }

  private func output(_ value: CheckedValue, in scope: VariableScope) -> Template? {
    guard let text = value.text else { return nil }
    if let refusal = OutputPath.refusal(ofTemplate: text) {
      log.note(value.position, refusal.message)
    }
    return template(value, in: scope)
  }
}
