// One at a time: what changes a repository's list of worktrees.

import Synchronization

/// Turns at a repository's list of worktrees.
///
/// `git worktree add` reads the records of all others and fails on one that is being written ("failed
/// to read …/commondir", git 2.39), so none is added or removed beside it.
final class GitTurns: Sendable {
  private struct State {
    var isTaken = false
    /// First come, first served.
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

  /// Calls `body` when nobody else has the turn.
  func take<Value>(
    _ body: () async throws(GitError) -> Value
  ) async throws(GitError) -> Value {
    await begin()
    defer { end() }
    return try await body()
  }

  private func begin() async {
    await withCheckedContinuation { continuation in
      let isMine = state.withLock { state in
        guard state.isTaken else {
          state.isTaken = true
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if isMine { continuation.resume() }
    }
  }

  /// Hands the turn on.
  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.isTaken = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
