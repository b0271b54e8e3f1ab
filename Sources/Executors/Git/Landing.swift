// Bringing attempts' commits home: one by one, onto a branch that nothing else happens to.

package import BatchModel
import DurableFiles

/// A commit that is to land.
package struct LandingCommit: Hashable, Sendable {
  package var item: ItemID
  /// The item's key, for the report.
  package var key: String
  package var commit: CommitID
  package init(item: ItemID, key: String, commit: CommitID) {
    self.item = item
    self.key = key
    self.commit = commit
  }
}

/// What became of one commit.
package enum LandingOutcome: Hashable, Sendable {
  /// On the branch, or in a dry run it would be, as this commit.
  case landed(CommitID)
  /// The branch has its changes already.
  case alreadyThere
  /// It does not go onto what the branch has become; the branch is as it was before it.
  case conflict(files: [String])
  /// It cannot be applied at all, or files that git does not know stand where it would write.
  case blocked(message: String)

  /// What the item fails with; `nil` where it does not.
  package var failure: Failure? {
    switch self {
    case .landed, .alreadyThere: return nil
    case .conflict(let files):
      let names = files.prefix(5).joined(separator: ", ")
      let more = files.count > 5 ? " and \(files.count - 5) more" : ""
      return Failure(kind: .mergeConflict, message: "merge conflict in \(names)\(more)")
    case .blocked(let message):
      return Failure(kind: .mergeConflict, message: "cannot land: \(message)")
    }
  }
}

/// What a landing did.
package struct LandingReport: Hashable, Sendable {
  package var branch: String
  package var before: CommitID
  package var after: CommitID
  /// In the order in which they were given.
  package var outcomes: [(commit: LandingCommit, outcome: LandingOutcome)] {
    zip(commits, results).map { ($0, $1) }
  }
  var commits: [LandingCommit]
  var results: [LandingOutcome]
}

/// Lands commits on the branch that is checked out in a folder.
package struct Landing: Sendable {
  private let git: GitRunner
  private let pool: BlockingPool
  private let folder: String
  /// A folder of ours for the worktree in which everything is tried first.
  private let scratch: String

  /// - Parameter scratch: A path at which nothing stands that is worth keeping.
  package init(git: GitRunner, pool: BlockingPool, folder: String, scratch: String) {
    self.git = git
    self.pool = pool
    self.folder = folder
    self.scratch = scratch
  }

  /// Cherry-picks the commits in their order, each in a worktree of ours first.
  ///
  /// The branch moves forward commit by commit and is never in between: killed at any moment, it has
  /// some of them, whole, and the next landing goes on.
  ///
  /// - Throws: `dirty` for a work tree with changes, `noBranch` for a detached HEAD: then nothing
  ///   was done.
  ///
  /// An item's later commits stand on its earlier ones: after one that does not land, they are not
  /// tried.
  ///
  /// - Parameter note: Called with each commit as soon as its outcome stands.
  package func land(
    _ commits: [LandingCommit], isDryRun: Bool = false,
    note: (LandingCommit, LandingOutcome) async throws(GitError) -> Void = { _, _ in }
  ) async throws(GitError) -> LandingReport {
    let (branch, before) = try await standing()
    try await removeScratch()
    let result: Result<LandingReport, GitError>
    do throws(GitError) {
      _ = try await git.run(
        ["worktree", "add", "--quiet", "--detach", scratch, before.text], in: folder)
      result = .success(
        try await land(commits, on: branch, from: before, isDryRun: isDryRun, note))
    } catch {
      result = .failure(error)
    }
    try await removeScratch()
    return try result.get()
  }

  private func standing() async throws(GitError) -> (branch: String, head: CommitID) {
    let status = try await git.ask(
      ["status", "--porcelain", "-z", "--untracked-files=no"], in: folder)
    guard status.status == 0 else { throw .notARepository(folder: folder) }
    guard status.output.isEmpty else {
      throw .dirty(files: status.names.map { String($0.dropFirst(3)) })
    }
    let branch = try await git.ask(["symbolic-ref", "--quiet", "HEAD"], in: folder)
    guard branch.status == 0, branch.line.hasPrefix("refs/heads/") else { throw .noBranch }
    let head = try await git.ask(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], in: folder)
    guard let commit = CommitID(head.line) else { throw .noCommit(folder: folder) }
    return (String(branch.line.dropFirst("refs/heads/".count)), commit)
  }

  private func land(
    _ commits: [LandingCommit], on branch: String, from before: CommitID, isDryRun: Bool,
    _ note: (LandingCommit, LandingOutcome) async throws(GitError) -> Void
  ) async throws(GitError) -> LandingReport {
    var tip = before
    var results: [LandingOutcome] = []
    var stopped: Set<ItemID> = []
    for commit in commits {
      guard !stopped.contains(commit.item) else {
        results.append(.blocked(message: "an earlier commit of the item does not land"))
        continue
      }
      var outcome = try await pick(commit.commit)
      if case .landed(let made) = outcome {
        if isDryRun {
          tip = made
        } else if let obstacle = try await advance(to: made) {
          outcome = .blocked(message: obstacle)
          _ = try await git.run(["reset", "--quiet", "--hard", tip.text], in: scratch)
        } else {
          tip = made
        }
      }
      if outcome.failure != nil { stopped.insert(commit.item) }
      try await note(commit, outcome)
      results.append(outcome)
    }
    return LandingReport(
      branch: branch, before: before, after: isDryRun ? before : tip, commits: commits,
      results: results)
  }

  /// Applies one commit in the scratch worktree; afterwards that is clean again.
  private func pick(_ commit: CommitID) async throws(GitError) -> LandingOutcome {
    let picked = try await git.ask(["cherry-pick", "--no-commit", commit.text], in: scratch)
    guard picked.status == 0 else {
      let files = try await git.run(
        ["diff", "--name-only", "--diff-filter=U", "-z"], in: scratch
      ).names
      _ = try await git.run(["reset", "--quiet", "--hard"], in: scratch)
      // Without a conflict there is no such commit, or it is none that can be picked.
      return files.isEmpty ? .blocked(message: picked.message) : .conflict(files: files)
    }
    let changes = try await git.ask(["diff", "--cached", "--quiet", "HEAD"], in: scratch)
    if changes.status == 0 { return .alreadyThere }
    let known = try await git.ask(["var", "GIT_COMMITTER_IDENT"], in: scratch)
    _ = try await git.run(
      ["commit", "--quiet", "--no-verify", "--cleanup=verbatim", "-C", commit.text], in: scratch,
      adding: known.status == 0 ? [] : Worktrees.fallbackIdentity)
    let head = try await git.run(["rev-parse", "--verify", "HEAD"], in: scratch)
    guard let made = CommitID(head.line) else {
      throw .failed(command: "rev-parse", message: "HEAD names no commit")
    }
    return .landed(made)
  }

  /// Moves the branch and its work tree forward; what git refuses with when it must not.
  private func advance(to commit: CommitID) async throws(GitError) -> String? {
    let merged = try await git.ask(["merge", "--quiet", "--ff-only", commit.text], in: folder)
    guard merged.status != 0 else { return nil }
    return merged.message.isEmpty ? "git merge --ff-only refused" : merged.message
  }

  private func removeScratch() async throws(GitError) {
    let scratch = scratch
    do throws(FilesError) {
      try await pool.run { () throws(FilesError) in try FileTree.remove(scratch) }
    } catch {
      throw .files("\(error)")
    }
    // Unknown to git: there is none, which is what is wanted.
    _ = try await git.ask(["worktree", "remove", "--force", "--force", scratch], in: folder)
  }
}
