// A workspace that this process may write: locked, with its store and its objects.

import BatchModel
package import BatchStore
package import DurableFiles
import Foundation
import Resilience

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
  private let lock: EngineLock
  package let objects: ObjectStore
  package let store: SQLiteStore
  package let publisher: ArtifactPublisher

  /// - Throws: `OpenError.held` after the wait, `FilesError`, `StoreError`.
  package init(_ layout: WorkspaceLayout, lockWait: Duration = .seconds(2)) throws {
    for folder in [layout.state, layout.requests, layout.viewers, layout.objects, layout.runs] {
      try PrivateFolder.create(folder)
    }
    do throws(FilesError) {
      lock = try EngineLock.acquire(at: layout.lock, timeout: lockWait)
    } catch .locked(_, let holder) {
      throw OpenError.held(by: holder)
    }
    self.layout = layout
    objects = try ObjectStore(at: layout.objects)
    store = try SQLiteStore(path: layout.database, objects: objects, mirrorFolder: layout.runs)
    publisher = ArtifactPublisher(workspace: try Workspace(at: layout.root), objects: objects)
  }

  /// Whether the lock is still the one at its path.
  package var holdsLock: Bool { lock.isStillHeld }

  /// Closes the store; the lock goes with this value.
  package func close() throws { try store.close() }
}
