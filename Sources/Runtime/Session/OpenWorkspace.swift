// A workspace that this process may write: locked, with its store and its objects.

package import BatchModel
package import BatchStore
package import DurableFiles
import Foundation
package import Resilience

/// Why a workspace cannot be opened for writing.
package enum OpenError: Error, Hashable, CustomStringConvertible {
  /// Another engine holds it.
  case held(by: String)

  package var description: String {
    switch self {
    case .held(let holder):
      "another engine (\(holder)) works on this batch: footplate attach watches it, "
        + "footplate stop stops it"
    }
  }
}

/// The exclusive right to a workspace, and what comes with it.
package final class OpenWorkspace: Sendable {
  package let layout: WorkspaceLayout
  package let lock: EngineLock
  package let objects: ObjectStore
  package let store: SQLiteStore
  package let publisher: ArtifactPublisher

  /// - Throws: `OpenError.held` after the wait, `FilesError`, `StoreError`.
  package init(_ layout: WorkspaceLayout, lockWait: Duration = .seconds(2)) throws {
    for folder in [layout.state, layout.requests, layout.viewers, layout.objects, layout.runs] {
      try PrivateFolder.create(folder)
    }
    guard let lock = try EngineLock.acquire(at: layout.lock, timeout: lockWait) else {
      throw OpenError.held(by: EngineLock.holder(at: layout.lock) ?? "unknown")
    }
    do {
      self.layout = layout
      self.lock = lock
      objects = try ObjectStore(at: layout.objects)
      store = try SQLiteStore(
        path: layout.database, objects: objects, mirrorFolder: layout.runs)
      publisher = ArtifactPublisher(workspace: try Workspace(at: layout.root), objects: objects)
    } catch {
      lock.release()
      throw error
    }
  }

  /// Closes the store and lets the lock go.
  package func close() throws {
    defer { lock.release() }
    try store.close()
  }
}
