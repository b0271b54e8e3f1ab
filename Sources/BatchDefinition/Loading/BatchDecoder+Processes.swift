// What a step's process is besides its command: an agent, its report, its folder, its provider.

import BatchModel

extension BatchDecoder {
  /// An agent is started once and serves many items, so its command knows none of them.
  func agentStep(_ group: CheckedGroup) -> AgentStep? {
    let command = group["run"].flatMap { self.command($0, in: .nothing) }
    guard let command, let heartbeat = group["heartbeat"]?.duration else { return nil }
    return AgentStep(
      command: command, params: group["params"]?.members ?? [:], heartbeat: heartbeat)
  }

  /// The provider that a process calls by itself.
  func ownProvider(_ group: CheckedGroup) -> String? {
    group["provider"].flatMap(provider)?.name
  }

  /// How the process's report is read; an `answer` alone reads one JSON document.
  func agentOutput(_ group: CheckedGroup) -> AgentOutput? {
    let answer = group["answer"]?.text
    guard let usage = group["usage"] else {
      return answer.map { AgentOutput(form: .pointers([:]), answer: $0) }
    }
    if let name = usage.text {
      return Self.forms[name].map { AgentOutput(form: $0, answer: answer) }
    }
    let pointers = (usage.group?.values ?? [:]).compactMapValues(\.text)
    if usage.group?.given.isEmpty == true {
      log.note(
        usage.position,
        "usage names nothing; expected at least one of: "
          + Keywords.agentUsage.keywords.map(\.name).joined(separator: ", "))
    }
    return AgentOutput(form: .pointers(pointers), answer: answer)
  }

  private static let forms: [String: AgentOutput.Form] = [
    "claude-json": .claudeJSON, "claude-stream-json": .claudeStreamJSON, "codex-json": .codexJSON,
  ]

  func workspace(_ value: CheckedValue, in scope: VariableScope) -> StepWorkspace? {
    if let worktree = value.group?["worktree"]?.group {
      return .worktree(setup: worktree["setup"].flatMap { command($0, in: scope) })
    }
    switch value.text {
    case "copy": return .copy
    case "worktree": return .worktree(setup: nil)
    default: return .shared
    }
  }
}
