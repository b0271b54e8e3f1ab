// Where an attempt works when it must not be disturbed: a copy of the snapshot, or a worktree.

package import BatchModel
import DurableFiles

/// A folder of one attempt's own.
package struct AttemptWorkspace: Sendable {
  enum Kind: Sendable {
    case copy(path: String)
    case worktree(Worktree)
  }
  let kind: Kind
  /// For `StepOrder.workspace`.
  package let folder: String
  /// To be added to `StepOrder.environment`: from a copy, git must not find the repository in which
  /// it happens to lie.
  package let environment: [String: String]
  /// What could not be had as the snapshot says it, for the attempt's record.
  package let remarks: [String]
}

/// Makes and takes down the workspaces of attempts.
package struct AttemptWorkspaces: Sendable {
  /// What an attempt is to work in.
  package enum Wish: Sendable {
    case copy(of: SnapshotManifest)
    case worktree(base: CommitID, setup: ProcessOrder.Invocation?)
  }

  private let worktrees: Worktrees
  private let pool: BlockingPool
  private let folder: String
  private let runsFolder: String

  package init(worktrees: Worktrees, pool: BlockingPool, folder: String, runsFolder: String) {
    self.worktrees = worktrees
    self.pool = pool
    self.folder = folder
    self.runsFolder = runsFolder
  }

  /// Makes the workspace of an attempt; what fails leaves nothing behind.
  package func open(
    _ wish: Wish, for order: StepOrder
  ) async throws(GitError) -> AttemptWorkspace {
    switch wish {
    case .copy(let manifest): return try await copy(manifest, for: order)
    case .worktree(let base, let setup):
      let worktree = try await worktrees.make(
        WorktreeOrder(
          run: order.run, item: order.item, step: order.step, attempt: order.attempt,
          epoch: order.epoch, base: base, setup: setup, environment: order.environment))
      return AttemptWorkspace(
        kind: .worktree(worktree), folder: worktree.folder, environment: [:], remarks: [])
    }
  }

  /// Takes the workspace down.
  ///
  /// - Parameter isKept: Whether the attempt ended well: a worktree's changes are then committed and
  ///   pinned first.
  /// - Returns: the commit; `nil` for a copy, and where nothing changed.
  package func close(
    _ workspace: AttemptWorkspace, isKept: Bool
  ) async throws(GitError) -> CommitID? {
    switch workspace.kind {
    case .copy(let path):
      try await remove(path)
      return nil
    case .worktree(let worktree):
      let commit = isKept ? try await worktrees.commit(worktree) : nil
      try await worktrees.remove(worktree)
      return commit
    }
  }

  private func copy(
    _ manifest: SnapshotManifest, for order: StepOrder
  ) async throws(GitError) -> AttemptWorkspace {
    // Named as StagingLeftovers knows it, should the engine die.
    let staging = "\(runsFolder)/\(order.run)/staging"
    let path = "\(staging)/\(order.attempt)-\(order.epoch)-copy"
    let folder = folder
    do throws(FilesError) {
      let outcome = try await pool.run { () throws(FilesError) in
        try SnapshotCopy.make(of: manifest, from: folder, to: path)
      }
      return AttemptWorkspace(
        kind: .copy(path: path), folder: path,
        environment: ["GIT_CEILING_DIRECTORIES": staging], remarks: outcome.remarks)
    } catch {
      // The first error counts; what is left is found by the next engine.
      try? await remove(path)
      throw .files("\(error)")
    }
  }

  private func remove(_ path: String) async throws(GitError) {
    do throws(FilesError) {
      try await pool.run { () throws(FilesError) in try FileTree.remove(path) }
    } catch {
      throw .files("\(error)")
    }
  }
}

extension SnapshotCopy.Outcome {
  /// A line for each kind of difference.
  fileprivate var remarks: [String] {
    [
      ("changed since the snapshot", changed), ("gone since the snapshot", missing),
      ("left out, since they lead out of the workspace", leftOut),
    ].filter { !$0.1.isEmpty }.map { what, paths in
      "\(paths.count) files \(what): \(paths.prefix(5).joined(separator: ", "))"
    }
  }
}
