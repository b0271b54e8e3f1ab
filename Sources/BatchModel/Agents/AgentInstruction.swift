// What the engine says to an agent: do this attempt, or stop doing it.

/// A message to an agent.
package enum AgentInstruction: Hashable, Sendable {
  case command(AgentCommand)
  /// The attempt is not wanted any more; the process is about to be ended.
  case cancel(AttemptID)
}

/// One attempt, with everything that an agent needs for it.
package struct AgentCommand: Hashable, Sendable, Codable {
  package var version: Int
  package var attempt: AttemptID
  /// Equal for every try of the same work: what an agent may know a finished answer by.
  package var key: IdempotencyKey
  package var run: RunID
  /// The item's key.
  package var item: String
  package var ordinal: Int64
  package var occurrence: Int
  package var step: String
  /// From 1.
  package var round: Int
  /// 1 for the first try of the step, one more after each failed one.
  package var tryNumber: Int
  /// What the workspace was at the run's start.
  package var snapshot: SnapshotID?
  package var inputs: Inputs
  /// When the process tree will be ended, in RFC 3339; `nil` is never.
  package var deadline: String?
  package var params: [String: JSONValue]

  /// What the attempt works on, and where.
  package struct Inputs: Hashable, Sendable, Codable {
    /// The item as JSON; left out of a command that would be too long, but never of its file.
    package var item: JSONValue?
    package var itemFile: String
    package var prompt: String?
    /// Set when the prompt is too long for the command.
    package var promptFile: String?
    /// What a review sent back.
    package var feedback: String?
    package var feedbackFile: String?
    /// The folder to work in.
    package var folder: String
    /// A folder of the attempt's own.
    package var staging: String
    /// Where the candidate is expected; without one, the result's answer is the candidate.
    package var output: String

    package init(
      item: JSONValue?, itemFile: String, prompt: String? = nil, promptFile: String? = nil,
      feedback: String? = nil, feedbackFile: String? = nil, folder: String, staging: String,
      output: String
    ) {
      self.item = item
      self.itemFile = itemFile
      self.prompt = prompt
      self.promptFile = promptFile
      self.feedback = feedback
      self.feedbackFile = feedbackFile
      self.folder = folder
      self.staging = staging
      self.output = output
    }

    enum CodingKeys: String, CodingKey {
      case item, prompt, feedback, folder, staging, output
      case itemFile = "item_file"
      case promptFile = "prompt_file"
      case feedbackFile = "feedback_file"
    }
  }

  package init(
    attempt: AttemptID, key: IdempotencyKey, run: RunID, item: String, ordinal: Int64,
    occurrence: Int, step: String, round: Int, tryNumber: Int = 1, snapshot: SnapshotID? = nil,
    inputs: Inputs, deadline: String? = nil, params: [String: JSONValue] = [:]
  ) {
    version = AgentProtocol.version
    self.attempt = attempt
    self.key = key
    self.run = run
    self.item = item
    self.ordinal = ordinal
    self.occurrence = occurrence
    self.step = step
    self.round = round
    self.tryNumber = tryNumber
    self.snapshot = snapshot
    self.inputs = inputs
    self.deadline = deadline
    self.params = params
  }

  enum CodingKeys: String, CodingKey {
    case version = "protocol"
    case key = "idempotency_key"
    case tryNumber = "try"
    case attempt, run, item, ordinal, occurrence, step, round, snapshot, inputs, deadline, params
  }
}

extension AgentInstruction: Codable {
  private enum Kind: String, Codable { case command, cancel }
  private enum CodingKeys: String, CodingKey { case type, attempt }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .type) {
    case .command: self = .command(try AgentCommand(from: decoder))
    case .cancel: self = .cancel(try container.decode(AttemptID.self, forKey: .attempt))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .command(let command):
      try container.encode(Kind.command, forKey: .type)
      try command.encode(to: encoder)
    case .cancel(let attempt):
      try container.encode(Kind.cancel, forKey: .type)
      try container.encode(attempt, forKey: .attempt)
    }
  }
}
