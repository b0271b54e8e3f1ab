// Requests while no engine runs: the client takes the lock and applies them itself.

import BatchModel
import BatchStore
import DurableFiles
import Resilience

enum OfflineRequests {
  /// Applies a request to a resting run.
  ///
  /// - Returns: how many items changed.
  /// - Throws: `OpenError.held` when the lock is held for 2 s, `StoreError`.
  static func apply(_ request: Request, to run: RunID, in layout: WorkspaceLayout) throws -> Int {
    let workspace = try OpenWorkspace(layout)
    let store = workspace.store
    defer {
      // What was asked is committed; a close that fails leaves nothing undone.
      try? workspace.close()
    }
    let now = Instant.wallClock
    if case .items(let action, let selector) = request.action {
      return try store.move(selector, action, of: run, request: request, at: now).changed
    }
    let state = try store.summary(of: run)?.state
    let moves = RunMoved.answer(to: request, of: run, in: state).map { [Change.runMoved($0)] } ?? []
    _ = try store.record(request, moves, of: run, at: now)
    return 0
  }
}

extension RunMoved {
  /// What a request makes of a run without an engine; `nil` when it changes nothing.
  static func answer(to request: Request, of run: RunID, in state: RunState?) -> RunMoved? {
    switch (request.action, state) {
    case (.pause, .running?), (.pause, .stopped?):
      RunMoved(run: run, to: .paused, why: "paused by hand", by: request.by)
    case (.resume, .paused?):
      RunMoved(run: run, to: .stopped, why: "resumed without an engine", by: request.by)
    default: nil
    }
  }
}
