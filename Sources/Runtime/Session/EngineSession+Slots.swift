// How many attempts an engine lets run at the same time: what a person has set, what it was started
// with, or the definition's numbers.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience

extension EngineSession {
  /// The numbers of slots with which the engine begins.
  func parallel(of run: RunID, _ store: SQLiteStore) throws -> Parallel {
    if let set = try store.parallel(of: run) { return set }
    return options.parallel.map { Parallel(run: $0, llm: $0) } ?? definition.batch.parallel
  }

  /// A number that a person gives at the start replaces what was set before; a guardian's restart
  /// keeps what was set since.
  func forgetParallel(of run: RunID, _ store: SQLiteStore, at now: Instant) throws {
    guard options.parallel != nil, !options.isRestart, try store.parallel(of: run) != nil else {
      return
    }
    let moved = ParallelMoved(nil, by: NSUserName())
    try store.apply([.parallelMoved(moved)], of: run, at: now)
  }

  /// Attempts that may be under way at once, of every kind that the batch has.
  var slotsInAll: @Sendable (Parallel) -> Int {
    let isCall = definition.batch.steps.map { step in
      if case .llm = step.kind { true } else { false }
    }
    let (hasProcesses, hasCalls) = (isCall.contains(false), isCall.contains(true))
    return { (hasProcesses ? $0.run : 0) + (hasCalls ? $0.llm : 0) }
  }
}
