// Examines a workspace, mends what can be mended, and takes the last fix back.

import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// What a fix did.
package struct FixResult: Sendable {
  package var code: Finding.Code
  /// A sentence each.
  package var done: [String]
  /// Where the old forms are; `nil` when there was nothing to save.
  package var backup: String?
}

/// The doctor of one workspace.
package struct Doctor {
  private let layout: WorkspaceLayout
  private let definitionPath: String
  private let host: DoctorHost

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
  package func examine() -> [Finding] {
    let examination = examination(holdsLock: false)
    return DoctorCheck.all.flatMap { findings(of: $0, in: examination) }
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
      results.append(try self.apply(apply, to: mendable, of: check.code))
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
    of code: Finding.Code
  ) throws -> FixResult {
    let session = FixSession(
      layout: layout, definitionPath: definitionPath, code: code, now: host.now())
    let done = try fix(findings, session)
    try session.backup.finish(done, lastSequence: session.lastSequence)
    return FixResult(
      code: code, done: done, backup: session.backup.isEmpty ? nil : session.backup.folder)
  }
}
