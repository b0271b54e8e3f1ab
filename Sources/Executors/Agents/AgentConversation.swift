// What an agent says, put where it belongs: its attempt, the log, or nowhere.

import BatchModel

/// The listening side of one agent process; pure.
struct AgentConversation {
  private var lines = AgentLines()
  /// The attempt under way; `nil` while the agent is idle.
  var turn: AgentTurn?
  /// It broke the protocol, in an attempt or between two: it is not to be trusted with another one.
  private(set) var isSpoiled = false

  /// Takes output, and returns what of it goes into the attempt's log.
  mutating func hear(_ chunk: UnsafeRawBufferPointer) -> String {
    var words = ""
    for line in lines.append(chunk) {
      switch line {
      case .whole(let bytes): words += hear(bytes)
      case .tooLong:
        words += refuse("a line is longer than \(AgentProtocol.lineBytesMax) bytes", line: [])
      }
    }
    return words
  }

  private mutating func hear(_ line: [UInt8]) -> String {
    do throws(BadAgentLine) {
      let message = try AgentProtocol.read(AgentMessage.self, from: line)
      if let attempt = message.attempt, attempt != turn?.attempt {
        return "passed over: \(message.words) of attempt \(attempt)\n"
      }
      turn?.take(message)
      return message.logLine
    } catch {
      return refuse(error.reason, line: line)
    }
  }

  private mutating func refuse(_ why: String, line: [UInt8]) -> String {
    isSpoiled = true
    turn?.breakOff(why)
    let shown = String(decoding: line.prefix(200), as: UTF8.self)
    return "no message of the agent protocol, \(why): \(shown)\n"
  }
}

extension AgentMessage {
  fileprivate var words: String {
    switch self {
    case .event: "an event"
    case .heartbeat: "a heartbeat"
    case .log: "a log line"
    case .result: "a result"
    case .failed: "a failure"
    case .unknown(let type): "\"\(type)\""
    }
  }

  /// With its newline; empty for what a log needs no word of.
  fileprivate var logLine: String {
    switch self {
    case .heartbeat: return ""
    case .log(let log):
      guard let level = log.level, level != "info" else { return log.message + "\n" }
      return "\(level): \(log.message)\n"
    case .event(let event): return event.kind.logLine
    case .result: return "result\n"
    case .failed(let failed): return "failed: \(failed.message)\n"
    case .unknown(let type): return "passed over: a message of type \"\(type)\"\n"
    }
  }
}

extension AgentEvent.Kind {
  fileprivate var logLine: String {
    switch self {
    case .artifact(let path): return "artifact: \(path)\n"
    case .usage(let usage):
      let cost = usage.cost.map { ", $\($0)" } ?? ""
      return "usage: \(usage.inputTokens) in, \(usage.outputTokens) out\(cost)\n"
    case .progress(let progress):
      var parts: [String] = []
      if let done = progress.done {
        parts.append(progress.total.map { "\(done)/\($0)" } ?? "\(done)")
      }
      if let message = progress.message { parts.append(message) }
      return "progress: \(parts.joined(separator: " "))\n"
    }
  }
}
