// `status --since TIME --json`: what happened since, in one answer.

package import BatchModel
import Resilience

/// A run from one moment to another.
///
/// Durations are in seconds, money in 10⁻¹² USD.
package struct AwayRecord: Codable {
  package let schemaVersion: Int
  package let run: String
  package let state: String
  package let from: String
  package let to: String
  package let done: Int
  package let failed: Int
  package let skipped: Int
  package let cancelled: Int
  package let newGroups: [String]
  package let reopenedGroups: [String]
  /// How much later the run ends than it looked then; `nil` when it is not known.
  package let slipSeconds: Int64?
  package let breakers: [BreakerRecord]
  package let waitedSeconds: Int64
  package let worstWait: WaitRecord?
  package let spentPicodollars: Int64
  package let capPicodollars: Int64?
  package let capReachedAt: String?
  package let pauses: [PauseRecord]
  package let capChanges: [CapRecord]
  package let levers: [LeverRecord]
  package let restarts: [String]

  package struct BreakerRecord: Codable {
    package let provider: String
    package let trips: Int
    package let longestSeconds: Int64
    package let open: Bool
  }

  package struct WaitRecord: Codable {
    package let provider: String
    package let dimension: String?
    package let waitedSeconds: Int64
  }

  package struct PauseRecord: Codable {
    package let from: String
    package let to: String?
    package let by: String
    package let why: String
  }

  package struct CapRecord: Codable {
    package let at: String
    package let fromPicodollars: Int64?
    package let toPicodollars: Int64?
    package let by: String
  }

  package struct LeverRecord: Codable {
    package let at: String
    package let by: String
    package let what: String
  }

  package init(_ report: AwayReport) {
    schemaVersion = 1
    run = report.run.text
    state = report.state.rawValue
    from = report.from.rfc3339
    to = report.to.rfc3339
    done = report.done
    failed = report.failed
    skipped = report.skipped
    cancelled = report.cancelled
    newGroups = report.newGroups
    reopenedGroups = report.reopenedGroups
    slipSeconds = report.slip?.components.seconds
    breakers = report.breakers.map {
      BreakerRecord(
        provider: $0.provider, trips: $0.trips, longestSeconds: $0.longest.components.seconds,
        open: $0.isOpen)
    }
    waitedSeconds = report.waited.components.seconds
    worstWait = report.worstWait.map {
      WaitRecord(
        provider: $0.provider, dimension: $0.dimension,
        waitedSeconds: $0.waited.components.seconds)
    }
    spentPicodollars = report.spent.picodollars
    capPicodollars = report.cap?.picodollars
    capReachedAt = report.capReachedAt?.rfc3339
    pauses = report.pauses.map {
      PauseRecord(from: $0.from.rfc3339, to: $0.to?.rfc3339, by: $0.by, why: $0.why)
    }
    capChanges = report.capChanges.map {
      CapRecord(
        at: $0.at.rfc3339, fromPicodollars: $0.from?.picodollars,
        toPicodollars: $0.to?.picodollars, by: $0.by)
    }
    levers = report.levers.map { LeverRecord(at: $0.at.rfc3339, by: $0.by, what: $0.what) }
    restarts = report.restarts.map(\.rfc3339)
  }
}
