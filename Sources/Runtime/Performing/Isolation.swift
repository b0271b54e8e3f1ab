// What isolated steps need of their repository and of the snapshot, put together for one engine.

import BatchModel
import Executors

/// The workspaces of steps that do not work in the definition's folder.
struct Isolation: Sendable {
  let worktrees: Worktrees
  let marks: CommitMarks
  let workspaces: AttemptWorkspaces
  /// The workspace at the run's start; set when a step works in a copy of it.
  let manifest: SnapshotManifest?
  let attempts: IsolatedAttempts

  init(
    worktrees: Worktrees, marks: CommitMarks, workspaces: AttemptWorkspaces,
    manifest: SnapshotManifest?
  ) {
    self.worktrees = worktrees
    self.marks = marks
    self.workspaces = workspaces
    self.manifest = manifest
    attempts = IsolatedAttempts(workspaces: workspaces)
  }

  /// Makes the workspace of an attempt.
  ///
  /// - Parameters:
  ///   - setup: Of a worktree, rendered.
  ///   - earlier: The commit of an earlier step of the item, on which a worktree stands unless it has
  ///     landed.
  func open(
    _ wanted: StepWorkspace, for order: StepOrder, setup: ProcessOrder.Invocation?,
    after earlier: CommitID?
  ) async throws -> (StepOrder, AttemptWorkspace) {
    let workspace: AttemptWorkspace
    switch wanted {
    case .shared: preconditionFailure("a shared workspace needs no opening")
    case .copy:
      guard let manifest else { preconditionFailure("a copy is made of a snapshot") }
      workspace = try await workspaces.open(.copy(of: manifest), for: order)
    case .worktree:
      workspace = try await workspaces.open(
        .worktree(base: try await base(after: earlier), setup: setup), for: order)
    }
    var order = order
    order.workspace = workspace.folder
    order.environment.merge(workspace.environment) { $1 }
    return (order, workspace)
  }

  /// The branch as it is now, so that a retry starts from what has landed meanwhile.
  func base(after earlier: CommitID?) async throws(GitError) -> CommitID {
    guard let earlier, try await !marks.has(earlier, .landed) else {
      return try await worktrees.base()
    }
    return earlier
  }
}
