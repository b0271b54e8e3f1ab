// What all checks of one examination look at, each thing opened or computed once.

import BatchDefinition
import BatchModel
import BatchStore
import DurableFiles
import Foundation
package import Resilience

/// What a doctor knows of the machine beyond the workspace.
package struct DoctorHost: Sendable {
  /// Bytes that this user may still write at a path; `nil` when that cannot be known.
  package var freeBytes: @Sendable (String) -> Int64?
  package var now: @Sendable () -> Instant
  /// The variables that an engine would have.
  package var environment: [String: String]
  package var login: LoginSettings

  package init(
    freeBytes: @escaping @Sendable (String) -> Int64? = DoctorHost.freeBytesOnDisk,
    now: @escaping @Sendable () -> Instant = { Instant.wallClock },
    environment: [String: String] = ProcessInfo.processInfo.environment,
    login: LoginSettings = LoginSettings()
  ) {
    self.freeBytes = freeBytes
    self.now = now
    self.environment = environment
    self.login = login
  }

  @Sendable package static func freeBytesOnDisk(_ path: String) -> Int64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    return Int64(status.f_bavail) * Int64(status.f_frsize)
  }
}

/// One look at a workspace.
///
/// *Concurrency*: belongs to the thread that examines.
final class Examination {
  let layout: WorkspaceLayout
  let definitionPath: String
  let host: DoctorHost
  let now: Instant
  /// Whether an engine holds the workspace; never while the doctor itself does.
  let isEngineLive: Bool
  /// What the sink said, if somebody asked it.
  let sinkLook: SinkLook
  let scope: DoctorScope

  init(
    layout: WorkspaceLayout, definitionPath: String, host: DoctorHost, holdsLock: Bool,
    sinkLook: SinkLook = .notAsked, scope: DoctorScope = .everything
  ) {
    self.layout = layout
    self.definitionPath = definitionPath
    self.host = host
    self.sinkLook = sinkLook
    self.scope = scope
    now = host.now()
    isEngineLive = !holdsLock && EngineLock.isHeld(at: layout.lock)
  }

  var hasState: Bool { FileManager.default.fileExists(atPath: layout.state) }

  /// The store for reading; `nil` when nothing ever ran here, or nothing is left of it.
  private(set) lazy var opening: Result<SQLiteReader?, StoreError> = {
    guard isStoreThere else { return .success(nil) }
    do throws(StoreError) {
      return .success(try SQLiteReader(path: layout.database))
    } catch {
      return .failure(error)
    }
  }()

  /// An empty file is no store: it has lost everything.
  private var isStoreThere: Bool {
    var status = stat()
    return stat(layout.database, &status) == 0
      && (status.st_size > 0 || status.st_mode & S_IFMT != S_IFREG)
  }

  /// The store where it can be read: what cannot be read is another check's finding.
  var store: SQLiteReader? { isReadable ? try? opening.get() : nil }

  /// What is wrong with the file's pages.
  private(set) lazy var damage: String? = {
    switch opening {
    case .success(nil): return nil
    case .failure(.corrupt(_, let reason)): return reason
    case .failure(.newerSchema), .failure(.unavailable), .failure(.busy): return nil
    case .failure(let error): return "\(error)"
    case .success where scope == .quick:
      // Its pages are not read one by one; a question that meets a bad one says so.
      return nil
    case .success(let reader?):
      do throws(StoreError) {
        return try reader.structuralProblem()
      } catch {
        return "\(error)"
      }
    }
  }()

  private var isReadable: Bool { damage == nil }

  /// What replaying the mirrors shows; empty where the store cannot be read.
  private(set) lazy var ledger: Result<[LedgerProblem], StoreError> = {
    guard store != nil else { return .success([]) }
    do throws(StoreError) {
      let report = try LedgerVerifier(
        database: layout.database, mirrorFolder: layout.runs,
        objects: ObjectStore(readingAt: layout.objects)
      ).verify(temporaryFolder: layout.state)
      return .success(report.problems.filter { $0 != .movedOn })
    } catch {
      return .failure(error)
    }
  }()

  /// The ledger's problems that belong to a check.
  func ledgerProblems(_ code: Finding.Code) throws -> [LedgerProblem] {
    try ledger.get().filter { $0.code == code.rawValue }
  }

  private(set) lazy var artifacts: Result<[ArtifactProblem], any Error> = Result {
    guard let store else { return [] }
    var problems: [ArtifactProblem] = []
    _ = try ArtifactVerifier(layout: layout, store: store).verify { problems.append($0) }
    return problems
  }

  /// Where the batch's events go; `nil` also when the definition cannot be read.
  var sink: EventSink? { (try? definition.get())?.batch.events }

  private(set) lazy var definition: Result<LoadedDefinition, any Error> = Result {
    try DefinitionFile.load(definitionPath, environment: host.environment)
  }
}
