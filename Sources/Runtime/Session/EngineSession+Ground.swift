// What a run stands on besides its source: the workspace's snapshot, and a repository without leftovers.

import BatchDefinition
import BatchModel
import BatchStore
import Executors

extension EngineSession {
  /// What attempts start from.
  struct Ground: Sendable {
    /// Set when a step asks for it.
    var snapshot: SnapshotManifest?
    /// Commits that did not fit onto the branch.
    var refusedCommits: Set<String>
    /// Where deliveries of events are asked for and shown.
    var outbox: OutboxBoard
  }

  /// The snapshot, if a step asks for one.
  func snapshot(of run: RunID, _ queue: WriteQueue) async throws -> SnapshotManifest? {
    guard SnapshotAtStart.isNeeded(by: definition.batch.steps) else { return nil }
    let taking = SnapshotAtStart(
      run: run, layout: layout, reader: try SQLiteReader(path: layout.database), queue: queue,
      clock: clock, news: news)
    return try await taking.take()
  }

  /// Removes the worktrees and branches of dead engines; nobody else asks anything of git.
  ///
  /// - Returns: the commits that did not fit onto the branch.
  func sweepRepository(_ epoch: Epoch) async throws -> Set<String> {
    let usesWorktrees = definition.batch.steps.contains { step in
      if case .worktree = step.workspace { true } else { false }
    }
    guard usesWorktrees else { return [] }
    let repository = WorkspaceRepository(layout)
    let swept = try await repository.worktrees.sweep(except: epoch)
    if !swept.isEmpty { news(.warning("removed \(swept.count) worktrees of a dead engine")) }
    return try await repository.marks.commits(.refused)
  }
}
