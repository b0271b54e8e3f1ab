// Work whose outcome must never touch the caller: the module's one place with concurrency.

import Synchronization

/// Runs operations beside the caller: submitting never blocks, never throws, and is always counted.
///
/// At most `capacity` operations are unfinished; the next is rejected, not queued without bound. The
/// tasks are unstructured on purpose, since no caller waits for them; ``drain()`` does.
public final class FireAndForgetExecutor: Sendable {
  /// Counts since the executor was made; `submitted = succeeded + failed + inFlight`.
  public struct Figures: Hashable, Sendable {
    /// Operations accepted.
    public fileprivate(set) var submitted = 0
    /// Operations that ended well.
    public fileprivate(set) var succeeded = 0
    /// Operations that threw.
    public fileprivate(set) var failed = 0
    /// Operations refused because too many were unfinished.
    public fileprivate(set) var rejected = 0
    /// Operations that have not ended.
    public var inFlight: Int { submitted - succeeded - failed }
  }

  private struct State {
    var figures = Figures()
    var drains: [CheckedContinuation<Void, Never>] = []
  }

  /// Operations that may be unfinished at once.
  public let capacity: Int
  private let onFailure: @Sendable (any Error) -> Void
  private let state = Mutex(State())

  /// Makes an idle executor.
  ///
  /// - Parameter onFailure: Told of each error, on the operation's task: the place to log.
  public init(capacity: Int = 1_000, onFailure: @escaping @Sendable (any Error) -> Void = { _ in })
  {
    precondition(capacity >= 1, "an executor without room would reject everything")
    self.capacity = capacity
    self.onFailure = onFailure
  }

  /// What has happened so far.
  public var figures: Figures { state.withLock(\.figures) }

  /// Starts an operation and returns at once; false when there is no room.
  @discardableResult
  public func submit(_ operation: @escaping @Sendable () async throws -> Void) -> Bool {
    let isAccepted = state.withLock { state in
      guard state.figures.inFlight < capacity else {
        state.figures.rejected += 1
        return false
      }
      state.figures.submitted += 1
      return true
    }
    guard isAccepted else { return false }
    // Its handle is not kept: the count of unfinished operations is, and `drain` waits on that.
    Task {
      do {
        try await operation()
        finish { $0.succeeded += 1 }
      } catch {
        onFailure(error)
        finish { $0.failed += 1 }
      }
    }
    return true
  }

  /// Waits until nothing is in flight.
  public func drain() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        guard state.figures.inFlight > 0 else { return true }
        state.drains.append(continuation)
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  private func finish(_ count: (inout Figures) -> Void) {
    let drains = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      count(&state.figures)
      guard state.figures.inFlight == 0 else { return [] }
      defer { state.drains = [] }
      return state.drains
    }
    for drain in drains { drain.resume() }
  }
}
