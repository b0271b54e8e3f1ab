// The agent of rehearsals: reads commands, does what its script says, and is as unkind as it says.

import BatchModel
import Foundation
import Glibc

/// An agent that speaks the protocol on two descriptors.
package struct MockAgent {
  /// How an attempt's acts ended.
  private enum Outcome {
    case done
    case leave(status: Int32)
  }

  private let script: MockAgentScript
  private var ear: MockEar
  private let output: Int32

  package init(script: MockAgentScript, input: Int32 = 0, output: Int32 = 1) {
    self.script = script
    ear = MockEar(input)
    self.output = output
  }

  /// Serves commands until the input ends.
  ///
  /// - Returns: the status to exit with.
  package mutating func run() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    if script.ignoresTerm { signal(SIGTERM, SIG_IGN) }
    if case .leave(let status) = perform(script.start, for: nil) { return status }
    while let line = ear.nextLine() {
      // A line that it cannot read is none of its business.
      guard let instruction = try? AgentProtocol.read(AgentInstruction.self, from: line),
        case .command(let command) = instruction
      else { continue }
      if case .leave(let status) = perform(script.acts(for: command), for: command) {
        return status
      }
    }
    return 0
  }

  private mutating func perform(_ acts: [MockAct], for command: AgentCommand?) -> Outcome {
    for act in acts {
      switch act {
      case .wait(let milliseconds):
        if wait(milliseconds, command) == .cancelled { return cancelled(command) }
      case .silence:
        if wait(nil, command) == .cancelled { return cancelled(command) }
        return .leave(status: 0)
      case .exit(let status): return .leave(status: status)
      default: say(act, command)
      }
    }
    return .done
  }

  private func cancelled(_ command: AgentCommand?) -> Outcome {
    if let command { say(.fail(text: "cancelled", retryable: true), command) }
    return .done
  }

  private mutating func wait(_ milliseconds: Int64?, _ command: AgentCommand?) -> MockEar.Wait {
    ear.wait(milliseconds) { line in
      // What is no cancel can wait.
      let instruction = try? AgentProtocol.read(AgentInstruction.self, from: line)
      guard case .cancel(let attempt)? = instruction else { return false }
      return attempt == command?.attempt
    }
  }

  private func say(_ act: MockAct, _ command: AgentCommand?) {
    switch act {
    case .garbage(let text): write(Array((fill(text, command) + "\n").utf8))
    case .long(let bytes): write([UInt8](repeating: UInt8(ascii: "a"), count: bytes - 1) + [10])
    case .unknown: write(Array("{\"type\":\"telepathy\",\"attempt\":0}\n".utf8))
    case .write(let path, let text): save(fill(text, command), path, command)
    default:
      if let message = message(act, command) { write(AgentProtocol.line(message)) }
    }
  }

  /// The message that an act is; `nil` for what needs an attempt and has none, or is no message.
  private func message(_ act: MockAct, _ command: AgentCommand?) -> AgentMessage? {
    let attempt = command?.attempt
    switch act {
    case .heartbeat: return .heartbeat(AgentHeartbeat(attempt: attempt))
    case .log(let level, let text):
      return .log(AgentLog(attempt: attempt, level: level, message: fill(text, command)))
    case .progress(let progress):
      return .event(AgentEvent(attempt: attempt, kind: .progress(progress)))
    case .artifact(let path):
      return .event(AgentEvent(attempt: attempt, kind: .artifact(path: fill(path, command))))
    case .usage(let usage): return .event(AgentEvent(attempt: attempt, kind: .usage(usage)))
    case .answer(let text, let usage, let feedback):
      return attempt.map {
        .result(
          AgentResult(
            attempt: $0, answer: text.map { fill($0, command) }, usage: usage.map { [$0] },
            feedback: feedback))
      }
    case .fail(let text, let retryable):
      return attempt.map {
        .failed(AgentFailed(attempt: $0, message: fill(text, command), retryable: retryable))
      }
    case .late:
      return .result(AgentResult(attempt: AttemptID((attempt?.number ?? 0) - 1), answer: "late"))
    case .wait, .silence, .exit, .garbage, .long, .unknown, .write: return nil
    }
  }

  /// Replaces `{{item}}`, `{{prompt}}`, `{{feedback}}`, `{{attempt}}`, `{{round}}`, `{{try}}` and
  /// `{{pid}}`.
  private func fill(_ text: String, _ command: AgentCommand?) -> String {
    let values = [
      "item": command?.item, "prompt": command?.inputs.prompt,
      "feedback": command?.inputs.feedback, "attempt": command.map { "\($0.attempt)" },
      "round": command.map { "\($0.round)" }, "try": command.map { "\($0.tryNumber)" },
      "pid": "\(getpid())",
    ]
    return text.replacing(/\{\{([a-z]+)\}\}/) { match in
      (values[String(match.1)] ?? nil) ?? ""
    }
  }

  private func save(_ text: String, _ path: String?, _ command: AgentCommand?) {
    guard let inputs = command?.inputs else { return }
    let target = path.map { "\(inputs.folder)/\(fill($0, command))" } ?? inputs.output
    do {
      try text.write(toFile: target, atomically: false, encoding: .utf8)
    } catch {
      say(.fail(text: "cannot write \(target): \(error)", retryable: false), command)
    }
  }

  /// Writes all; a reader that is gone needs nothing.
  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      rest = rest.dropFirst(max(0, count))
    }
  }
}
