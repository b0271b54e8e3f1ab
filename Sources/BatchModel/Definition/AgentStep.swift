// What an `agent` step starts: a process that stays and is handed one attempt after the other.

/// A process that speaks the agent protocol, one for each slot.
package struct AgentStep: Hashable, Sendable, Codable {
  package var command: Command
  /// Whatever else the agent is told with every command.
  package var params: [String: JSONValue]
  /// An agent that says nothing for so long, not even a heartbeat, is stuck.
  package var heartbeat: Duration

  package init(
    command: Command, params: [String: JSONValue] = [:], heartbeat: Duration = .seconds(30)
  ) {
    self.command = command
    self.params = params
    self.heartbeat = heartbeat
  }
}

/// How a coding agent's own output tells what it used: read from the standard output of a `run` step.
package struct AgentOutput: Hashable, Sendable, Codable {
  package enum Form: Hashable, Sendable, Codable {
    case claudeJSON
    case claudeStreamJSON
    case codexJSON
    /// JSON pointers (RFC 6901) into one JSON document: `cost`, `input_tokens`, `output_tokens`.
    case pointers([String: String])
  }
  package var form: Form
  /// A JSON pointer to the text that is the candidate; `nil` takes the form's own place.
  package var answer: String?
  package init(form: Form, answer: String? = nil) {
    self.form = form
    self.answer = answer
  }

  /// Whether it is an agent's that spends money, by what it tells.
  package var tellsCost: Bool {
    switch form {
    case .claudeJSON, .claudeStreamJSON, .codexJSON: true
    case .pointers(let pointers): pointers["cost"] != nil
    }
  }
}

/// Where the process of a `run` or `agent` step works.
package enum StepWorkspace: Hashable, Sendable, Codable {
  /// In the definition's folder, with all others.
  case shared
  /// In a copy of the snapshot of its own.
  case copy
  /// In a git worktree of its own, whose commit is the artifact; `setup` runs in it first.
  case worktree(setup: Command?)
}

/// A step that judges an earlier one, and may send the work back to it.
package struct Review: Hashable, Sendable, Codable {
  /// What follows when the rounds go in circles.
  package enum OnLoop: Hashable, Sendable, Codable {
    case fail
    /// The work goes to this step, once.
    case escalate(step: String)
  }
  /// The step that does the work again; stands before the review.
  package var sendsBackTo: String
  /// Passes in all, the first one included; at least 1.
  package var rounds: Int
  package var onLoop: OnLoop
  package init(sendsBackTo: String, rounds: Int = 3, onLoop: OnLoop = .fail) {
    precondition(rounds >= 1, "the work is done at least once")
    self.sendsBackTo = sendsBackTo
    self.rounds = rounds
    self.onLoop = onLoop
  }
}
