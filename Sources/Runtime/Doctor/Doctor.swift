// Examines a workspace, mends what can be mended, and takes the last fix back.

package import BatchModel
import BatchStore
import DurableFiles
import Foundation
import Resilience

/// What a fix did.
package struct FixResult: Sendable {
  package var code: Finding.Code
  /// A sentence each.
  package var done: [String]
  /// Where the old forms are; `nil` when there was nothing to save.
  package var backup: String?
  /// What undoing it brings back.
  package var changes: [FixChange]
  /// By which it is known among the backups; `nil` when it cannot be taken back.
  package var undo: String? { backup.map { ($0 as NSString).lastPathComponent } }
}

/// One thing that a fix changed.
package struct FixChange: Hashable, Sendable, Codable {
  /// Relative to the workspace.
  package var path: String
  /// `copied`, `absent`, `moved`, `mode`, `length`: what was kept of it.
  package var kept: String
}

/// How much an examination reads.
package enum DoctorScope: Hashable, Sendable {
  /// Everything: the whole ledger is replayed, every artifact digested.
  case everything
  /// What is looked at in a moment, however long the run is.
  case quick
}

/// The doctor of one workspace.
package struct Doctor {
  let layout: WorkspaceLayout
  let definitionPath: String
  let host: DoctorHost

  package init(
    layout: WorkspaceLayout, definition: String, host: DoctorHost = DoctorHost()
  ) {
    self.layout = layout
    definitionPath = definition
    self.host = host
  }

  /// Everything that is wrong, in the order in which it would be mended.
  ///
  /// Changes nothing.
  ///
  /// - Parameter sinkLook: What `lookAtSink` found; without it nothing is said of the sink.
  package func examine(
    _ sinkLook: SinkLook = .notAsked, scope: DoctorScope = .everything
  ) -> [Finding] {
    let examination = Examination(
      layout: layout, definitionPath: definitionPath, host: host, holdsLock: false,
      sinkLook: sinkLook, scope: scope)
    return DoctorCheck.all.filter { scope == .everything || $0.isQuick }
      .flatMap { findings(of: $0, in: examination) }
  }

  /// Mends everything that is safe to mend, or one code's findings.
  ///
  /// - Parameter preview: called before each fix with what it is about to mend.
  /// - Throws: `OpenError.held` while an engine runs; `StoreError.newerSchema`, with nothing
  ///   touched; what a fix could not do, with the fixes before it done.
  package func fix(
    _ code: Finding.Code?, preview: ([Finding]) -> Void = { _ in }
  ) throws -> [FixResult] {
    guard examination(holdsLock: false).hasState else { return [] }
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    var examination = examination(holdsLock: true)
    if case .failure(let error) = examination.opening, case .newerSchema = error { throw error }
    var results: [FixResult] = []
    for check in DoctorCheck.all where code == nil || code == check.code {
      guard let apply = check.fix else { continue }
      let mendable = findings(of: check, in: examination).filter { finding in
        finding.mending == .safe || (code != nil && finding.mending == .deliberate)
      }
      guard !mendable.isEmpty else { continue }
      preview(mendable)
      // A definition that cannot be read is another check's finding.
      let session = FixSession(
        layout: layout, definition: try? examination.definition.get(), code: check.code,
        now: host.now())
      results.append(try self.apply(apply, to: mendable, in: session))
      // A fix makes what was looked at before untrue.
      examination = self.examination(holdsLock: true)
    }
    return results
  }

  /// Takes the last fix back.
  ///
  /// - Throws: `OpenError.held`, `UndoError`.
  package func undo() throws -> (code: String, done: [String]) {
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    return try FixUndo(layout: layout).undoLast()
  }

  /// The fix that `undo` would take back, by its name among the backups.
  package var undoable: String? {
    FixManifests.all(layout).first { !$0.manifest.isUndone }
      .map { ($0.folder as NSString).lastPathComponent }
  }

  private func lock() throws -> EngineLock {
    do throws(FilesError) {
      return try EngineLock.acquire(at: layout.lock, timeout: .seconds(2))
    } catch .locked(_, let holder) {
      throw OpenError.held(by: holder)
    }
  }

  private func examination(holdsLock: Bool) -> Examination {
    Examination(
      layout: layout, definitionPath: definitionPath, host: host, holdsLock: holdsLock)
  }

  private func findings(of check: DoctorCheck, in examination: Examination) -> [Finding] {
    do {
      return try check.find(examination)
    } catch {
      return [
        Finding(
          check.code, .error, layout.state, "it cannot be examined: \(error)", .byHand,
          "put that right, then footplate doctor again")
      ]
    }
  }

  private func apply(
    _ fix: ([Finding], FixSession) throws -> [String], to findings: [Finding],
    in session: FixSession
  ) throws -> FixResult {
    let done = try fix(findings, session)
    let backup = session.backup
    try backup.finish(done, lastSequence: session.lastSequence)
    return FixResult(
      code: session.code, done: done, backup: backup.isEmpty ? nil : backup.folder,
      changes: backup.changes)
  }
}
