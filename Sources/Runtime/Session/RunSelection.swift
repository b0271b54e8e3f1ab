// Which run an engine works on: the unfinished one, or a new one.

import BatchModel
import BatchStore
import Resilience

/// The choice of a run.
enum RunSelection: Hashable {
  case resume(RunSummary)
  /// A new run; the newest one, if it is superseded by it.
  case create(superseding: RunID?)

  /// - Throws: `ClientError.noRun` for a name that the store does not have;
  ///   `SessionError.otherDefinition` for a run of another definition.
  init(
    _ resumption: RunOptions.Resumption, definition: Digest, store: any StoreReading
  ) throws {
    switch resumption {
    case .fresh:
      self = .create(superseding: try store.runs(limit: 1).first?.run)
    case .run(let name):
      guard let summary = try store.summary(of: RunID(name)) else {
        throw ClientError.noRun(name: name)
      }
      guard summary.definition == definition else {
        throw SessionError.otherDefinition(run: name)
      }
      guard summary.state != .superseded else { throw SessionError.superseded(run: name) }
      self = .resume(summary)
    case .automatic:
      guard let newest = try store.runs(limit: 1).first else {
        self = .create(superseding: nil)
        return
      }
      self =
        newest.definition == definition && newest.state != .superseded
        ? .resume(newest) : .create(superseding: newest.run)
    }
  }
}

/// Why an engine does not begin.
package enum SessionError: Error, Hashable, CustomStringConvertible {
  case otherDefinition(run: String)
  case superseded(run: String)
  case unmetDependencies([String])
  case nothingMatches(String)
  /// A cap is wanted that does not hold for these steps.
  case unbounded(steps: [String])

  package var description: String {
    switch self {
    case .otherDefinition(let run):
      "\(run): its definition was another one; a plain footplate run plans from its receipts"
    case .superseded(let run):
      "\(run): a later run took over its receipts; footplate runs lists them"
    case .unmetDependencies(let problems):
      (["the items cannot be put in order:"] + problems).joined(separator: "\n  ")
    case .nothingMatches(let what): "\(what): no item that is left to do matches"
    case .unbounded(let steps):
      "--budget does not hold for \(steps.joined(separator: ", ")): write what one attempt may cost, "
        + "max_cost: 2.00, or billing: subscription for its provider"
    }
  }
}
