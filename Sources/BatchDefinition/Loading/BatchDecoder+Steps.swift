// Steps and checks: from checked values to the model.

import BatchModel
import Resilience

extension BatchDecoder {
  func steps(_ root: CheckedGroup, in items: VariableScope) -> [Step]? {
    guard let elements = root["steps"]?.elements else { return nil }
    let summaries = stepSummaries(root)
    noteRepeatedIds(elements, items)
    let shared = sharedChecks(root, summaries, in: items)
    var steps: [Step] = []
    for (index, element) in elements.enumerated() {
      guard let group = element.group else { continue }
      var scope = items.adding(["feedback"])
      let own = summaries.firstIndex { $0.id == group["id"]?.text } ?? index
      scope.steps = Array(summaries[..<min(own, summaries.count)])
      scope.laterSteps = summaries[min(own, summaries.count)...].map(\.id)
      if let step = step(group, root, in: scope, sharedChecks: shared) { steps.append(step) }
    }
    return steps
  }

  private func sharedChecks(
    _ root: CheckedGroup, _ steps: [(id: String, publishes: Bool)], in items: VariableScope
  ) -> [Check] {
    guard let value = root["checks"] else { return [] }
    if !steps.isEmpty, !steps.contains(where: \.publishes) {
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
    let prompt = group["prompt"].flatMap { self.prompt($0, in: scope) }
    let output = group["output"].flatMap { self.output($0, in: scope) }
    let environment = environment(root, group, in: scope)
    let reads = (group["reads"] ?? root["reads"]).map { value in
      value.elements.compactMap { template($0, in: scope) }
    }
    let shared = group.given.contains("output") ? sharedChecks : []
    if let own = group["checks"] { noteRepeatedNames(own, shared: shared) }
    let conditions = shared + (group["checks"].map { checks($0, in: scope) } ?? [])
    let retry = retry(group["retry"]?.group ?? root["retry"]?.group)
    let command = group["run"].flatMap { self.command($0, in: scope) }
    guard let id = group["id"]?.text, let command else { return nil }
    return Step(
      id: id, kind: .run(command), output: output, checks: conditions,
      enforcement: enforcement(group, root), retry: retry,
      timeout: duration("timeout", group, root), stall: duration("stall", group, root),
      environment: environment, reads: reads ?? [],
      standardInput: standardInput(group), prompt: prompt, rerunOn: rerunOn(group, root))
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

  private func rerunOn(_ group: CheckedGroup, _ root: CheckedGroup) -> [KeyHalf] {
    let names = (group["rerun_on"] ?? root["rerun_on"])?.elements.compactMap(\.text) ?? []
    return Set(names).sorted().compactMap(KeyHalf.init)
  }

  private func standardInput(_ group: CheckedGroup) -> StandardInput {
    let isPromptGiven = group.given.contains("prompt")
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

  private func prompt(_ value: CheckedValue, in scope: VariableScope) -> Template? {
    guard case .text(let text, let isBlock) = value.content else { return nil }
    switch PromptForm(text, isBlock: isBlock) {
    case .inline: return template(value, in: scope)
    case .pathWithVariables:
      log.note(
        value.position,
        "the prompt's path has variables; expected one file for all items, with variables in its text"
      )
      return nil
    case .path:
      guard let content = fileText(text, "prompt", at: value.position) else { return nil }
      return templates.template(TemplateText(text: content, origin: .file(text)), in: scope)
    case .pathIfExists:
      // A file that is not there is no mistake here: the word is then the prompt itself.
      guard let content = try? content(of: text) else { return template(value, in: scope) }
      return templates.template(TemplateText(text: content, origin: .file(text)), in: scope)
    }
  }
}

/// Whether a prompt is a path or the text itself.
private enum PromptForm {
  case inline, path, pathIfExists, pathWithVariables

  init(_ text: String, isBlock: Bool) {
    let hasVariables = text.contains("{{")
    let isOneWord = !text.contains { $0.isWhitespace }
    let looksLikeFile = text.hasSuffix(".md") || text.hasSuffix(".txt")
    if isBlock || text.contains(where: \.isNewline) {
      self = .inline
    } else if looksLikeFile, hasVariables, isOneWord {
      self = .pathWithVariables
    } else if looksLikeFile, !hasVariables {
      self = .path
    } else {
      self = isOneWord && !hasVariables ? .pathIfExists : .inline
    }
  }
}
