// INVALID_DEFINITION, UNKNOWN_PRICE, MISSING_DEPENDENCY, CIRCULAR_DEPENDENCY: what keeps a run from
// beginning.

import BatchDefinition
import BatchModel
import BatchStore
import Foundation
import Resilience

extension DoctorCheck {
  static let invalidDefinition = DoctorCheck(.invalidDefinition) { examination in
    do {
      _ = try examination.definition.get()
      return []
    } catch let errors as DefinitionErrors {
      return errors.mistakes.filter { $0.kind == .invalid }.map { mistake in
        Finding(
          .invalidDefinition, .error, mistake.place, mistake.message, .byHand, "mend it there")
      }
    } catch {
      return [
        Finding(
          .invalidDefinition, .error, examination.definitionPath, "\(error)", .byHand,
          "name the definition with -f, or make one with footplate init")
      ]
    }
  }

  static let unknownPrice = DoctorCheck(.unknownPrice) { examination in
    // Everything else that keeps the definition from being read is another check's finding.
    guard case .failure(let error) = examination.definition,
      let errors = error as? DefinitionErrors
    else { return [] }
    return errors.mistakes.filter { $0.kind == .unknownPrice }.map { mistake in
      Finding(
        .unknownPrice, .error, mistake.place, mistake.message, .byHand,
        "write its price under prices, or billing: subscription for its provider")
    }
  }

  static let missingDependency = DoctorCheck(.missingDependency) { examination in
    try examination.dependencyProblems().compactMap { problem in
      guard case .missing(let item, let needs) = problem else { return nil }
      return Finding(
        .missingDependency, .error, item, "\(problem)", .byHand,
        "add \(needs) to the items, or take it out of the item's after")
    }
  }

  static let circularDependency = DoctorCheck(.circularDependency) { examination in
    try examination.dependencyProblems().compactMap { problem in
      guard case .cycle(let keys) = problem else { return nil }
      return Finding(
        .circularDependency, .error, keys.first ?? "", "\(problem)", .byHand,
        "take one of these out of another's after")
    }
  }
}

extension Mistake {
  /// `file:line:column`.
  fileprivate var place: String { "\(file):\(position.line):\(position.column)" }
}

extension Examination {
  /// What keeps the items of the source from being put in order, found by the store's own code.
  fileprivate func dependencyProblems() throws -> [DependencyProblem] {
    // A definition that cannot be read is another check's finding.
    guard let loaded = try? definition.get(), loaded.batch.items.after != nil else { return [] }
    return try DependencyTrial(layout: layout, batch: loaded.batch).problems(at: now)
  }
}

/// A run that is never worked on: only its items are put in order, in memory.
private struct DependencyTrial {
  let layout: WorkspaceLayout
  let batch: Batch

  func problems(at now: Instant) throws -> [DependencyProblem] {
    let store = try SQLiteStore(inMemoryWith: MemoryObjects())
    let run = RunID("run-00000000-000000-00000000")
    let epoch = try store.beginEpoch(pid: 0, bootID: "", host: "", at: now)
    try store.createRun(
      RunStarted(
        run: run, epoch: epoch, batch: batch.name, definition: batch.digest, pid: 0, bootID: "",
        host: "", resumed: false),
      definition: batch, at: now)
    try store.openSource(of: run, at: now)
    let enumerator = try ItemEnumerator(
      batch.items, folder: layout.root, renderer: TemplateRenderer(),
      runCommand: { try CommandOutput.start($0, folder: layout.root) })
    try enumerator.forEachChunk(of: 10_000) { try store.offer($0, to: run, at: now) }
    return try store.closeSource(of: run, at: now).problems
  }
}
