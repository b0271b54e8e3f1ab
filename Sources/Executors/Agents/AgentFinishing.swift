// What an agent's attempt amounts to: its candidate sealed, or its failure in the engine's words.

import BatchModel
import DurableFiles
import Glibc

/// Makes reports; blocks on the disk.
struct AgentFinishing: Sendable {
  /// What the executor saw of the attempt's end.
  enum Seen: Sendable {
    /// The process goes on.
    case turn(ProcessTurnReport, pid: Int32?)
    /// The process ended, by itself or not.
    case process(ProcessReport)
  }

  let objects: ObjectStore
  let mask: SecretMask
  let runsFolder: String

  func report(
    _ pending: PendingAttempt, _ ended: AgentProcess.Ended, _ seen: Seen
  ) -> AttemptReport {
    var report = AttemptReport(pending.attempt, seen)
    report.agentWork = ended.turn.work
    switch ended.turn.verdict {
    case .result(let result)?:
      report.feedback = result.feedback
      seal(result, pending, into: &report)
    case .failed(let failed)? where !ended.isUnwanted:
      report.failure = Failure(
        kind: failed.retryable ?? true ? .agent : .agentFinal, message: oneLine(failed.message))
    case .broken(let why)? where !ended.isUnwanted:
      report.failure = Failure(
        kind: .agentProtocol, message: "the agent broke the protocol: \(why)")
    case .failed?, .broken?, nil:
      // Who was told to stop may say anything about it.
      if ended.isUnwanted {
        report.outcome = report.pid == nil ? .neverStarted : .interrupted
      } else if case .process(let process) = seen {
        report.take(endOf: process, heartbeat: pending.order.heartbeat, pending.order.step.timeout)
      }
    }
    if report.failure?.isOwn == true, DiskSpace.isExhausted(at: runsFolder) {
      report.failure?.kind = .diskFull
      report.failure?.message += ", and the disk is full"
    }
    if report.failure != nil { report.outcome = .failed }
    return report
  }

  /// The file at the output path is the candidate, else the answer.
  private func seal(
    _ result: AgentResult, _ pending: PendingAttempt, into report: inout AttemptReport
  ) {
    let owes = pending.order.step.owes
    do throws(FilesError) {
      var status = stat()
      if lstat(pending.staging.candidate, &status) == 0 {
        guard status.isFile else {
          return report.failure = hollow("\(status.kind) stands at the output path")
        }
        if owes == .candidate, status.st_size == 0 {
          return report.failure = hollow("the file at the output path is empty")
        }
        report.candidate = try objects.seal(pending.staging.candidate)
      } else if owes != .nothing, let answer = result.answer, !answer.isEmpty {
        report.candidate = try objects.put(Array(answer.utf8))
      } else if owes == .candidate {
        report.failure = hollow("no file stands at the output path and the result has no answer")
      }
    } catch {
      report.failure = Failure(of: error, otherwise: .publish)
    }
  }

  private func hollow(_ why: String) -> Failure {
    Failure(kind: .hollow, message: "the agent said that it is done, but \(why)")
  }

  /// A message is one line, of bounded length, without secrets.
  private func oneLine(_ message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let masked = mask.masked(String(line.prefix(LastLine.bytesMax)))
    return masked.isEmpty ? "the agent failed without a word" : masked
  }
}

extension AgentProcess.Ended {
  /// Whether the agent ended before it read this attempt's command, so that nothing of it was done.
  func wasNeverSeen(by report: ProcessReport) -> Bool {
    // The first command of a process is its own: who cannot even start is not started for ever.
    guard turnsBegun > 1, turn.verdict == nil, !isUnwanted else { return false }
    return report.turnsBegun < turnsBegun || report.unreadInputBytes >= commandBytes
  }
}

extension AttemptReport {
  static func neverStarted(_ attempt: AttemptID) -> AttemptReport {
    AttemptReport(
      attempt: attempt, outcome: .neverStarted,
      usage: ProcessUsage(elapsedMilliseconds: 0, outputBytes: 0), lastLine: "", remarks: [])
  }

  fileprivate init(_ attempt: AttemptID, _ seen: AgentFinishing.Seen) {
    switch seen {
    case .turn(let turn, let pid):
      self.init(
        attempt: attempt, outcome: .succeeded,
        usage: ProcessUsage(
          elapsedMilliseconds: turn.elapsed.deadlineMilliseconds, outputBytes: turn.outputBytes),
        pid: pid, lastLine: turn.lastLine, remarks: turn.logProblem.map { [$0] } ?? [])
    case .process(var process):
      process.id = attempt
      self.init(process)
    }
  }

  /// An end without a word of the agent.
  fileprivate mutating func take(
    endOf process: ProcessReport, heartbeat: Duration, _ timeout: Duration?
  ) {
    switch process.end {
    case .stalled:
      failure = Failure(
        kind: .stall,
        message: "the agent gave no sign of life, not even a heartbeat, for \(heartbeat)")
    case .exited(let status):
      let line = process.lastLine.isEmpty ? "" : ": \(process.lastLine)"
      failure = Failure(
        kind: .exit, status: status,
        message: "the agent ended in the middle of the attempt, with exit \(status)\(line)")
    case .killed, .timedOut, .signalled, .couldNotStart:
      failure = Failure(process, timeout: timeout, stall: heartbeat)
    }
  }
}

extension Failure {
  /// What kept an attempt from being prepared.
  init(preparing error: any Error) {
    if let error = error as? FilesError {
      self.init(of: error, otherwise: .notStarted)
    } else {
      self.init(kind: .input, message: "\(error)")
    }
  }
}
