// Checks: from checked values to the model, with their schemas read and understood.

import BatchModel

extension BatchDecoder {
  func checks(_ value: CheckedValue, in scope: VariableScope) -> [Check] {
    value.elements.compactMap { element in
      element.group.flatMap { check($0, in: scope) }
    }
  }

  private func check(_ group: CheckedGroup, in scope: VariableScope) -> Check? {
    guard let (kind, rule) = rule(group, in: scope) else { return nil }
    return Check(name: group["name"]?.text ?? kind, rule: rule)
  }

  private func rule(
    _ group: CheckedGroup, in scope: VariableScope
  ) -> (kind: String, rule: Check.Rule)? {
    if group["nonempty"] != nil { return ("nonempty", .nonempty) }
    if group["changed"] != nil { return ("changed", .changed) }
    if group["json-valid"] != nil { return ("json-valid", .jsonValid) }
    if let pattern = group["regex"]?.text { return ("regex", .regex(pattern)) }
    if let value = group["run"] {
      let command = command(value, in: scope.adding(["candidate"]))
      return command.map { ("run", .run($0)) }
    }
    guard let value = group["json-schema"], let path = value.text else { return nil }
    readSchema(path, at: value.position)
    return ("json-schema", .jsonSchema(path))
  }

  func readSchema(_ path: String, at position: Position) {
    guard schemas[path] == nil, let text = fileText(path, "schema", at: position) else { return }
    do throws(JSONSchema.Mistake) {
      schemas[path] = try JSONSchema(parsing: text)
    } catch {
      log.note(position, "the schema \"\(path)\": \(error.message)")
    }
  }

  /// `changed` compares with something: a worktree's base, or what stands at the output.
  func noteIncomparable(_ own: CheckedValue, _ step: CheckedGroup, _ workspace: StepWorkspace?) {
    var isWorktree = false
    if case .worktree? = workspace { isWorktree = true }
    guard !isWorktree, !step.given.contains("output") else { return }
    for value in own.elements.compactMap({ $0.group?["changed"] }) {
      log.note(
        value.position,
        "nothing can have changed: the step has no output and no worktree; expected one of them")
    }
  }

  /// Messages name checks, so two of a step must not share a name that was given.
  func noteRepeatedNames(_ own: CheckedValue, shared: [Check]) {
    var seen = Set(shared.map(\.name))
    for value in own.elements.compactMap({ $0.group?["name"] }) {
      guard let name = value.text, !seen.insert(name).inserted else { continue }
      log.note(value.position, "the check name \"\(name)\" is given twice; expected another")
    }
  }
}
