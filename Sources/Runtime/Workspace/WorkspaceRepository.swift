// The git repository that a workspace lies in, and everything that is done with it.

import BatchModel
import DurableFiles
import Executors
import Foundation

/// A workspace's repository; nothing is asked of git before it is needed.
struct WorkspaceRepository: Sendable {
  let worktrees: Worktrees
  let marks: CommitMarks
  let landing: Landing

  /// - Parameter epoch: The engine's whose work it is: the next one ends what is left of its git.
  init(
    layout: WorkspaceLayout, processes: ProcessExecutor, pool: BlockingPool,
    environment: StepEnvironment, mask: SecretMask, epoch: Epoch? = nil
  ) {
    let variables = ProcessInfo.processInfo.environment.filter { name, _ in
      !name.hasPrefix(StepEnvironment.prefix)
    }
    let git = GitRunner(
      processes: processes, inherited: variables, mask: mask,
      marker: { process in
        epoch.map { environment.marker(attempt: process, epoch: $0) } ?? []
      })
    worktrees = Worktrees(
      git: git, processes: processes, pool: pool, environment: environment, folder: layout.root,
      runsFolder: layout.runs, mask: mask)
    marks = CommitMarks(git: git, folder: layout.root)
    landing = Landing(git: git, pool: pool, folder: layout.root, scratch: layout.landing)
  }

  /// One with processes of its own, for what happens outside an engine's work.
  init(_ layout: WorkspaceLayout) {
    let variables = ProcessInfo.processInfo.environment
    self.init(
      layout: layout, processes: ProcessExecutor(), pool: BlockingPool(threads: 1),
      environment: StepEnvironment(workspace: layout.root, inherited: variables),
      mask: SecretMask(of: variables))
  }
}
