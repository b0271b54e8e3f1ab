// Requests while no engine runs: the client takes the lock and applies them itself.

import BatchModel
import BatchStore
import DurableFiles
import Resilience

/// The hand of a client on a workspace that no engine holds.
struct OfflineRequests {
  let layout: WorkspaceLayout

  /// Applies a request.
  ///
  /// - Returns: how many items changed; `nil` when somebody else holds the workspace, who will find
  ///   the request in the spool: leave it there.
  /// - Throws: `FilesError`, `StoreError`.
  func apply(_ request: Request) throws -> Int? {
    let changed = try withStore { store in
      try carryOutDue(in: store)
      return try store.carryOut(request, at: .wallClock)
    }
    if changed != nil { try drain() }
    return changed
  }

  /// Applies what waits in the spool and may be applied, as long as nobody holds the workspace.
  ///
  /// Whoever has just let go of the workspace calls it: a request that was left because the
  /// workspace was held is seen either by the holder, or here.
  func drain() throws {
    while !(try RequestSpool(layout).due(at: .wallClock).isEmpty) {
      guard try withStore({ try carryOutDue(in: $0) }) != nil else { return }
    }
  }

  /// Reads the spool under the lock: an engine may have taken some meanwhile.
  private func carryOutDue(in store: any StoreWriting) throws {
    let spool = RequestSpool(layout)
    for request in try spool.due(at: .wallClock) {
      _ = try store.carryOut(request, at: .wallClock)
      spool.remove(request.id)
    }
  }

  /// Calls `body` with the store, unless the workspace is held.
  private func withStore<Value>(_ body: (any StoreWriting) throws -> Value) throws -> Value? {
    let workspace: OpenWorkspace
    do {
      workspace = try OpenWorkspace(layout)
    } catch is OpenError {
      return nil
    }
    defer {
      // What was asked is committed; a close that fails leaves nothing undone.
      try? workspace.close()
    }
    return try body(workspace.store)
  }
}
