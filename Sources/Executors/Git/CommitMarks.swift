// What became of commits, kept where they are: refs that also keep them from being collected.

/// The refs by which it is known which commits are on a branch already, and which did not fit.
package struct CommitMarks: Sendable {
  /// What is known of a commit.
  package enum Fate: String, Sendable, CaseIterable {
    /// Its changes were brought onto a branch.
    case landed
    /// It did not fit onto the branch: its item is done again from a new base.
    case refused
  }

  private let git: GitRunner
  private let folder: String

  package init(git: GitRunner, folder: String) {
    self.git = git
    self.folder = folder
  }

  private static func name(_ fate: Fate) -> String { "refs/footplate/\(fate.rawValue)" }

  /// Remembers it; to do so again changes nothing.
  package func note(_ commit: CommitID, _ fate: Fate) async throws(GitError) {
    _ = try await git.run(
      ["update-ref", "\(Self.name(fate))/\(commit)", commit.text], in: folder)
  }

  /// All commits with a fate; empty where there is no repository.
  package func commits(_ fate: Fate) async throws(GitError) -> Set<String> {
    let listed = try await git.ask(
      ["for-each-ref", "--format=%(objectname)", Self.name(fate)], in: folder)
    guard listed.status == 0 else { return [] }
    return Set(listed.text.split(whereSeparator: \.isNewline).map(String.init))
  }

  /// Whether a commit has a fate.
  package func has(_ commit: CommitID, _ fate: Fate) async throws(GitError) -> Bool {
    let found = try await git.ask(
      ["rev-parse", "--verify", "--quiet", "\(Self.name(fate))/\(commit)"], in: folder)
    return found.status == 0
  }
}
