// Attempts in workspaces of their own: opened before the process starts, closed when its tree is gone.

import BatchModel
import Executors
import Synchronization

/// Opens and closes the workspaces of one engine's attempts.
///
/// *Concurrency*: a task for each opening and each closing; whoever stops the engine waits for the
/// attempts that they belong to.
final class IsolatedAttempts: Sendable {
  /// Makes the workspace of an attempt, with the order that is to run in it.
  typealias Opening = @Sendable () async throws -> (StepOrder, AttemptWorkspace)

  private enum Stage {
    case opening(Task<Void, Never>?, isUnwanted: Bool)
    case open(AttemptWorkspace)
  }

  /// What came of an opening.
  enum Opened: Sendable {
    case ready(StepOrder)
    /// Nothing is left of it: it was not wanted any more.
    case unwanted
    case failed(any Error)
  }

  private let workspaces: AttemptWorkspaces
  private let stages = Mutex<[AttemptID: Stage]>([:])

  init(workspaces: AttemptWorkspaces) { self.workspaces = workspaces }

  /// Opens a workspace.
  ///
  /// - Parameter start: Starts the attempt, or tells why it cannot start. It must return at once: a
  ///   wish to end the attempt waits for it, and reaches the executor afterwards.
  func open(
    _ attempt: AttemptID, _ opening: @escaping Opening, start: @escaping @Sendable (Opened) -> Void
  ) {
    stages.withLock { $0[attempt] = .opening(nil, isUnwanted: false) }
    let task = Task { [self] in
      do {
        let (order, workspace) = try await opening()
        await conclude(attempt, order, workspace, start)
      } catch {
        let isUnwanted = forget(attempt)
        start(isUnwanted ? .unwanted : .failed(error))
      }
    }  // kept below, for whoever does not want it any more; it ends with its opening
    stages.withLock { stages in
      guard case .opening(nil, let isUnwanted) = stages[attempt] else { return }
      stages[attempt] = .opening(task, isUnwanted: isUnwanted)
      if isUnwanted { task.cancel() }
    }
  }

  private func conclude(
    _ attempt: AttemptID, _ order: StepOrder, _ workspace: AttemptWorkspace,
    _ start: @Sendable (Opened) -> Void
  ) async {
    let isUnwanted = stages.withLock { stages in
      if case .opening(_, true) = stages[attempt] { return true }
      stages[attempt] = .open(workspace)
      start(.ready(order))
      return false
    }
    guard isUnwanted else { return }
    // What cannot be removed now is swept at the next start.
    _ = try? await workspaces.close(workspace, isKept: false)
    _ = forget(attempt)
    start(.unwanted)
  }

  /// - Returns: whether it was not wanted.
  private func forget(_ attempt: AttemptID) -> Bool {
    stages.withLock { stages in
      guard case .opening(_, let isUnwanted) = stages.removeValue(forKey: attempt) else {
        return false
      }
      return isUnwanted
    }
  }

  /// Ends the opening of an attempt; one that is open already is the executor's to end.
  func cancel(_ attempt: AttemptID) {
    stages.withLock { stages in
      guard case .opening(let task, _) = stages[attempt] else { return }
      stages[attempt] = .opening(task, isUnwanted: true)
      task?.cancel()
    }
  }

  /// Ends every opening.
  func cancelOpening() {
    for attempt in stages.withLock({ $0.keys.sorted() }) { cancel(attempt) }
  }

  /// Takes the workspace of an ended attempt down; false when it has none.
  ///
  /// - Parameters:
  ///   - isKept: Whether its changes are to be committed first.
  ///   - done: Gets the commit, if there is one.
  func close(
    _ attempt: AttemptID, isKept: Bool,
    done: @escaping @Sendable (Result<CommitID?, GitError>) -> Void
  ) -> Bool {
    let stage = stages.withLock { $0.removeValue(forKey: attempt) }
    guard case .open(let workspace) = stage else { return false }
    Task { [workspaces] in
      do throws(GitError) {
        done(.success(try await workspaces.close(workspace, isKept: isKept)))
      } catch {
        done(.failure(error))
      }
    }  // the attempt is under way until it calls `done`
    return true
  }
}
