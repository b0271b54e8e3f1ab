// The checks that are commands: each runs on a read-only copy of the sealed candidate.

package import BatchModel
import DurableFiles

/// A check to run.
package struct CheckOrder: Sendable {
  /// The check's name, for its messages.
  package var name: String
  package var run: RunID
  package var attempt: AttemptID
  package var epoch: Epoch
  /// Rendered, with the copy's path where `{{candidate}}` stood.
  package var invocation: ProcessOrder.Invocation
  package var environment: [String: String]
  /// `nil` when there is no candidate: the worktree is what is judged.
  package var copy: CheckCopy?
  /// Where it runs; `nil` is the definition's folder.
  package var folder: String?
  package var timeout: Duration

  package init(
    name: String, run: RunID, attempt: AttemptID, epoch: Epoch,
    invocation: ProcessOrder.Invocation, environment: [String: String] = [:], copy: CheckCopy?,
    folder: String? = nil, timeout: Duration = .seconds(600)
  ) {
    self.name = name
    self.run = run
    self.attempt = attempt
    self.epoch = epoch
    self.invocation = invocation
    self.environment = environment
    self.copy = copy
    self.folder = folder
    self.timeout = timeout
  }
}

/// What a check said.
package enum CheckVerdict: Hashable, Sendable {
  case passed
  case rejected(Failure)
  /// It was killed because somebody wanted it: it said nothing about the candidate.
  case interrupted
}

/// Runs checks, one at a time for an attempt.
package struct CheckRunner: Sendable {
  private let processes: ProcessExecutor
  private let pool: BlockingPool
  private let environment: StepEnvironment
  private let folder: String
  private let runsFolder: String
  private let mask: SecretMask

  package init(
    processes: ProcessExecutor, pool: BlockingPool, environment: StepEnvironment, folder: String,
    runsFolder: String, mask: SecretMask = SecretMask()
  ) {
    self.processes = processes
    self.pool = pool
    self.environment = environment
    self.folder = folder
    self.runsFolder = runsFolder
    self.mask = mask
  }

  /// Where an attempt's checks log; a later check appends nothing to an earlier one's.
  package func logPath(_ order: CheckOrder) -> String {
    let digest = Digest(of: order.name).hex.prefix(8)
    return "\(runsFolder)/\(order.run)/logs/\(order.attempt).check-\(digest).log"
  }

  /// Runs one check on a copy that was made before; exit 0 passes.
  ///
  /// `ProcessExecutor.kill` with the attempt's id ends it.
  package func run(_ order: CheckOrder) async -> CheckVerdict {
    let report = await processes.run(
      ProcessOrder(
        id: order.attempt, invocation: order.invocation,
        environment: environment.entries(
          attempt: order.attempt, epoch: order.epoch, environment: order.environment),
        folder: order.folder ?? folder, timeout: order.timeout, log: LogOrder(path: logPath(order)),
        marker: environment.marker(attempt: order.attempt, epoch: order.epoch), mask: mask))
    if report.end == .killed { return .interrupted }
    if let failure = Failure(report, timeout: order.timeout, stall: nil) {
      let isMissing = failure.kind == .notStarted
      return .rejected(
        Failure(
          kind: isMissing ? .notStarted : .check, status: failure.status,
          message: "\(order.name): \(failure.message)"))
    }
    return await verdictOnCopy(order)
  }

  /// A check that alters what it judges is wrong, whatever it says.
  private func verdictOnCopy(_ order: CheckOrder) async -> CheckVerdict {
    guard let copy = order.copy else { return .passed }
    do throws(FilesError) {
      try await pool.run { () throws(FilesError) in try copy.verify() }
      return .passed
    } catch {
      let message = "\(order.name) altered the candidate that it checks: \(error)"
      return .rejected(Failure(kind: .check, message: message))
    }
  }
}
