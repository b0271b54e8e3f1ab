// Worktrees of attempts: made from a base commit, committed and pinned, removed, swept after a crash.

package import BatchModel
import DurableFiles

/// The worktrees of one repository.
package struct Worktrees: Sendable {
  /// Whoever commits where git knows nobody.
  static let fallbackAuthor = CommitAuthor(name: "Footplate", email: "footplate@localhost")

  let git: GitRunner
  private let processes: ProcessExecutor
  let pool: BlockingPool
  private let environment: StepEnvironment
  let folder: String
  let runsFolder: String
  private let turns = GitTurns()
  private let mask: SecretMask

  /// - Parameters:
  ///   - folder: The definition's folder, anywhere in a repository.
  ///   - runsFolder: `.footplate/runs`.
  package init(
    git: GitRunner, processes: ProcessExecutor, pool: BlockingPool, environment: StepEnvironment,
    folder: String, runsFolder: String, mask: SecretMask = SecretMask()
  ) {
    self.git = git
    self.processes = processes
    self.pool = pool
    self.environment = environment
    self.folder = folder
    self.runsFolder = runsFolder
    self.mask = mask
  }

  /// The commit that HEAD names: what a run's worktrees start from.
  package func base() async throws(GitError) -> CommitID {
    let inside = try await git.ask(["rev-parse", "--is-inside-work-tree"], in: folder)
    guard inside.status == 0, inside.line == "true" else { throw .notARepository(folder: folder) }
    let head = try await git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], in: folder)
    guard let commit = CommitID(head.line) else { throw .noCommit(folder: folder) }
    return commit
  }

  /// Makes a worktree and runs its setup; what fails leaves nothing behind.
  ///
  /// While the setup runs, `ProcessExecutor.kill` with the attempt's id ends it.
  package func make(_ order: WorktreeOrder) async throws(GitError) -> Worktree {
    let path = "\(runsFolder)/\(order.run)/staging/\(order.folderName)"
    let prefix = try await git.run(["rev-parse", "--show-prefix"], in: folder).line
    do throws(GitError) {
      _ = try await turns.take { () throws(GitError) in
        try await git.run(
          [
            "worktree", "add", "--quiet", "--no-checkout", "-B", order.branch, path,
            order.base.text,
          ], in: folder)
      }
      // The files need no turn.
      _ = try await git.run(["reset", "--quiet", "--hard"], in: path)
      let gitFolder = try await git.run(["rev-parse", "--absolute-git-dir"], in: path).line
      let worktree = Worktree(
        order: order, path: path,
        folder: prefix.isEmpty ? path : "\(path)/\(prefix.dropLast())", gitFolder: gitFolder)
      try await setUp(worktree)
      return worktree
    } catch {
      // The first error is the one that counts; what is left is found by the sweep.
      try? await remove(path: path, branch: order.branch)
      throw error
    }
  }

  private func setUp(_ worktree: Worktree) async throws(GitError) {
    let order = worktree.order
    guard let setup = order.setup else { return }
    let report = await processes.run(
      ProcessOrder(
        id: order.attempt, invocation: setup,
        environment: environment.entries(
          attempt: order.attempt, epoch: order.epoch, environment: order.environment),
        folder: worktree.folder, timeout: order.setupTimeout,
        log: LogOrder(path: "\(runsFolder)/\(order.run)/logs/\(order.attempt).setup.log"),
        marker: environment.marker(attempt: order.attempt, epoch: order.epoch), mask: mask))
    if report.end == .killed { throw .interrupted }
    if let failure = Failure(report, timeout: order.setupTimeout, stall: nil) {
      throw .setup(failure)
    }
  }

  /// Commits what stands in the worktree as one commit on its base, and pins it; `nil` when nothing
  /// differs from the base.
  ///
  /// Commits that the step made itself become part of it. When this returns, the commit is in the
  /// repository and `refs/footplate/<run>/<ordinal>` names it.
  package func commit(_ worktree: Worktree) async throws(GitError) -> CommitID? {
    let order = worktree.order
    let place = ["--git-dir=\(worktree.gitFolder)", "--work-tree=\(worktree.path)"]
    _ = try await git.run(place + ["add", "--all", "--", "."], in: worktree.path)
    let tree = try await git.run(place + ["write-tree"], in: worktree.path).line
    let before = try await git.run(
      ["rev-parse", "--verify", "\(order.base)^{tree}"], in: folder
    ).line
    guard tree != before else { return nil }
    let made = try await git.run(
      ["commit-tree", tree, "-p", order.base.text, "-F", "-"], in: folder,
      adding: try await identity(), input: order.message)
    guard let commit = CommitID(made.line) else {
      throw .failed(command: "commit-tree", message: "it named no commit")
    }
    _ = try await git.run(["update-ref", order.pin, commit.text], in: folder)
    return commit
  }

  /// Variables for who commits, where git's configuration does not say.
  private func identity() async throws(GitError) -> [String] {
    let known = try await git.ask(["var", "GIT_COMMITTER_IDENT"], in: folder)
    return known.status == 0 ? [] : Self.fallbackIdentity
  }

  static let fallbackIdentity = [
    "GIT_AUTHOR_NAME=\(fallbackAuthor.name)", "GIT_AUTHOR_EMAIL=\(fallbackAuthor.email)",
    "GIT_COMMITTER_NAME=\(fallbackAuthor.name)", "GIT_COMMITTER_EMAIL=\(fallbackAuthor.email)",
  ]

  /// Removes a worktree with all in it, and its branch; a pinned commit stays.
  package func remove(_ worktree: Worktree) async throws(GitError) {
    try await remove(path: worktree.path, branch: worktree.order.branch)
  }

  private func remove(path: String, branch: String?) async throws(GitError) {
    do throws(FilesError) {
      try await pool.run { () throws(FilesError) in try FileTree.remove(path) }
    } catch {
      throw .files("\(error)")
    }
    // One that git does not know any more is removed already.
    _ = try await turns.take { () throws(GitError) in
      try await git.ask(["worktree", "remove", "--force", "--force", path], in: folder)
    }
    guard let branch else { return }
    _ = try await git.ask(["update-ref", "-d", "refs/heads/\(branch)"], in: folder)
  }
}
