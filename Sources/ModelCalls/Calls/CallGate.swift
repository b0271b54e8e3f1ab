// Which calls are under way, so that a shutdown can wait for them.

import Synchronization

/// Counts calls in; lets none in once it is closed.
final class CallGate: Sendable {
  fileprivate struct State {
    var inside = 0
    var isClosed = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// False when the gate is closed; otherwise `leave` must follow.
  func enter() -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.inside += 1
      return true
    }
  }

  func leave() {
    let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.inside -= 1
      return state.inside == 0 ? state.takeWaiting() : []
    }
    for continuation in waiting { continuation.resume() }
  }

  func close() { state.withLock { $0.isClosed = true } }

  /// Returns when nobody is inside any more.
  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if state.inside > 0 { state.waiting.append(continuation) }
        return state.inside == 0
      }
      if isEmpty { continuation.resume() }
    }
  }
}

extension CallGate.State {
  fileprivate mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
    defer { waiting = [] }
    return waiting
  }
}
