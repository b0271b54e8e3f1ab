// `reload` in a running engine: the definition read again, new items taken up, vanished ones let go.

import BatchDefinition
import BatchModel
import BatchStore
import Resilience

/// Answers reload requests of one engine.
struct ReloadService: Sendable {
  let run: RunID
  let layout: WorkspaceLayout
  let definition: LoadedDefinition
  let queue: WriteQueue
  let files: WorkspaceFiles
  let renderer: TemplateRenderer
  let clock: @Sendable () -> Instant

  /// Takes the source up, and records the request with what came of it.
  ///
  /// - Parameter letGo: lets go of the vanished items that the engine holds, before the answer can
  ///   be read: who reads "1 gone" is not to see that item worked on afterwards.
  func reload(
    _ request: Request, letGo: @Sendable ([ItemID]) async -> Void
  ) async throws(StoreError) {
    do {
      let (note, held) = try await takeUp()
      await letGo(held)
      try await record(request, "reloaded", note)
    } catch let error as StoreError {
      throw error
    } catch {
      try await record(request, "reload-refused", "\(error)")
    }
  }

  private func takeUp() async throws -> (note: String, held: [ItemID]) {
    let loaded = try DefinitionFile.load(definition.file)
    guard DefinitionDifference(from: definition.batch, to: loaded.batch) != .recipe,
      loaded.digests == definition.digests
    else { throw ReloadRefusal.stepsChanged }
    let intake = SourceIntake(
      layout: layout, batch: loaded.batch, renderer: renderer, queue: queue, clock: clock)
    let outcome = try await intake.take(into: run)
    let scan = ChangeScan(
      files: files, root: layout.root, reader: try SQLiteReader(path: layout.database),
      queue: queue, clock: clock)
    let rechecked = try await scan.recheck(scan.changes(), in: run)
    let report = outcome.report
    let changed = report.changed + rechecked
    let problems = outcome.problems + report.problems.map(\.description)
    let gone = report.vanished + report.held.count
    let counts = "\(report.added) new, \(changed) changed, \(gone) gone"
    return (([counts] + problems.prefix(20)).joined(separator: "; "), report.held)
  }

  private func record(
    _ request: Request, _ code: String, _ message: String
  ) async throws(StoreError) {
    let run = run
    let now = clock()
    let note = Change.noted(Noted(run: run, code: code, message: message))
    _ = try await queue.perform { store throws(StoreError) in
      try store.record(request, [note], of: run, at: now)
    }
  }
}

/// Why a running engine does not reload.
enum ReloadRefusal: Error, CustomStringConvertible {
  case stepsChanged
  var description: String {
    "the steps changed; footplate stop, then footplate run plans from the receipts"
  }
}
