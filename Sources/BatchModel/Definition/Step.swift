// One stage of an item's pipeline, and the checks that stand before its publication.

package import Resilience

/// A step.
package struct Step: Hashable, Sendable, Codable {
  package enum Kind: Hashable, Sendable, Codable {
    /// A command, a process for each attempt.
    case run(Command)
    /// A call of a model's API.
    case llm(ModelStep)
    /// A process that stays and speaks the agent protocol.
    case agent(AgentStep)
  }
  package var id: String
  package var kind: Kind
  /// Where the candidate is published, relative to the definition's folder; `nil` publishes nothing.
  package var output: Template?
  /// The step's own checks, and the batch's checks when it has an output.
  package var checks: [Check]
  package var enforcement: Enforcement
  package var retry: RetryPolicy
  /// Whether an attempt of which nobody knows what it did is repeated.
  ///
  /// `nil` repeats it, as in definitions that were stored before there was a choice.
  package var repeatsUnknown: Bool?
  package var timeout: Duration?
  /// No output for so long counts as stuck; `nil` switches it off.
  package var stall: Duration?
  /// Added to the process's environment; part of the key.
  package var environment: [String: Template]
  /// Globs of files that the step reads besides its item; part of the key's input half.
  package var reads: [Template]
  package var standardInput: StandardInput
  /// The prompt's text, from its file or from the definition.
  package var prompt: Template?
  /// Which halves of the key, when changed, run a finished step again; sorted, without repeats.
  package var rerunOn: [KeyHalf]
  /// Set for a step that may send the work back.
  package var review: Review?
  /// The provider that a `run` step's command calls by itself: its limits and breaker hold here too.
  package var provider: String?
  /// How a `run` step's output tells what it used.
  package var agentOutput: AgentOutput?
  /// A `run` or `agent` process's own bound: what its attempt reserves.
  package var costMax: Money?
  package var workspace: StepWorkspace

  package init(
    id: String, kind: Kind, output: Template? = nil, checks: [Check] = [],
    enforcement: Enforcement = .strict, retry: RetryPolicy = RetryPolicy(),
    timeout: Duration? = nil, stall: Duration? = nil, environment: [String: Template] = [:],
    reads: [Template] = [], standardInput: StandardInput = .none, prompt: Template? = nil,
    rerunOn: [KeyHalf] = [.input], review: Review? = nil, provider: String? = nil,
    agentOutput: AgentOutput? = nil, costMax: Money? = nil, workspace: StepWorkspace = .shared,
    repeatsUnknown: Bool? = nil
  ) {
    self.id = id
    self.kind = kind
    self.output = output
    self.checks = checks
    self.enforcement = enforcement
    self.retry = retry
    self.timeout = timeout
    self.stall = stall
    self.environment = environment
    self.reads = reads
    self.standardInput = standardInput
    self.prompt = prompt
    self.rerunOn = rerunOn
    self.review = review
    self.provider = provider
    self.agentOutput = agentOutput
    self.costMax = costMax
    self.workspace = workspace
    self.repeatsUnknown = repeatsUnknown
  }
}

/// What a step's process finds on its standard input.
package enum StandardInput: String, Hashable, Sendable, Codable {
  case none, prompt, item
}

/// What a failed check does: keep the candidate back, publish with a warning, or nothing.
package enum Enforcement: String, Hashable, Sendable, Codable {
  case strict, warn, off
}

/// The two halves of an idempotency key.
package enum KeyHalf: String, Hashable, Sendable, Codable, CaseIterable {
  /// What the item is: payload, files, `reads`, artifacts of earlier steps and of `after` items.
  case input
  /// What is done with it: prompt, arguments, parameters, checks, environment.
  case recipe
}

/// A condition on a candidate.
package struct Check: Hashable, Sendable, Codable {
  package enum Rule: Hashable, Sendable, Codable {
    /// The candidate has at least one byte that is not white space.
    case nonempty
    /// The command exits 0; `{{candidate}}` is the sealed copy's path. A step with a worktree has it
    /// run in a worktree of what the attempt left.
    case run(Command)
    /// The pattern is found in the candidate's text.
    case regex(String)
    /// The attempt changed something: its worktree differs from its base, or the candidate from what
    /// stands at its target.
    case changed
    /// The candidate is one JSON document.
    case jsonValid
    /// The candidate is valid against the schema: its path, relative to the definition's folder.
    case jsonSchema(String)
  }
  package var name: String
  package var rule: Rule
  package init(name: String, rule: Rule) {
    self.name = name
    self.rule = rule
  }
}
