// What an agent says: that it lives, what it does, and how an attempt ended.

/// A message from an agent.
package enum AgentMessage: Hashable, Sendable {
  case event(AgentEvent)
  case heartbeat(AgentHeartbeat)
  case log(AgentLog)
  /// Ends the attempt well.
  case result(AgentResult)
  /// Ends the attempt badly.
  case failed(AgentFailed)
  /// A type or an event of a later version: to be logged and passed over.
  case unknown(type: String)

  /// The attempt that it is about; `nil` where the agent did not say.
  package var attempt: AttemptID? {
    switch self {
    case .event(let event): event.attempt
    case .heartbeat(let heartbeat): heartbeat.attempt
    case .log(let log): log.attempt
    case .result(let result): result.attempt
    case .failed(let failed): failed.attempt
    case .unknown: nil
    }
  }

  /// Whether nothing follows for the attempt.
  package var isTerminal: Bool {
    switch self {
    case .result, .failed: true
    case .event, .heartbeat, .log, .unknown: false
    }
  }
}

/// Something that happened in an attempt.
package struct AgentEvent: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A file was written; the path is as the agent says it.
    case artifact(path: String)
    case progress(AgentProgress)
    /// What the attempt used so far of one model: each one replaces the model's last one.
    case usage(AgentUsage)
  }
  package var attempt: AttemptID?
  package var kind: Kind
  package init(attempt: AttemptID?, kind: Kind) {
    self.attempt = attempt
    self.kind = kind
  }
}

/// How far an attempt is.
package struct AgentProgress: Hashable, Sendable, Codable {
  package var message: String?
  package var done: Int64?
  package var total: Int64?
  package init(message: String? = nil, done: Int64? = nil, total: Int64? = nil) {
    self.message = message
    self.done = done
    self.total = total
  }
}

/// A sign of life.
package struct AgentHeartbeat: Hashable, Sendable, Codable {
  package var attempt: AttemptID?
  package init(attempt: AttemptID? = nil) { self.attempt = attempt }
}

/// A line for the attempt's log.
package struct AgentLog: Hashable, Sendable, Codable {
  package var attempt: AttemptID?
  /// A word such as `info`; any word is taken.
  package var level: String?
  package var message: String
  package init(attempt: AttemptID? = nil, level: String? = nil, message: String) {
    self.attempt = attempt
    self.level = level
    self.message = message
  }
}

/// A good end.
package struct AgentResult: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  /// The candidate, unless a file stands at the output path.
  package var answer: String?
  /// One entry a model: what the whole attempt used.
  package var usage: [AgentUsage]?
  /// Set by a review that sends the work back.
  package var feedback: String?
  package init(
    attempt: AttemptID, answer: String? = nil, usage: [AgentUsage]? = nil, feedback: String? = nil
  ) {
    self.attempt = attempt
    self.answer = answer
    self.usage = usage
    self.feedback = feedback
  }
}

/// A bad end.
package struct AgentFailed: Hashable, Sendable, Codable {
  package var attempt: AttemptID
  package var message: String
  /// Whether another try could end otherwise; without a word it could.
  package var retryable: Bool?
  package var usage: [AgentUsage]?
  package init(
    attempt: AttemptID, message: String, retryable: Bool? = nil, usage: [AgentUsage]? = nil
  ) {
    self.attempt = attempt
    self.message = message
    self.retryable = retryable
    self.usage = usage
  }
}

extension AgentMessage: Codable {
  private enum CodingKeys: String, CodingKey { case type }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    switch type {
    case "event":
      do {
        self = .event(try AgentEvent(from: decoder))
      } catch let later as AgentEvent.LaterKind {
        self = .unknown(type: "event \(later.name)")
      }
    case "heartbeat": self = .heartbeat(try AgentHeartbeat(from: decoder))
    case "log": self = .log(try AgentLog(from: decoder))
    case "result": self = .result(try AgentResult(from: decoder))
    case "failed": self = .failed(try AgentFailed(from: decoder))
    default: self = .unknown(type: type)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .event(let event):
      try container.encode("event", forKey: .type)
      try event.encode(to: encoder)
    case .heartbeat(let heartbeat):
      try container.encode("heartbeat", forKey: .type)
      try heartbeat.encode(to: encoder)
    case .log(let log):
      try container.encode("log", forKey: .type)
      try log.encode(to: encoder)
    case .result(let result):
      try container.encode("result", forKey: .type)
      try result.encode(to: encoder)
    case .failed(let failed):
      try container.encode("failed", forKey: .type)
      try failed.encode(to: encoder)
    case .unknown(let type):
      try container.encode(type, forKey: .type)
    }
  }
}

extension AgentEvent: Codable {
  /// An event that this version does not know.
  struct LaterKind: Error { var name: String }

  private enum CodingKeys: String, CodingKey { case attempt, event, path, usage }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    attempt = try container.decodeIfPresent(AttemptID.self, forKey: .attempt)
    let name = try container.decode(String.self, forKey: .event)
    switch name {
    case "artifact": kind = .artifact(path: try container.decode(String.self, forKey: .path))
    case "progress": kind = .progress(try AgentProgress(from: decoder))
    case "usage": kind = .usage(try container.decode(AgentUsage.self, forKey: .usage))
    default: throw LaterKind(name: name)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(attempt, forKey: .attempt)
    switch kind {
    case .artifact(let path):
      try container.encode("artifact", forKey: .event)
      try container.encode(path, forKey: .path)
    case .progress(let progress):
      try container.encode("progress", forKey: .event)
      try progress.encode(to: encoder)
    case .usage(let usage):
      try container.encode("usage", forKey: .event)
      try container.encode(usage, forKey: .usage)
    }
  }
}
