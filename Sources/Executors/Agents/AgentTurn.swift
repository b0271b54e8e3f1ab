// One attempt as its agent tells it: usage, artifacts, and the verdict that ends it.

import BatchModel

/// What was heard in one attempt.
struct AgentTurn {
  enum Verdict: Equatable {
    case result(AgentResult)
    case failed(AgentFailed)
    /// The agent broke the protocol; the sentence says how.
    case broken(String)
  }

  /// More models or artifacts than this are counted as none: nothing here grows with hostile output.
  static let modelsMax = 64
  static let artifactsMax = 1000

  let attempt: AttemptID
  /// What ended the attempt; the first word counts.
  private(set) var verdict: Verdict?
  private(set) var work = AgentWork(usage: [], artifacts: [])

  init(_ attempt: AttemptID) { self.attempt = attempt }

  /// Takes a message about this attempt.
  mutating func take(_ message: AgentMessage) {
    guard verdict == nil else { return }
    switch message {
    case .event(let event): take(event.kind)
    case .result(let result):
      for usage in result.usage ?? [] { note(usage) }
      verdict = .result(result)
    case .failed(let failed):
      for usage in failed.usage ?? [] { note(usage) }
      verdict = .failed(failed)
    case .heartbeat, .log, .unknown: break
    }
  }

  /// Ends the attempt: what came is no message.
  mutating func breakOff(_ why: String) { verdict = verdict ?? .broken(why) }

  private mutating func take(_ event: AgentEvent.Kind) {
    switch event {
    case .artifact(let path):
      if work.artifacts.count < Self.artifactsMax { work.artifacts.append(path) }
    case .usage(let usage): note(usage)
    case .progress: break
    }
  }

  private mutating func note(_ usage: AgentUsage) {
    if let index = work.usage.firstIndex(where: { $0.model == usage.model }) {
      work.usage[index] = usage
    } else if work.usage.count < Self.modelsMax {
      work.usage.append(usage)
    }
  }
}
