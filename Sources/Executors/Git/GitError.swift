// What can go wrong with a repository, with what to do about it.

package import BatchModel

/// An operating error of git.
package enum GitError: Error, Hashable, Sendable {
  /// git could not be started.
  case noGit(reason: String)
  case notARepository(folder: String)
  /// There is no commit yet to start from.
  case noCommit(folder: String)
  /// A git command failed; `message` is its last word.
  case failed(command: String, message: String)
  /// The setup command of a worktree failed.
  case setup(Failure)
  /// The work tree has changes that are not committed.
  case dirty(files: [String])
  /// HEAD is on no branch.
  case noBranch
  case files(String)
  /// The task was cancelled, or the executor shut down.
  case interrupted
}

extension GitError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noGit(let reason): "cannot start git (\(reason)); install it, or put it on the PATH"
    case .notARepository(let folder):
      "\(folder) is in no git repository; run `git init` there, or use `workspace: copy`"
    case .noCommit(let folder):
      "the repository of \(folder) has no commit yet; make a first one to start worktrees from"
    case .failed(let command, let message): "git \(command) failed: \(message)"
    case .setup(let failure): "the worktree's setup failed: \(failure.message)"
    case .dirty(let files):
      "the work tree has changes that are not committed (\(Self.list(files))); commit or stash them"
    case .noBranch: "HEAD is on no branch; check one out to land on it"
    case .files(let message): message
    case .interrupted: "git was interrupted"
    }
  }

  private static func list(_ files: [String]) -> String {
    let shown = files.prefix(5).joined(separator: ", ")
    return files.count > 5 ? "\(shown) and \(files.count - 5) more" : shown
  }
}

extension Failure {
  /// What an attempt fails with when its worktree cannot be had.
  package init(of error: GitError) {
    switch error {
    case .setup(let failure):
      self.init(kind: failure.kind, status: failure.status, message: error.description)
    default: self.init(kind: .notStarted, message: error.description)
    }
  }
}
