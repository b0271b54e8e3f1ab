// Where a run's levers stand, for a client that shows or pulls them.

package import BatchModel
import BatchStore

/// How many attempts run at the same time, and who says so.
package struct ParallelStanding: Hashable, Sendable, CustomStringConvertible {
  package enum Source: Hashable, Sendable {
    /// A person has set it for the run.
    case person
    /// The engine was started with it.
    case engine
    case definition
  }
  package var parallel: Parallel
  package var source: Source

  package var description: String {
    let source =
      switch source {
      case .person: "set by hand"
      case .engine: "as the engine was started"
      case .definition: "as the definition says"
      }
    return "run \(parallel.run), llm \(parallel.llm), \(source)"
  }
}

extension RunClient {
  package func parallel(of run: RunID) throws -> ParallelStanding {
    if let set = try store.parallel(of: run) {
      return ParallelStanding(parallel: set, source: .person)
    }
    let defined = try store.batch(of: run)?.parallel ?? Parallel()
    guard case .live(let gauges?) = liveness(), let live = gauges.parallel, live != defined else {
      return ParallelStanding(parallel: defined, source: .definition)
    }
    return ParallelStanding(parallel: live, source: .engine)
  }

  /// Whether the run has what a hold names, or holds it already.
  ///
  /// - Throws: `ClientError.unknownPart` with the names that there are.
  package func confirm(_ hold: Hold, in run: RunID) throws {
    if try store.holds(of: run).contains(hold) { return }
    guard let batch = try store.batch(of: run) else { throw ClientError.noRun(name: run.text) }
    let (name, known): (String, [String]) =
      switch hold {
      case .provider(let name): (name, batch.providersInUse.map(\.name))
      case .step(let id): (id, batch.steps.map(\.id))
      }
    guard known.contains(name) else { throw ClientError.unknownPart(hold, known: known) }
  }
}
