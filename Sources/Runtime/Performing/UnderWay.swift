// Which attempts of an engine have not ended, for whoever waits for the last of them.

import BatchModel
import Synchronization

/// The attempts whose end is still to come.
final class UnderWay: Sendable {
  private struct State {
    var attempts: Set<AttemptID> = []
    var waiter: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  var all: [AttemptID] { state.withLock { $0.attempts.sorted() } }

  func add(_ attempt: AttemptID) { _ = state.withLock { $0.attempts.insert(attempt) } }

  func remove(_ attempt: AttemptID) {
    let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.attempts.remove(attempt)
      guard state.attempts.isEmpty else { return nil }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when no attempt is under way; called once, at an engine's end.
  func waitUntilNone() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.attempts.isEmpty { state.waiter = continuation }
        return state.attempts.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }
}
