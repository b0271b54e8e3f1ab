// How an attempt ended, in the engine's words.

package import BatchModel
package import DurableFiles

/// The end of one attempt.
package struct AttemptReport: Hashable, Sendable {
  package var attempt: AttemptID
  /// `succeeded`, `failed`, `interrupted` or `neverStarted`; nothing else is seen from here.
  package var outcome: AttemptOutcome
  /// Set when `outcome` is `failed`.
  package var failure: Failure?
  /// The sealed candidate, if the process left one and ended well.
  package var candidate: SealedObject?
  package var usage: ProcessUsage
  /// Standard output of a review that exited with 10, at most 64 KiB.
  package var feedback: String?
  /// `nil` when nothing ran.
  package var pid: Int32?
  /// The last thing that the process said, masked of secrets.
  package var lastLine: String
  /// What went wrong beside the work: a log that could not be written, staging that stays.
  package var remarks: [String]
  /// What an agent said of its work; `nil` for a process that speaks no protocol.
  package var agentWork: AgentWork? = nil
}

/// What an agent said that it used and wrote, also of an attempt that failed.
package struct AgentWork: Hashable, Sendable {
  /// One entry a model, in the order in which they were first named.
  package var usage: [AgentUsage]
  /// Paths as the agent said them; hostile text.
  package var artifacts: [String]
}

/// The exit status by which a review says "needs changes".
package enum ReviewStatus {
  package static let needsChanges: Int32 = 10
}

extension Failure {
  /// What a failed file operation means for an attempt: a full disk is nobody's fault.
  package init(of error: FilesError, otherwise kind: Class) {
    self.init(kind: error.isDiskFull ? .diskFull : kind, message: "\(error)")
  }

  /// Whether the process failed by itself: with a full disk at its end, that was the reason.
  var isOwn: Bool {
    switch kind {
    case .exit, .signal, .hollow: true
    default: false
    }
  }

  /// The failure that a process's end amounts to; `nil` for exit 0 and for a kill that was wanted.
  package init?(_ report: ProcessReport, timeout: Duration?, stall: Duration?) {
    let line = report.lastLine
    switch report.end {
    case .exited(0), .killed: return nil
    case .exited(let status):
      self.init(
        kind: .exit, status: status,
        message: line.isEmpty ? "exit \(status) without a word" : line)
    case .signalled(let signal):
      self.init(
        kind: .signal, status: signal,
        message: "killed by signal \(signal)" + (line.isEmpty ? "" : ": \(line)"))
    case .timedOut:
      self.init(kind: .timeout, message: "no end within \(Self.text(timeout))")
    case .stalled:
      self.init(kind: .stall, message: "no output for \(Self.text(stall))")
    case .couldNotStart(let why):
      self.init(kind: .notStarted, message: why)
    }
  }

  private static func text(_ duration: Duration?) -> String {
    duration.map { "\($0)" } ?? "its limit"
  }
}
